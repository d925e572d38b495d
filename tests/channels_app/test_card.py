"""The right column: how well the person is known, the dates with their reasons, the documents, in one click."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from contactcenter.desk import joining, lastmile, services
from contactcenter.intake.services import receive
from contactcenter.outbox.models import Delivery
from contactcenter.people.models import ContactPoint, Person
from contactcenter.procedures.reading import OURS, read_catalogue
from contactcenter.procedures.services import import_entries
from contactcenter.routing.selectors import principal_for
from tests.factories import WEEK, a_caller, a_ticket, a_user, an_office

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(client):
    user = a_user()
    client.force_login(user)
    return user


@pytest.fixture
def catalogue():
    an_office(hours=WEEK)
    import_entries(read_catalogue(OURS.read_text("utf-8")))


def the_card(client, ticket) -> str:
    return client.get(f"/desk/tickets/{ticket.reference}/card/").content.decode().replace("&#x27;", "'")


def test_a_name_alone_is_declared_and_the_card_says_what_may_be_told(client, agent):
    card = the_card(client, a_ticket())

    assert 'class="level is-l1">Déclarée' in card
    assert "rien ne le montre encore" in card
    assert "ne rien dire encore du dossier" in card


def test_a_number_that_several_people_use_says_so(client, agent):
    ticket = a_ticket()
    ticket.person.contact_points.update(shared=True)

    assert "connu par un courriel, non prouvé · utilisé par plusieurs personnes" in the_card(client, ticket)


def test_a_number_is_said_to_be_shared_in_one_click_and_back(client, agent):
    ticket = receive(a_caller(needs="message"))
    point = ticket.person.contact_points.get()
    address = f"/desk/tickets/{ticket.reference}/points/{point.pk}/shared/"

    client.post(address, {"shared": "yes"})
    point.refresh_from_db()
    assert point.shared
    assert "à cette seule personne</button>" in the_card(client, ticket)
    client.post(address, {"shared": "no"})
    client.post(address, {"shared": "no"})

    point.refresh_from_db()
    assert not point.shared
    kinds = ticket.events.values_list("kind", flat=True)
    assert [kind for kind in kinds if kind.startswith("contact_point.")] == [
        "contact_point.shared",
        "contact_point.one_person",
    ]


def test_the_number_of_somebody_else_s_request_is_not_there(client, agent):
    ticket = a_ticket()
    somebody = Person.objects.create(name="Quelqu'un")
    elsewhere = ContactPoint.objects.create(person=somebody, kind="phone", value="+33639980077", source="phone")

    answer = client.post(f"/desk/tickets/{ticket.reference}/points/{elsewhere.pk}/shared/", {"shared": "yes"})

    assert answer.status_code == 404
    elsewhere.refresh_from_db()
    assert not elsewhere.shared


def test_what_showed_who_it_is_is_noted_in_one_step_and_can_be_taken_back(client, agent):
    ticket = a_ticket()

    client.post(f"/desk/tickets/{ticket.reference}/evidence/", {"kind": "passport"})
    proved = the_card(client, ticket)
    number = ticket.person.evidence.get().pk
    client.post(f"/desk/tickets/{ticket.reference}/evidence/{number}/withdraw/")

    assert 'class="level is-l3">Prouvée' in proved
    assert "Par\u00a0: passeport vu." in proved
    assert 'class="level is-l1"' in the_card(client, ticket)
    assert (
        "Identité montrée par\u00a0: passeport vu" in client.get(f"/desk/tickets/{ticket.reference}/").content.decode()
    )


def test_a_document_is_held_with_one_click_and_missing_with_another(client, catalogue, agent):
    ticket = a_ticket(procedure="DUPLICATA")
    address = f"/desk/tickets/{ticket.reference}/pieces/"

    client.post(address, {"mark": "yes photo"})
    held = the_card(client, ticket)
    client.post(address, {"mark": "no photo"})

    assert 'value="no photo" aria-pressed="true"' in held
    assert 'value="yes photo" aria-pressed="false"' in the_card(client, ticket)
    assert "Reçu\u00a0: Photo d&#x27;identité" in client.get(f"/desk/tickets/{ticket.reference}/").content.decode()


def test_a_document_that_is_not_asked_for_is_refused_beside_the_documents(client, catalogue, agent):
    ticket = a_ticket(procedure="DUPLICATA")

    answer = client.post(f"/desk/tickets/{ticket.reference}/pieces/", {"mark": "yes horoscope"})

    assert answer.status_code == 422
    assert "ne demande pas ce document" in answer.content.decode()


def test_an_unchanged_card_is_not_sent_again_and_a_changed_one_is(client, agent):
    ticket = a_ticket()
    address = f"/desk/tickets/{ticket.reference}/card/"
    tag = client.get(address)["ETag"]

    again = client.get(address, headers={"If-None-Match": tag})
    services.note(ticket.reference, "Vu.", principal_for(agent))

    assert again.status_code in (200, 304)  # 200 where the minute has just turned
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 200


def test_every_date_has_its_reason(client, catalogue, agent):
    by = principal_for(agent)
    ticket = a_ticket(procedure="RECOURS")
    lastmile.decide(ticket.reference, by, favourable=True, decided_on=timezone.localdate())
    services.hold(ticket.reference, by, until=timezone.now() + timedelta(days=3))

    card = the_card(client, ticket)

    assert "en heures d'ouverture, depuis la réception" in card
    assert "2 mois après la réception, CRPA L231-4" in card
    assert "30 jours après la décision favorable du" in card
    assert "Attend de nouveau" in card


def test_the_date_of_a_request_that_was_put_into_this_one_keeps_its_own_reason(client, catalogue, agent):
    appeal, ticket = a_ticket(procedure="RECOURS"), a_ticket()

    joining.merge(appeal.reference, ticket.reference, principal_for(agent))

    assert "2 mois après la réception, CRPA L231-4" in the_card(client, ticket)


def test_a_promised_answer_runs_until_one_was_sent_and_what_the_person_then_writes_has_its_own_turn(client, agent):
    by = principal_for(agent)
    ticket = a_ticket()

    answer = services.reply(ticket.reference, "Votre titre est prêt.", by)
    on_its_way = the_card(client, ticket)
    Delivery.objects.filter(pk=answer.pk).update(state="sent")
    answered = the_card(client, ticket)
    a_ticket(ticket_id=ticket.pk, text="Merci. Où le retirer ?")

    assert "Réponse promise" in on_its_way
    assert "Réponse promise" not in answered
    assert "Réponse promise" not in the_card(client, ticket)
    assert "Son tour au plus tard" in the_card(client, ticket)


def test_an_appointment_runs_even_on_a_solved_request(client, agent):
    by = principal_for(agent)
    ticket = a_ticket()
    lastmile.appoint(ticket.reference, by, place="Guichet 3", starts_at=timezone.now() + timedelta(days=5))
    services.solve(ticket.reference, by, disposition="duplicate")

    card = the_card(client, ticket)

    assert "Rendez-vous" in card
    assert "Guichet 3" in card
    assert "Réponse promise" not in card


def test_the_card_is_completed_from_the_request_and_the_letter_is_there_at_once(client, agent):
    ticket = receive(a_caller(needs="message"))
    page = f"/desk/tickets/{ticket.reference}/"
    form = {"full_name": "Ana Exemple", "was": "", "email": "", "address": "4 rue du Lac\n99000 Valmorin"}

    answer = client.post(f"{page}person/", form, follow=True).content.decode()

    assert "Une lettre peut partir" in answer
    assert 'id="way-letter"' in answer
    assert "<h2>Ana Exemple</h2>" in answer
    assert "noté par un agent, non prouvé" in answer


def test_what_is_no_address_or_number_is_told_beside_the_form_which_keeps_all(client, agent):
    ticket = a_ticket()

    answer = client.post(
        f"/desk/tickets/{ticket.reference}/person/",
        {"full_name": "Ana Autre", "was": "Ana Exemple", "email": "ana.example.org", "phone": "06 39 98 00 14"},
    )

    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="person-refusal"' in page
    assert all(f'value="{kept}"' in page for kept in ("Ana Autre", "ana.example.org", "06 39 98 00 14"))
    assert ticket.person.contact_points.count() == 1


def test_a_point_is_put_right_on_the_card_and_the_former_stays_to_be_read(client, agent):
    ticket = a_ticket()
    address = f"/desk/tickets/{ticket.reference}/points/{ticket.answer_to_id}/"

    refused = client.post(address, {"value": "ana@@example"})
    client.post(address, {"value": "ana2@example.org"})
    card = the_card(client, ticket)

    assert refused.status_code == 422
    assert 'value="ana@@example"' in refused.content.decode()
    assert "ana2@example.org" in card
    assert re.search(r"is-former.*ana@<wbr>example.org.*ne sert plus", card, re.DOTALL)
