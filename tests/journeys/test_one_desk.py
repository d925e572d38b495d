"""An agent's open desk shows a call, a mail, a form and a letter as they arrive, and answers each."""

import re
from typing import Any

import pytest

from tests.journeys.conftest import Street, a_letter

pytestmark = [pytest.mark.whole, pytest.mark.browser]
WITHIN_MS = 15_000  # a scan is complete only after five quiet seconds


def test_all_four_channels_arrive_at_an_open_desk_and_are_answered_there(
    street: Street, browser_page: Any, console: list[str]
):
    page = browser_page
    user, password = street.login("agent")
    page.goto(f"{street.url}/desk/")
    page.fill("[name=username]", user)
    page.fill("[name=password]", password)
    page.click("button[type=submit]")
    page.wait_for_url(f"{street.url}/desk/")
    queue = page.locator("#queue")

    street.mail("Mail de la journée entière", "Bonjour", "Zoé Fictive <zoe@example.org>")
    queue.get_by_text("Mail de la journée entière").first.wait_for(timeout=WITHIN_MS)
    street.form("other", text="Formulaire de la journée entière", email="zoe.form@example.org")
    queue.get_by_text("Formulaire de la journée entière").first.wait_for(timeout=WITHIN_MS)
    street.drop("journee.pdf", a_letter("Lettre de la journee"))
    queue.get_by_text("journee.pdf").first.wait_for(timeout=WITHIN_MS)
    caller = street.call("1,1,1", "+33639984103")
    queue.get_by_text(re.compile(r"6\s*39\s*98\s*41\s*03")).first.wait_for(timeout=WITHIN_MS)

    _answer(page, queue, "639984103", "Réponse à l'appel.")
    assert caller.hears("conference")
    caller.hang_up()
    _check_letter(page, street)
    for subject, answer in (
        ("Mail de la journée entière", "Réponse au mail."),
        ("Formulaire de la journée entière", "Réponse au formulaire."),
        ("Lettre de la journée entière", "Réponse à la lettre."),
    ):
        _answer(page, queue, subject, answer)
    assert console == []
    answers = [mail for to in ("zoe@example.org", "zoe.form@example.org") for mail in street.mails_to(to)]
    assert any("Réponse au mail." in mail for mail in answers)
    means = {one["means"] for ticket in _answered(street) for one in ticket["deliveries"] if one["purpose"] == "reply"}
    assert means >= {"email", "sms", "letter"}


def _answer(page: Any, queue: Any, words: str, answer: str) -> None:
    """Take the line that says this, and answer it with two strokes."""
    page.goto(page.url.partition("/desk/")[0].partition("/mailroom/")[0] + "/desk/")
    queue.locator("li", has_text=re.compile(r"\s*".join(re.escape(character) for character in words))).first.click()
    page.wait_for_url("**/desk/tickets/**")
    page.fill("#reply-text", answer)
    page.keyboard.press("Control+Enter")
    page.locator("#story").get_by_text(answer).first.wait_for()


def _check_letter(page: Any, street: Street) -> None:
    """The clerk's part: who wrote, where the answer goes, what it is about."""
    page.goto(f"{street.url}/mailroom/")
    page.get_by_text("journee.pdf").first.click()
    page.fill("[name=name]", "Zoé Fictive")
    page.fill("[name=address]", "3 allée des Tilleuls\n99999 Villefiction")
    page.fill("[name=subject]", "Lettre de la journée entière")
    page.fill("[name=text]", "Lettre de la journée")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(lambda url: "/scans/" not in url)


def _answered(street: Street) -> list[dict[str, Any]]:
    """The day's tickets that were answered."""
    newest = street.api("GET", "/tickets?limit=20")["items"]
    return [street.ticket(one["reference"]) for one in newest]
