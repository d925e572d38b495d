"""No written word is ever lost: reload, second window, second machine, cut line, lost session, lease, closed lid."""

import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from contactcenter.accounts.models import User
from contactcenter.desk import services
from contactcenter.desk.models import Draft
from contactcenter.outbox.models import Delivery
from contactcenter.routing import sweeps
from contactcenter.routing.models import Assignment
from contactcenter.routing.services import take
from contactcenter.tickets.models import Ticket
from tests.browser.conftest import log_in
from tests.factories import a_ticket, a_user, an_agent

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ANSWER = "#reply-text"
CONFIRMED = """(text) => Object.entries(localStorage)
  .filter(([key]) => key.startsWith("draft:"))
  .map(([, draft]) => JSON.parse(draft))
  .some((draft) => draft.text === text && draft.base === text)"""


@pytest.fixture
def ticket(desk) -> Ticket:
    """The request that is open on the desk."""
    made = a_ticket()
    desk.goto(f"{desk.url}tickets/{made.reference}/")
    return made


def write(page, text: str, field: str = ANSWER) -> None:
    page.locator(field).press_sequentially(text)


def written(page, field: str = ANSWER) -> str:
    return str(page.locator(field).input_value())


def shows(page, text: str, field: str = ANSWER) -> None:
    page.wait_for_function("([field, text]) => document.querySelector(field).value === text", arg=[field, text])


def told(page, sentence: str) -> None:
    page.get_by_text(sentence).first.wait_for()


def kept(page, text: str) -> None:
    """Wait until the service has said that it has all of it, not only the first letters."""
    page.wait_for_function(CONFIRMED, arg=text)


def send(page) -> None:
    page.get_by_role("button", name="Envoyer Ctrl").click()


def test_a_note_begun_in_its_panel_is_there_again_and_the_panel_says_so(desk, ticket):
    desk.keyboard.press("o")
    desk.keyboard.type("À rappeler jeudi")

    desk.reload()

    assert written(desk, "#note-text") == "À rappeler jeudi"
    assert desk.locator("details[data-has-draft] > summary[data-draft-word='brouillon']").count() == 1


def test_a_long_text_in_another_script_is_kept_by_the_service(desk, ticket):
    long = "كتاب " * 4_000

    desk.locator(ANSWER).fill(long)

    told(desk, "Brouillon gardé")
    assert Draft.objects.get().text == long


def test_what_is_written_with_the_line_cut_is_newer_than_what_the_service_has(desk, ticket):
    write(desk, "Venez")
    kept(desk, "Venez")
    desk.route("**/draft/", lambda route: route.abort())
    write(desk, " jeudi à 10 h")
    told(desk, "Gardé dans ce navigateur seulement")
    desk.unroute("**/draft/")

    desk.reload()

    assert written(desk) == "Venez jeudi à 10 h"
    told(desk, "Brouillon gardé")
    assert Draft.objects.get().text == "Venez jeudi à 10 h"


def test_what_was_written_in_two_places_is_shown_together(desk, ticket, agent):
    write(desk, "Venez")
    kept(desk, "Venez")
    desk.route("**/draft/", lambda route: route.abort())
    write(desk, " jeudi")
    Draft.objects.update(text="Appelez-nous lundi")  # the same agent on another machine

    desk.reload()

    assert written(desk) == "Venez jeudi\n\nAppelez-nous lundi"
    told(desk, "les deux textes sont ici")


def test_what_was_gone_on_with_elsewhere_is_shown(desk, ticket):
    write(desk, "Venez")
    kept(desk, "Venez")
    Draft.objects.update(text="Venez jeudi à 10 h")  # the same agent on another machine

    desk.reload()

    shows(desk, "Venez jeudi à 10 h")


def test_what_was_sent_from_elsewhere_is_forgotten_here(desk, ticket):
    write(desk, "Venez")
    kept(desk, "Venez")
    Draft.objects.all().delete()  # as after a sending from another machine

    desk.reload()

    shows(desk, "")


def test_a_page_that_was_made_before_the_draft_was_kept_loses_no_word(desk, ticket):
    made_before = desk.context.request.get(desk.url)
    write(desk, "Venez jeudi")
    kept(desk, "Venez jeudi")
    desk.route(desk.url, lambda route: route.fulfill(response=made_before))

    with desk.expect_response("**/draft/?form=reply"):
        desk.reload()

    shows(desk, "Venez jeudi")
    desk.unroute(desk.url)
    desk.reload()
    assert written(desk) == "Venez jeudi"


def test_a_second_window_goes_along(desk, ticket):
    second = desk.context.new_page()
    second.goto(desk.url)

    write(desk, "Un texte en deux fenêtres")

    shows(second, "Un texte en deux fenêtres")


def test_sent_from_two_windows_it_leaves_once_and_the_second_is_told(desk, ticket):
    second = desk.context.new_page()
    second.goto(desk.url)
    write(desk, "Une seule fois")
    shows(second, "Une seule fois")

    send(desk)
    told(desk, "La réponse part par courriel.")
    told(second, "Ceci a été envoyé ou vidé dans une autre fenêtre.")
    send(second)
    told(second, "elle a été envoyée une fois, pas deux")

    assert Delivery.objects.filter(purpose="reply").count() == 1
    assert written(second) == ""


def test_an_answer_given_meanwhile_is_told_and_the_text_stays(desk, ticket):
    colleague = an_agent()
    write(desk, "Ma réponse")
    services.reply(ticket.reference, "La réponse d'un autre", colleague)

    send(desk)

    told(desk, f"{colleague.label} a répondu à cette demande pendant que vous écriviez.")
    assert written(desk) == "Ma réponse"


def test_a_lease_that_ends_while_one_types_is_told_and_the_text_stays_and_can_be_sent(desk, ticket, agent):
    from contactcenter.routing.selectors import principal_for

    item = ticket.work_items.get()
    take(item.pk, principal_for(agent))
    desk.reload()
    write(desk, "Presque fini")
    kept(desk, "Presque fini")
    long_ago = timezone.now() - timedelta(hours=1)
    Assignment.objects.update(lease_until=long_ago, started_at=long_ago)

    sweeps.sweep_leases()

    told(desk, "De retour dans la file")
    assert written(desk) == "Presque fini"
    send(desk)
    told(desk, "La réponse part par courriel.")


def test_a_lease_that_ended_and_a_colleague_who_took_it_are_named_and_the_text_stays(desk, ticket):
    write(desk, "Presque fini")
    colleague = an_agent()
    take(ticket.work_items.get().pk, colleague)

    send(desk)

    told(desk, f"{colleague.label} y répond en ce moment")
    assert written(desk) == "Presque fini"


def test_a_full_browser_keeps_nothing_and_the_service_does(desk, ticket):
    desk.evaluate("() => { Storage.prototype.setItem = () => { throw new Error('full') } }")

    write(desk, "Gardé là-bas")

    told(desk, "Brouillon gardé")
    assert Draft.objects.get().text == "Gardé là-bas"


def test_a_supervisor_goes_on_with_a_draft_that_was_left_behind(desk, ticket, live_site, client):
    write(desk, "Votre titre est prêt")
    kept(desk, "Votre titre est prêt")
    User.objects.update(is_active=False)
    log_in(desk.context, live_site.url, client, a_user("supervisor"))
    desk.evaluate("localStorage.clear()")  # another machine
    desk.reload()

    desk.keyboard.press("j")
    told(desk, "C'est maintenant dans votre formulaire")

    assert written(desk) == "Votre titre est prêt"
    send(desk)
    told(desk, "La réponse part par courriel.")


def test_after_a_night_the_page_says_what_happened_and_goes_on_after_a_login_in_a_new_window(desk, ticket, agent):
    write(desk, "Écrit la veille")
    kept(desk, "Écrit la veille")
    Session.objects.all().delete()

    write(desk, ", et ce matin")
    told(desk, "Vous avez été déconnecté. Ce que vous avez écrit est toujours là")
    send(desk)
    assert desk.evaluate("document.activeElement.id") == "logged-out"
    assert Delivery.objects.filter(purpose="reply").count() == 0

    with desk.context.expect_page() as opening:
        desk.get_by_role("link", name="connectez-vous dans une nouvelle fenêtre").click()
    door = opening.value
    door.get_by_label("Nom d'utilisateur").fill(agent.username)
    door.get_by_label("Mot de passe").fill("pass")
    door.keyboard.press("Enter")
    door.wait_for_url(f"**/desk/tickets/{ticket.reference}/")

    desk.locator("#logged-out").wait_for(state="hidden")
    assert written(desk) == "Écrit la veille, et ce matin"
    send(desk)
    told(desk, "La réponse part par courriel.")
    assert Delivery.objects.get(purpose="reply").text == "Écrit la veille, et ce matin"


def test_sent_before_the_page_noticed_the_night_the_words_are_shown_and_go_out_from_there(desk, ticket, agent):
    reads = re.compile(r"/(story|card|queue|offers)/")  # what would tell the page
    desk.route(reads, lambda route: route.abort())
    write(desk, "Envoyé trop vite")
    Session.objects.all().delete()
    send(desk)
    told(desk, "Rien n'est encore envoyé")
    assert written(desk, "textarea[name=text]") == "Envoyé trop vite"

    with desk.context.expect_page() as opening:
        desk.get_by_role("link", name="Se connecter dans une nouvelle fenêtre").click()
    door = opening.value
    door.get_by_label("Nom d'utilisateur").fill(agent.username)
    door.get_by_label("Mot de passe").fill("pass")
    door.keyboard.press("Enter")
    door.wait_for_url(f"**/desk/tickets/{ticket.reference}/")
    desk.get_by_role("button", name="Envoyer maintenant").click()
    told(desk, "La page était ouverte pendant une nouvelle connexion")
    desk.get_by_role("button", name="Envoyer maintenant").click()

    told(desk, "La réponse part par courriel.")
    assert Delivery.objects.get(purpose="reply").text == "Envoyé trop vite"


@pytest.mark.parametrize("hours", [-1, 1])
def test_with_a_clock_an_hour_wrong_nothing_is_lost_and_the_page_stays_true(desk, ticket, hours):
    desk.clock.install(time=timezone.now() + timedelta(hours=hours))
    desk.reload()
    desk.locator("body[data-live=live]").wait_for(state="attached")
    write(desk, "Venez")
    kept(desk, "Venez")
    Draft.objects.update(text="Venez jeudi")  # later, on a machine whose clock is right

    desk.reload()
    shows(desk, "Venez jeudi")
    assert desk.locator(".line-age").first.text_content() == "à l'instant"
    services.note(ticket.reference, "Vu au guichet.", an_agent())
    desk.clock.run_for(5000)
    told(desk, "Vu au guichet.")
