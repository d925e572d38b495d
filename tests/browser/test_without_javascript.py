"""A browser without JavaScript: every job of the desk can be done, and no word is lost on the way."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from contactcenter.accounts.models import User
from contactcenter.desk.incidents import open_incident
from contactcenter.desk.models import Appointment, Decision, Draft, ReplyTemplate
from contactcenter.outbox.models import Delivery
from contactcenter.routing.models import Presence
from contactcenter.routing.selectors import principal_for
from contactcenter.tickets.models import Note
from tests.browser.conftest import log_in
from tests.factories import a_ticket, an_agent

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def plain(browser, live_site, client, agent: User, monkeypatch):
    """The desk in a window that runs no script."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    context = browser.new_context(java_script_enabled=False, locale="fr-FR")
    log_in(context, live_site.url, client, agent)
    page = context.new_page()
    page.goto(f"{live_site.url}/desk/")
    yield page
    context.close()


def panel(page: Any, name: str) -> Any:
    action = page.locator(".ticket-actions summary", has_text=name)
    if not action.is_visible():
        page.locator(".ticket-actions .more > summary").click()
    action.click()
    return page.locator("details[data-action][open] form").first


def test_take_note_template_answer_hold_and_pass_on(plain, agent):
    ticket, colleague = a_ticket(), an_agent()
    ReplyTemplate.objects.create(language="fr", title="Rendez-vous", text="Venez {name}.")

    plain.get_by_role("button", name="Prendre le suivant").click()
    assert ticket.reference in plain.url
    form = panel(plain, "Note")
    form.locator("textarea").fill("Vu au guichet.")
    form.locator("button.button").click()
    assert Note.objects.get().text == "Vu au guichet."

    plain.locator("#reply-text").fill("Bonjour,")
    plain.locator("summary", has_text="modèles").click()
    plain.get_by_role("button", name="Rendez-vous").click()
    assert plain.locator("#reply-text").input_value() == "Bonjour,\n\nVenez Ana Exemple."
    plain.get_by_role("button", name="Envoyer Ctrl").click()
    assert Delivery.objects.get(purpose="reply").text == "Bonjour,\n\nVenez Ana Exemple."

    form = panel(plain, "Attendre")
    form.locator("textarea").fill("Attend sa carte.")
    form.locator("button.button").click()
    assert set(ticket.notes.values_list("text", flat=True)) == {"Vu au guichet.", "Attend sa carte."}

    plain.goto(plain.url.partition("/desk/")[0] + f"/desk/tickets/{ticket.reference}/")
    form = panel(plain, "Transférer")
    form.locator("select").select_option(f"agent:{colleague.agent_id}")
    form.locator("button.button").click()
    assert [held.agent_id for item in ticket.work_items.all() for held in item.assignments.filter(ended_at=None)] == [
        colleague.agent_id
    ]


def test_presence_giving_back_and_search(plain, agent):
    ticket = a_ticket(subject="Carte perdue")
    plain.reload()
    plain.locator(".presence summary").click()
    plain.get_by_role("button", name="Disponible").click()
    agent.agent.refresh_from_db()
    assert agent.agent.presence == Presence.AVAILABLE

    plain.get_by_text("Carte perdue").click()
    plain.get_by_role("button", name="Rendre à la file").click()
    assert ticket.work_items.get().state == "waiting"
    plain.get_by_role("link", name="Rechercher").click()
    plain.locator("#q").fill(ticket.reference)
    plain.get_by_role("button", name="Rechercher").click()
    assert plain.get_by_role("link", name="Carte perdue").is_visible()


def test_put_together_and_take_apart_again(plain, live_site):
    ticket, other = a_ticket(), a_ticket()
    plain.goto(f"{live_site.url}/desk/tickets/{ticket.reference}/")

    form = panel(plain, "Réunir")
    form.locator("#join-into").fill(other.reference)
    form.locator("button.button").click()
    ticket.refresh_from_db()
    assert ticket.merged_into == other
    plain.get_by_role("button", name="Annuler").click()
    ticket.refresh_from_db()
    assert ticket.merged_into is None


def test_decision_appointment_and_incident(plain, live_site):
    ticket, day = a_ticket(), timezone.localdate()
    plain.goto(f"{live_site.url}/desk/tickets/{ticket.reference}/")

    panel(plain, "Décision")
    plain.locator("#decided-on").fill(f"{day:%Y-%m-%d}")
    plain.get_by_role("button", name="Favorable").first.click()
    assert Decision.objects.get(ticket=ticket).favourable
    panel(plain, "Décision")
    plain.locator("#place").fill("Guichet 3")
    plain.locator("#starts-at").fill(f"{day + timedelta(days=3):%Y-%m-%d}T10:00")
    plain.locator("#bring").fill("Deux photos")
    plain.locator("form:has(#place) button.button").click()
    assert Appointment.objects.get(ticket=ticket).bring == "Deux photos"

    plain.get_by_role("link", name="Incidents", exact=True).click()
    plain.locator("#incident-title").fill("Le paiement échoue")
    plain.get_by_role("button", name="Ouvrir").click()
    plain.goto(f"{live_site.url}/desk/tickets/{ticket.reference}/")
    panel(plain, "Incident").get_by_role("button").first.click()
    assert ticket.incidents.get().incident.title == "Le paiement échoue"


def test_the_person_s_card_is_completed_and_put_right(plain, live_site):
    ticket = a_ticket()
    plain.goto(f"{live_site.url}/desk/tickets/{ticket.reference}/")

    plain.locator("#completing summary").click()
    plain.locator("#person-address").fill("4 rue du Lac\n99000 Valmorin")
    plain.locator("#person-form button").click()
    assert plain.locator("#way-letter").count() == 1
    plain.locator("#completing summary").click()
    plain.locator(f"#right-value-{ticket.answer_to_id}").fill("ana2@example.org")
    plain.locator(f"#right-{ticket.answer_to_id} button").click()

    assert sorted(point.kind for point in ticket.person.contact_points.current()) == ["address", "email"]
    assert plain.get_by_text("ana2@example.org · ").count() == 1  # where the answer goes


def test_after_a_night_the_words_come_back_and_go_out(plain, agent, live_site, client):
    ticket = a_ticket()
    plain.goto(f"{live_site.url}/desk/tickets/{ticket.reference}/")
    plain.locator("#reply-text").fill("Écrit la veille")
    Session.objects.all().delete()

    plain.get_by_role("button", name="Envoyer Ctrl").click()
    assert plain.get_by_role("heading", name="Rien n'est encore envoyé").is_visible()
    log_in(plain.context, live_site.url, client, agent)
    plain.get_by_role("button", name="Envoyer maintenant").click()

    assert Delivery.objects.get(purpose="reply").text == "Écrit la veille"


def test_while_an_answer_is_written_nothing_else_is_sent_and_it_can_be_kept(plain, live_site):
    ticket = a_ticket()
    plain.goto(f"{live_site.url}/desk/tickets/{ticket.reference}/")
    plain.locator("#reply-text").press_sequentially("Une réponse commencée")
    plain.keyboard.press("Tab")

    plain.locator(".one-at-a-time").wait_for()
    for name in ("Prendre le suivant", "Prendre P", "Se déconnecter"):
        assert plain.get_by_role("button", name=name).count() == 0
    panel_of_notes = plain.locator(".ticket-actions summary", has_text="Note")
    panel_of_notes.click()
    assert not plain.locator("#note-text").is_visible()
    plain.locator(".reply").get_by_role("button", name="garder le brouillon").click()

    assert Draft.objects.get().text == "Une réponse commencée"
    plain.get_by_role("button", name="Prendre P").click()
    assert plain.locator("#reply-text").input_value() == "Une réponse commencée"
    assert ticket.work_items.get().state == "assigned"


def test_a_click_on_another_button_straight_from_the_answer_loses_no_word(plain, live_site):
    ticket = a_ticket()
    plain.goto(f"{live_site.url}/desk/tickets/{ticket.reference}/")
    plain.locator("#reply-text").press_sequentially("Une réponse commencée")
    box = plain.get_by_role("button", name="Prendre le suivant").bounding_box()

    plain.mouse.click(box["x"] + 20, box["y"] + 10)
    plain.locator(".one-at-a-time").wait_for()

    assert plain.locator("#reply-text").input_value() == "Une réponse commencée"
    assert ticket.work_items.get().state == "waiting"


def test_what_one_wrote_is_there_again_when_one_comes_back_from_a_link(plain, live_site):
    plain.goto(f"{live_site.url}/desk/tickets/{a_ticket().reference}/")
    plain.locator("#reply-text").press_sequentially("Une réponse commencée")

    plain.get_by_role("link", name="Rechercher").click()
    plain.wait_for_url("**/desk/search/")
    plain.go_back()

    assert plain.locator("#reply-text").input_value() == "Une réponse commencée"


def test_a_fault_that_is_being_described_is_not_lost_to_another_form(plain, live_site, agent):
    open_incident("Le paiement échoue", "", principal_for(agent))
    plain.goto(f"{live_site.url}/desk/incidents/")
    plain.locator("#incident-text").press_sequentially("Venez au guichet.")
    plain.keyboard.press("Tab")

    assert not plain.get_by_role("button", name="C'est réparé").is_visible()
    assert plain.get_by_role("button", name="Ouvrir").is_visible()
