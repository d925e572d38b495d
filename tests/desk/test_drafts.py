"""What one writes is kept, sent once, and holds the work one writes on."""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from contactcenter.desk import drafts, joining
from contactcenter.desk import services as desk
from contactcenter.desk.answered import AlreadySentError
from contactcenter.desk.models import Draft
from contactcenter.outbox.models import Delivery
from contactcenter.routing import services as routing
from contactcenter.routing import sweeps
from contactcenter.routing.models import Assignment
from contactcenter.routing.selectors import principal_for
from tests.contracts.asking import asking_as
from tests.factories import a_ticket, a_user, an_agent, an_office
from tests.races.together import six_times

pytestmark = pytest.mark.django_db(transaction=True)


def logged_in(user) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def keep(client: Client, reference: str, text: str, form: str = "reply"):
    return client.post(f"/desk/tickets/{reference}/draft/", {"form": form, "text": text})


def test_what_is_being_written_is_there_on_another_machine():
    ticket, user = a_ticket(), a_user()

    assert keep(logged_in(user), ticket.reference, "Venez <b>jeudi</b>").status_code == 204

    page = logged_in(user).get(f"/desk/tickets/{ticket.reference}/").content.decode()
    assert "Venez &lt;b&gt;jeudi&lt;/b&gt;</textarea>" in page
    assert "jeudi" not in logged_in(a_user()).get(f"/desk/tickets/{ticket.reference}/").content.decode()


def test_writing_renews_the_lease_and_an_open_page_does_not():
    ticket, user = a_ticket(), a_user()
    routing.take(ticket.work_items.get().pk, principal_for(user))
    soon = timezone.now() + timedelta(minutes=1)
    Assignment.objects.update(lease_until=soon)
    client = logged_in(user)

    page = client.get(f"/desk/tickets/{ticket.reference}/").content.decode()
    assert Assignment.objects.get().lease_until == soon
    assert "Still on it?" in page

    keep(client, ticket.reference, "Venez")
    assert Assignment.objects.get().lease_until > soon + timedelta(minutes=15)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("note/", {"text": "Appelé, pas de réponse."}),
        ("tags/", {"name": "urgent"}),
        ("evidence/", {"kind": "passport"}),
    ],
)
def test_whatever_one_does_on_a_request_keeps_it_in_ones_hands(path: str, body: dict[str, str]):
    ticket, user = a_ticket(), a_user()
    routing.take(ticket.work_items.get().pk, principal_for(user))
    Assignment.objects.update(lease_until=timezone.now() + timedelta(minutes=1))

    logged_in(user).post(f"/desk/tickets/{ticket.reference}/{path}", body)

    assert Assignment.objects.get().lease_until > timezone.now() + timedelta(minutes=15)


def test_what_one_does_by_a_program_keeps_it_in_ones_hands_too():
    ticket, user = a_ticket(), a_user()
    routing.take(ticket.work_items.get().pk, principal_for(user))
    Assignment.objects.update(lease_until=timezone.now() + timedelta(minutes=1))

    asking_as(user).post(f"/tickets/{ticket.reference}/notes", {"text": "Vu."})

    assert Assignment.objects.get().lease_until > timezone.now() + timedelta(minutes=15)


def test_asked_one_goes_on():
    ticket, user = a_ticket(), a_user()
    routing.take(ticket.work_items.get().pk, principal_for(user))
    Assignment.objects.update(lease_until=timezone.now() + timedelta(minutes=1))

    logged_in(user).post(f"/desk/tickets/{ticket.reference}/go-on/")

    assert Assignment.objects.get().lease_until > timezone.now() + timedelta(minutes=15)


def test_a_lease_that_ends_while_one_writes_takes_no_word():
    ticket, user = a_ticket(), a_user()
    routing.take(ticket.work_items.get().pk, principal_for(user))
    client = logged_in(user)
    keep(client, ticket.reference, "Venez jeudi")
    Assignment.objects.update(lease_until=timezone.now() - timedelta(seconds=1), started_at="2026-01-01T00:00Z")

    sweeps.sweep_leases()

    assert "Venez jeudi</textarea>" in client.get(f"/desk/tickets/{ticket.reference}/").content.decode()


def test_what_is_kept_is_told_to_its_writer_alone():
    ticket, writer, colleague = a_ticket(), a_user(), a_user()
    keep(logged_in(writer), ticket.reference, "Venez jeudi")

    said = [logged_in(one).get(f"/desk/tickets/{ticket.reference}/draft/?form=reply") for one in (writer, colleague)]

    assert [one.content.decode() for one in said] == ["Venez jeudi", ""]
    assert "no-store" in said[0]["Cache-Control"]


def test_sent_it_is_no_draft_any_more():
    ticket, user = a_ticket(), a_user()
    client = logged_in(user)
    keep(client, ticket.reference, "Venez jeudi")

    client.post(f"/desk/tickets/{ticket.reference}/reply/", {"text": "Venez jeudi", "means": "email"})

    assert not Draft.objects.exists()


def test_put_into_another_request_it_is_there_beside_what_was_written_on_that_one():
    first, second, user = a_ticket(), a_ticket(), a_user()
    by = principal_for(user)
    drafts.keep(first.reference, "reply", "Venez jeudi", by)
    drafts.keep(second.reference, "reply", "Apportez votre titre", by)
    drafts.keep(first.reference, "note", "À rappeler", by)
    joining.merge(first.reference, second.reference, an_agent())

    for _again in range(2):
        assert drafts.of(second, by) == {"reply": "Venez jeudi\n\nApportez votre titre", "note": "À rappeler"}


def test_undone_before_anybody_looked_it_is_where_it_was():
    first, second, by = a_ticket(), a_ticket(), an_agent()
    drafts.keep(first.reference, "reply", "Venez jeudi", by)

    joining.undo(joining.merge(first.reference, second.reference, an_agent()).pk, by)

    assert drafts.of(first, by) == {"reply": "Venez jeudi"}


def test_pages_that_were_open_before_a_merge_keep_and_send_each_its_own():
    first, second, user = a_ticket(), a_ticket(), a_user()
    joining.merge(first.reference, second.reference, an_agent())
    client = logged_in(user)
    keep(client, second.reference, "Apportez votre titre")
    keep(client, first.reference, "Venez jeudi")
    assert Draft.objects.count() == 2

    page = client.post(f"/desk/tickets/{first.reference}/reply/", {"text": "Venez jeudi"}, follow=True)

    assert f'data-done="{user.pk}:{first.reference}:reply"' in page.content.decode()
    assert [draft.text for draft in Draft.objects.all()] == ["Apportez votre titre"]


def test_emptied_it_is_forgotten():
    ticket, user = a_ticket(), a_user()
    client = logged_in(user)
    keep(client, ticket.reference, "x")
    keep(client, ticket.reference, "  ")

    assert not Draft.objects.exists()


def test_sent_from_two_tabs_it_is_one_answer_and_the_second_is_told():
    ticket, user = a_ticket(), a_user()
    client = logged_in(user)
    seen = client.get(f"/desk/tickets/{ticket.reference}/").context["seen"]  # both tabs were opened before
    form = {"text": "Venez\r\njeudi.", "means": "email", "seen": seen}

    first = client.post(f"/desk/tickets/{ticket.reference}/reply/", form, follow=True).content.decode()
    second = client.post(f"/desk/tickets/{ticket.reference}/reply/", form, follow=True).content.decode()

    assert Delivery.objects.filter(purpose="reply").count() == 1
    assert "leaves by e-mail" in first
    assert "sent once, not twice" in second


def test_sent_by_six_at_once_it_is_one_answer():
    ticket, by = a_ticket(), an_agent()

    def send() -> None:
        with suppress(AlreadySentError):
            desk.reply(ticket.reference, "Oui.", by, seen=0)

    six_times(send)

    assert Delivery.objects.filter(purpose="reply").count() == 1


def test_an_older_version_sent_from_a_second_tab_is_refused_and_kept_and_can_be_sent_again():
    ticket, user = a_ticket(), a_user()
    client = logged_in(user)
    client.post(f"/desk/tickets/{ticket.reference}/reply/", {"text": "Venez jeudi à 10 h.", "seen": "0"})

    second = client.post(f"/desk/tickets/{ticket.reference}/reply/", {"text": "Venez jeudi", "seen": "0"})
    assert second.status_code == 409
    assert "from another window" in second.content.decode()
    assert "Venez jeudi</textarea>" in second.content.decode()

    again = {"text": "Venez jeudi", "seen": second.context["seen"]}
    assert client.post(f"/desk/tickets/{ticket.reference}/reply/", again).status_code == 302


def test_an_answer_that_a_colleague_gave_meanwhile_is_told_and_no_word_is_lost():
    ticket, colleague = a_ticket(), an_agent()
    client = logged_in(a_user())
    seen = client.get(f"/desk/tickets/{ticket.reference}/").context["seen"]
    desk.reply(ticket.reference, "Venez lundi.", colleague)

    told = client.post(f"/desk/tickets/{ticket.reference}/reply/", {"text": "Venez jeudi.", "seen": seen})

    assert told.status_code == 409
    assert f"{colleague.label} has answered this one while you were writing" in told.content.decode()
    assert "Venez jeudi.</textarea>" in told.content.decode()


def test_solving_with_an_answer_that_has_left_sends_it_once():
    ticket, by = a_ticket(), an_agent()
    desk.reply(ticket.reference, "Venez jeudi.", by, seen=0)

    desk.solve(ticket.reference, by, disposition="answered", text="Venez jeudi.", seen=0)

    ticket.refresh_from_db()
    assert (ticket.state, Delivery.objects.filter(purpose="reply").count()) == ("solved", 1)


def test_a_note_sent_from_two_tabs_is_one_note():
    ticket, client = a_ticket(), logged_in(a_user())

    for _ in range(2):
        client.post(f"/desk/tickets/{ticket.reference}/note/", {"text": "À rappeler."})

    assert ticket.notes.count() == 1


def test_two_who_write_notes_at_once_lose_none():
    ticket = a_ticket()
    agents = iter([an_agent() for _ in range(6)])

    six_times(lambda: desk.note(ticket.reference, "Vu au guichet.", next(agents), once=True))

    assert ticket.notes.count() == 6


@pytest.mark.parametrize("form", ["reply", "note", "hold", "transfer", "solve", "bring"])
def test_every_form_shows_again_what_was_being_written_there(form: str):
    ticket, user = a_ticket(), a_user()
    keep(logged_in(user), ticket.reference, "Deux photos", form)

    assert "Deux photos</textarea>" in logged_in(user).get(f"/desk/tickets/{ticket.reference}/").content.decode()


def test_solving_from_its_panel_keeps_the_answer_that_was_begun():
    ticket, user = a_ticket(), a_user()
    client = logged_in(user)
    keep(client, ticket.reference, "Une réponse commencée")
    keep(client, ticket.reference, "Réglé au guichet.", "solve")

    client.post(f"/desk/tickets/{ticket.reference}/solve/", {"disposition": "answered", "text": "Réglé au guichet."})

    assert [draft.form for draft in Draft.objects.all()] == ["reply"]


def test_a_refused_note_leaves_the_answer_in_its_box():
    ticket, client = a_ticket(), logged_in(a_user())
    keep(client, ticket.reference, "Une réponse commencée")

    refused = client.post(f"/desk/tickets/{ticket.reference}/note/", {"text": " "})

    assert "Une réponse commencée</textarea>" in refused.content.decode()


def test_a_draft_that_is_saved_while_it_is_sent_does_not_come_back():
    ticket, client = a_ticket(), logged_in(a_user())
    client.post(f"/desk/tickets/{ticket.reference}/reply/", {"text": "Venez\r\njeudi.", "seen": "0"})

    keep(client, ticket.reference, "Venez\njeudi. ")  # under way when the form was sent

    assert not Draft.objects.exists()


def test_a_supervisor_goes_on_with_what_a_colleague_who_has_left_was_writing():
    ticket, user = a_ticket(), a_user()
    keep(logged_in(user), ticket.reference, "Votre titre est <prêt>")
    user.is_active = False
    user.save()
    client = logged_in(a_user("supervisor"))
    keep(client, ticket.reference, "Bonjour,")

    page = client.get(f"/desk/tickets/{ticket.reference}/").content.decode()
    assert "Votre titre est &lt;prêt&gt;" in page
    client.post(f"/desk/tickets/{ticket.reference}/drafts/{Draft.objects.get(agent=user.agent).pk}/")

    mine = client.get(f"/desk/tickets/{ticket.reference}/").content.decode()
    assert "Bonjour,\n\nVotre titre est &lt;prêt&gt;</textarea>" in mine
    event = ticket.events.get(kind="draft.taken_over")
    assert event.data == {"agent": user.agent.pk, "form": "reply"}
    assert Draft.objects.count() == 1


def test_an_agent_is_told_who_can_read_what_a_colleague_who_has_left_was_writing():
    ticket, user = a_ticket(), a_user()
    keep(logged_in(user), ticket.reference, "Entre nous")
    user.is_active = False
    user.save()
    client = logged_in(a_user())
    draft = Draft.objects.get()

    page = client.get(f"/desk/tickets/{ticket.reference}/").content.decode()
    taken = client.post(f"/desk/tickets/{ticket.reference}/drafts/{draft.pk}/")

    assert "A supervisor can read it" in page
    assert "Entre nous" not in page
    assert taken.status_code == 403
    assert Draft.objects.get().agent == user.agent


def test_what_a_colleague_who_is_here_writes_is_nobody_else_s():
    ticket, user = a_ticket(), a_user()
    keep(logged_in(user), ticket.reference, "Entre nous")
    client = logged_in(a_user("supervisor"))

    assert "Entre nous" not in client.get(f"/desk/tickets/{ticket.reference}/").content.decode()
    assert client.post(f"/desk/tickets/{ticket.reference}/drafts/{Draft.objects.get().pk}/").status_code == 404


def test_who_begins_to_write_shows_on_the_pages_that_are_open():
    ticket, reader = a_ticket(), logged_in(a_user())
    address = f"/desk/tickets/{ticket.reference}/story/"
    tag = reader.get(address)["ETag"]
    user = a_user()
    keep(logged_in(user), ticket.reference, "Bonjour")

    again = reader.get(address, headers={"If-None-Match": tag})

    assert f"{user} is writing an answer" in again.content.decode()


def test_others_see_that_somebody_writes_and_not_what():
    ticket, user = a_ticket(), a_user()
    keep(logged_in(user), ticket.reference, "Entre nous")

    page = logged_in(a_user()).get(f"/desk/tickets/{ticket.reference}/").content.decode()
    assert f"{user} is writing an answer" in page
    assert "Entre nous" not in page

    Draft.objects.update(saved_at=timezone.now() - timedelta(minutes=3))
    assert drafts.writers(ticket, an_agent()) == []


def test_a_megabyte_pasted_is_kept_and_refused_with_a_sentence():
    ticket, user = a_ticket(), a_user()
    client = logged_in(user)
    much = "mot " * 250_000

    assert keep(client, ticket.reference, much, "note").status_code == 204
    refused = client.post(f"/desk/tickets/{ticket.reference}/note/", {"text": much})

    assert refused.status_code == 422
    assert "too long" in refused.content.decode()
    assert Draft.objects.get().text.startswith("mot mot")


def test_more_than_can_be_kept_is_said_and_nothing_is_cut():
    ticket, client = a_ticket(), logged_in(a_user())

    refused = keep(client, ticket.reference, "x" * 1_000_001)

    assert refused.status_code == 422
    assert "in this browser alone" in refused.content.decode()
    assert not Draft.objects.exists()


def test_on_what_one_does_not_see_nothing_is_kept():
    ticket = a_ticket(office=an_office("elsewhere"))

    assert keep(logged_in(a_user()), ticket.reference, "x").status_code == 404
    assert logged_in(a_user()).get(f"/desk/tickets/{ticket.reference}/draft/?form=reply").status_code == 404
    assert (
        keep(logged_in(a_user(role="auditor", office=an_office("elsewhere"))), ticket.reference, "x").status_code == 403
    )
    assert keep(logged_in(a_user(office=an_office("elsewhere"))), ticket.reference, "x", "nonsense").status_code == 422
