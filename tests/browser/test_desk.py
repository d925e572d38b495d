"""The desk in a real browser: live, by keyboard, calm, and never losing a word."""

from datetime import timedelta

import pytest
from django.utils import timezone

from contactcenter.channel import Point, Speaker
from contactcenter.desk.models import ReplyTemplate
from contactcenter.intake.services import receive
from contactcenter.outbox.models import Delivery
from contactcenter.routing.dispatch import dispatch
from contactcenter.routing.models import Presence
from contactcenter.routing.presence import set_presence
from contactcenter.routing.services import take
from contactcenter.tickets.models import Note, Ticket
from tests.browser.conftest import log_in
from tests.factories import a_caller, a_ticket, a_user, an_agent

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WIDTHS = [(1440, 900), (1024, 768), (720, 450), (390, 844), (320, 640)]


def is_live(page) -> None:
    page.locator("body[data-live=live]").wait_for(state="attached")


def open_ticket(page, ticket: Ticket) -> None:
    page.goto(f"{page.url.partition('/desk/')[0]}/desk/tickets/{ticket.reference}/")


def test_what_arrives_shows_by_its_subject_without_reloading(desk, console):
    is_live(desk)
    desk.evaluate("window.sameDocument = true")

    a_ticket(subject="Attestation qui finit vendredi")
    desk.get_by_text("Attestation qui finit vendredi").wait_for(timeout=30_000)

    assert desk.evaluate("window.sameDocument")
    assert desk.locator("#announce").text_content() == "Nouveau dans la file\u00a0: Courriel"
    assert console == []


def test_what_another_takes_leaves_the_desk_and_the_focus_stays(desk):
    taken, kept = a_ticket(subject="Pris par un autre"), a_ticket(subject="Reste ici")
    desk.reload()
    is_live(desk)
    desk.get_by_role("button", name="Reste ici").focus()

    take(taken.work_items.get().pk, an_agent())

    desk.get_by_text("Pris par un autre").wait_for(state="detached", timeout=30_000)
    assert "Reste ici" in desk.evaluate("document.activeElement.textContent")
    assert kept.work_items.get().state == "waiting"


def test_without_a_socket_the_page_looks_by_itself(desk, live_site, sockets):
    desk.add_init_script("window.WebSocket = class { constructor() { throw new Error('blocked') } }")
    desk.goto(f"{live_site.url}/desk/")

    a_ticket(subject="Arrivé sans connexion directe")

    desk.get_by_text("Arrivé sans connexion directe").wait_for(timeout=30_000)
    assert desk.evaluate("document.body.dataset.live") == "asking"


FROM_THE_END = "(s => s.scrollHeight - s.scrollTop - s.clientHeight {})(document.getElementById('story-scroll'))"


def test_the_story_of_an_open_ticket_is_live_and_the_answer_is_left_alone(desk, agent):
    ticket = a_ticket()
    open_ticket(desk, ticket)
    is_live(desk)
    desk.locator("#reply-text").fill("Une réponse en cours")

    from contactcenter.desk import services

    services.note(ticket.reference, "Vu au guichet ce matin.", an_agent())

    desk.get_by_text("Vu au guichet ce matin.").wait_for(timeout=30_000)
    assert desk.locator("#reply-text").input_value() == "Une réponse en cours"


def test_the_end_of_the_story_stays_in_sight_until_the_reader_goes_up(desk):
    from contactcenter.desk import services

    ticket, writer = a_ticket(text="Une ligne.\n" * 100), an_agent()
    open_ticket(desk, ticket)
    is_live(desk)
    story = desk.locator("#story-scroll")

    services.note(ticket.reference, "Le premier mot.", writer)
    desk.get_by_text("Le premier mot.").wait_for(timeout=30_000)
    desk.wait_for_function(FROM_THE_END.format("< 4"))
    story.evaluate("story => story.scrollTo(0, 0)")
    services.note(ticket.reference, "Le dernier mot.", writer)
    desk.get_by_text("Le dernier mot.").wait_for(timeout=30_000)

    assert story.evaluate("story => story.scrollTop") == 0


def test_next_reply_and_send_by_keyboard_alone(desk, console):
    ticket = a_ticket(occurred_at=timezone.now() - timedelta(hours=5))
    desk.reload()

    desk.keyboard.press("n")
    desk.wait_for_url(f"**/desk/tickets/{ticket.reference}/")
    desk.keyboard.press("r")
    desk.keyboard.type("Venez jeudi à 10 h, nous vous attendons.")
    desk.keyboard.press("Control+Enter")
    desk.get_by_text("La réponse part par courriel.").wait_for()

    assert Delivery.objects.get(purpose="reply").text == "Venez jeudi à 10 h, nous vous attendons."
    assert console == []


def test_every_action_has_its_key(desk, console):
    speaker = Speaker(name="Ana", points=(Point(kind="email", value="a@example.org"),))
    open_ticket(desk, a_ticket(speaker=speaker))

    for key, field in (("o", "note-text"), ("h", "hold-until"), ("t", "transfer-to"), ("s", "solve-disposition")):
        desk.keyboard.press(key)
        assert desk.evaluate("document.activeElement.id") == field
        desk.keyboard.press("Escape")
    desk.keyboard.press("q")
    assert desk.evaluate("document.activeElement.className") == "line-main"
    desk.keyboard.press("2")
    assert desk.locator("[name=means]:checked").get_attribute("value") == "page"
    desk.keyboard.press("?")
    assert desk.get_by_role("dialog", name="Touches").is_visible()
    assert console == []


def test_who_may_no_longer_come_in_is_told_and_keeps_the_draft(desk, agent):
    open_ticket(desk, a_ticket())
    desk.locator("#reply-text").fill("Un texte commencé")
    agent.is_active = False
    agent.save()

    a_ticket()
    desk.locator("body[data-live=logged-out]").wait_for(state="attached")

    assert "Vous êtes déconnecté" in desk.locator("#live-state").text_content()
    assert desk.locator("#reply-text").input_value() == "Un texte commencé"


def test_one_taken_a_moment_ago_says_by_whom(desk):
    ticket = a_ticket(subject="Déjà pris")
    desk.route("**/desk/queue/**", lambda route: route.abort())  # before the page could read that it is gone
    desk.reload()
    other = an_agent()
    take(ticket.work_items.get().pk, other)

    desk.get_by_text("Déjà pris").click()

    assert other.label in desk.get_by_role("alert").text_content()


def test_single_keys_can_be_switched_off(desk):
    a_ticket()
    desk.keyboard.press("?")
    desk.get_by_label("Les touches seules agissent").uncheck()
    desk.keyboard.press("Escape")

    desk.keyboard.press("n")
    desk.wait_for_timeout(300)

    assert desk.url.endswith("/desk/")


def test_a_note_is_kept_by_keyboard(desk):
    ticket = a_ticket()
    open_ticket(desk, ticket)

    desk.keyboard.press("o")
    desk.keyboard.type("À rappeler jeudi.")
    desk.keyboard.press("Control+Enter")
    desk.get_by_text("Note gardée.").wait_for()

    assert Note.objects.get(ticket=ticket).text == "À rappeler jeudi."


def test_a_draft_survives_a_reload_and_is_forgotten_once_sent(desk):
    open_ticket(desk, a_ticket())
    desk.locator("#reply-text").fill("Un brouillon précieux")

    desk.reload()
    survived = desk.locator("#reply-text").input_value()
    desk.get_by_role("button", name="Envoyer Ctrl").click()
    desk.get_by_text("La réponse part par courriel.").wait_for()

    assert survived == "Un brouillon précieux"
    assert desk.locator("#reply-text").input_value() == ""


def test_a_double_click_sends_once(desk):
    open_ticket(desk, a_ticket())
    desk.locator("#reply-text").fill("Une seule fois")

    desk.get_by_role("button", name="Envoyer Ctrl").dblclick()
    desk.get_by_text("La réponse part par courriel.").wait_for()

    assert Delivery.objects.filter(purpose="reply").count() == 1


def test_what_the_service_refuses_stays_in_its_box(desk):
    ticket = a_ticket()
    open_ticket(desk, ticket)
    take(ticket.work_items.get().pk, an_agent())
    desk.locator("#reply-text").fill("Écrit pendant que l'autre répondait")

    desk.get_by_role("button", name="Envoyer Ctrl").click()

    desk.get_by_role("alert").wait_for()
    assert desk.locator("#reply-text").input_value() == "Écrit pendant que l'autre répondait"


def test_axe_finds_nothing_on_an_empty_a_filled_and_an_open_desk(desk, axe, live_site, console):
    found = {"empty": axe(desk)}
    for number in range(3):
        a_ticket(subject=f"Demande {number}", occurred_at=timezone.now() - timedelta(days=number))
    receive(a_caller())
    desk.reload()
    found["filled"] = axe(desk)
    desk.keyboard.press("n")
    desk.wait_for_url("**/desk/tickets/**")
    found["open"] = axe(desk)
    desk.keyboard.press("s")
    found["solving"] = axe(desk)
    desk.goto(f"{live_site.url}/wallboard/")
    found["wallboard"] = axe(desk)

    assert {name: problems for name, problems in found.items() if problems} == {}
    assert console == []


@pytest.mark.parametrize(("width", "height"), WIDTHS)
def test_nothing_is_cut_off_at_any_width(desk, width, height):
    ticket = a_ticket(subject="Unmotsansespacequinefinitpas" * 6)
    desk.set_viewport_size({"width": width, "height": height})
    open_ticket(desk, ticket)

    assert desk.evaluate("document.documentElement.scrollWidth") <= width
    assert desk.get_by_role("button", name="Envoyer Ctrl").is_visible()


def test_the_answer_box_is_always_in_sight(desk):
    ticket = a_ticket(text="mot " * 3000)
    desk.set_viewport_size({"width": 1440, "height": 900})
    open_ticket(desk, ticket)

    box = desk.get_by_role("button", name="Envoyer Ctrl").bounding_box()

    assert box["y"] + box["height"] <= 900


def test_what_is_offered_pushes_the_answer_box_not_out_of_sight(desk, agent):
    ticket = a_ticket(text="mot " * 3000)
    set_presence(agent.agent.pk, Presence.AVAILABLE, actor=f"agent:{agent.agent.pk}")
    receive(a_caller())
    dispatch()
    open_ticket(desk, ticket)
    desk.get_by_role("button", name="Appel pour vous").wait_for()

    box = desk.get_by_role("button", name="Envoyer Ctrl").bounding_box()

    assert box["y"] + box["height"] <= 900


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("role", ["agent", "supervisor", "administrator"])
def test_at_a_usual_width_the_head_is_one_row_and_so_are_the_buttons_below_the_answer(
    sockets, live_site, browser_page, client, role, language
):
    ReplyTemplate.objects.create(language="fr", title="Rendez-vous", text="Venez.")
    log_in(browser_page.context, live_site.url, client, a_user(role))

    browser_page.goto(f"{live_site.url}/desk/tickets/{a_ticket().reference}/?lang={language}")

    assert in_one_row(browser_page.locator(".top > *, .top nav > *, .top-end > *"))
    assert in_one_row(browser_page.locator(".reply-foot > :is(.button, .as-link, details)"))


def test_who_works_here_chooses_the_language_in_the_head(desk):
    desk.locator(".menu.is-end summary").click()
    desk.get_by_role("link", name="English").click()

    assert desk.get_by_role("heading", name="The queue").is_visible()
    desk.reload()
    assert desk.get_by_role("heading", name="The queue").is_visible()


def test_a_menu_of_the_head_closes_when_one_turns_to_something_else(desk):
    menu = desk.locator(".menu.is-end")
    menu.locator("summary").click()
    assert menu.get_by_role("button", name="Se déconnecter").is_visible()

    desk.locator(".quiet-lead").click()

    assert menu.get_attribute("open") is None


def in_one_row(elements) -> bool:
    """Whether each stands beside the one before, none below it."""
    boxes = [one.bounding_box() for one in elements.all() if one.is_visible()]
    return max(box["y"] for box in boxes) < min(box["y"] + box["height"] for box in boxes)


def test_without_javascript_the_same_work_is_done(browser, live_site, client, agent, sockets, monkeypatch):
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    ticket = a_ticket(subject="Sans JavaScript")
    client.force_login(agent)
    context = browser.new_context(java_script_enabled=False, locale="fr-FR")
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_site.url}])
    page = context.new_page()
    page.goto(f"{live_site.url}/desk/")

    page.get_by_text("Sans JavaScript").click()
    page.locator("#reply-text").fill("Voici la réponse.")
    page.get_by_role("button", name="Envoyer et résoudre").click()
    page.get_by_text("Résolu").first.wait_for()
    context.close()

    ticket.refresh_from_db()
    assert ticket.state == "solved"
    assert Delivery.objects.get(purpose="reply").text == "Voici la réponse."
