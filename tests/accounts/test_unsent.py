"""What was typed on a page that was open too long is shown again and can be sent; nobody else's words are."""

import re

import pytest
from django.test import Client

from contactcenter.outbox.models import Delivery
from contactcenter.tickets.models import Note
from tests.factories import a_ticket, a_user

pytestmark = pytest.mark.django_db
TYPED = "Venez jeudi <b>à 10 h</b>."


def a_browser() -> Client:
    """One without scripts, that checks nothing and is checked for its token."""
    return Client(enforce_csrf_checks=True, headers={"accept-language": "en", "origin": "http://testserver"})


def token(page: str) -> str:
    return re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[0]


def logged_in_on(browser: Client, address: str) -> str:
    browser.force_login(a_user())
    return token(browser.get(address).content.decode())


def test_after_a_night_the_answer_is_shown_again_and_sent_after_logging_in():
    ticket, browser = a_ticket(), a_browser()
    page = f"/desk/tickets/{ticket.reference}/"
    old = logged_in_on(browser, page)
    browser.session.flush()  # the night
    form = {"text": TYPED, "means": "email", "seen": "0", "csrfmiddlewaretoken": old}

    kept = browser.post(f"{page}reply/", form, headers={"referer": f"http://testserver{page}"})
    assert kept.status_code == 401
    text = kept.content.decode()
    assert "Venez jeudi &lt;b&gt;à 10 h&lt;/b&gt;.</textarea>" in text
    assert "Nothing has been sent yet" in text
    assert f"/login/?next=%2Fdesk%2Ftickets%2F{ticket.reference}%2F" in text

    browser.force_login(a_user())  # in a new window
    browser.get(page)
    sent = browser.post(f"{page}reply/", form | {"csrfmiddlewaretoken": token(browser.get(page).content.decode())})
    assert sent.status_code == 302
    assert Delivery.objects.get(purpose="reply").text == TYPED


def test_with_the_token_of_before_a_new_login_the_words_are_asked_for_once_more_and_kept_then():
    ticket, browser = a_ticket(), a_browser()
    page = f"/desk/tickets/{ticket.reference}/"
    logged_in_on(browser, page)
    form = {"text": TYPED, "csrfmiddlewaretoken": "x" * 64}

    asked = browser.post(f"{page}note/", form)
    assert (asked.status_code, Note.objects.count()) == (403, 0)
    assert "Venez jeudi &lt;b&gt;à 10 h&lt;/b&gt;.</textarea>" in asked.content.decode()

    again = browser.post(f"{page}note/", form | {"csrfmiddlewaretoken": token(asked.content.decode())})
    assert again.status_code == 302
    assert Note.objects.get().text == TYPED


def test_another_site_puts_no_words_into_anybody_s_mouth():
    ticket, browser = a_ticket(), a_browser()
    page = f"/desk/tickets/{ticket.reference}/"
    logged_in_on(browser, page)

    refused = browser.post(f"{page}note/", {"text": TYPED}, headers={"origin": "https://evil.example"})

    assert refused.status_code == 403
    assert "Venez jeudi" not in refused.content.decode()


def test_a_form_without_words_leads_to_the_door():
    ticket, browser = a_ticket(), a_browser()
    page = f"/desk/tickets/{ticket.reference}/"
    old = logged_in_on(browser, page)
    browser.session.flush()

    answer = browser.post("/desk/next/", {"csrfmiddlewaretoken": old}, headers={"referer": f"http://testserver{page}"})

    assert answer.status_code == 302
    assert answer.url.startswith("/login/?next=/desk/tickets/")
