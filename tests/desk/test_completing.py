"""An agent completes the person's card: nothing that was proved is lost, and nobody writes over a colleague."""

import pytest

from contactcenter.channel import Point, Speaker
from contactcenter.desk import completing, proving, services
from contactcenter.errors import InvalidError, NotAllowedError, NotFoundError
from contactcenter.intake.services import receive
from contactcenter.people.models import ContactPoint
from contactcenter.people.services import recognise
from tests.contracts.asking import asking_as
from tests.factories import a_caller, a_ticket, a_user, an_agent, an_office

pytestmark = pytest.mark.django_db
LETTER = Point(kind="address", value="  4 rue   du Lac \n\n99000 Valmorin ")


def told(ticket, kind: str) -> list[dict]:
    return [event.data for event in ticket.events.filter(kind=kind)]


def test_with_an_address_noted_a_letter_can_be_sent_at_once():
    ticket, by = receive(a_caller(needs="message")), an_agent()
    with pytest.raises(InvalidError):
        services.reply(ticket.reference, "Venez.", by, means="letter")

    (noted,) = completing.complete(ticket.reference, by, points=[LETTER])

    assert (noted.value, noted.source, noted.proved_at) == ("4 rue du Lac\n99000 Valmorin", "desk", None)
    assert services.reply(ticket.reference, "Venez.", by, means="letter").to == noted.value
    assert told(ticket, "contact_point.added") == [{"contact_point": noted.pk, "of": "address"}]


def test_all_is_noted_or_nothing_and_again_changes_nothing():
    ticket, by = a_ticket(), an_agent()
    number = Point(kind="phone", value="06 39 98 00 14")

    with pytest.raises(InvalidError):
        completing.complete(ticket.reference, by, name="Ana E.", points=[number, Point(kind="email", value="ana@")])
    ticket.person.refresh_from_db()
    assert (ticket.person.name, ticket.person.contact_points.count()) == ("Ana Exemple", 1)

    completing.complete(ticket.reference, by, points=[number])
    assert completing.complete(ticket.reference, by, points=[number]) == []
    assert len(told(ticket, "contact_point.added")) == 1


def test_whose_request_nobody_knew_is_found_by_what_is_noted():
    known = a_ticket().person
    ticket = a_ticket(speaker=None, channel="phone")

    completing.complete(ticket.reference, an_agent(), points=[Point(kind="email", value="ANA@example.org")])

    ticket.refresh_from_db()
    assert ticket.person == known
    assert told(ticket, "person.found") == [{"person": known.pk}]


def test_a_name_put_right_keeps_the_former_in_a_note_and_not_in_the_event():
    ticket, by = a_ticket(), an_agent()

    completing.complete(ticket.reference, by, name="Ana  Exemplaire", was="Ana Exemple")

    ticket.person.refresh_from_db()
    assert ticket.person.name == "Ana Exemplaire"
    assert "Ana Exemple" in ticket.notes.get().text
    assert told(ticket, "person.named") == [{"person": ticket.person_id}]


def test_two_at_once_the_later_name_is_refused_with_the_earlier_one():
    ticket, by = a_ticket(), an_agent()
    completing.complete(ticket.reference, an_agent(), name="Ana Première", was="Ana Exemple")

    with pytest.raises(InvalidError, match="Ana Première"):
        completing.complete(ticket.reference, by, name="Ana Seconde", was="Ana Exemple")
    completing.complete(ticket.reference, by, name="Ana Exemple", was="Ana Exemple", points=[LETTER])

    ticket.person.refresh_from_db()
    assert ticket.person.name == "Ana Première"  # who only added an address wrote over nothing


def test_a_point_put_right_is_where_answers_go_and_the_former_knows_nobody():
    ticket, by = a_ticket(), an_agent()
    former = ticket.answer_to

    fresh = completing.correct(ticket.reference, former.pk, "ana.exemple@example.org", by)

    former.refresh_from_db()
    assert former.former_at
    assert services.reply(ticket.reference, "Venez.", by).to == fresh.value
    assert recognise(Speaker(points=(Point(kind="email", value=former.value),)), source="email")[0] != ticket.person
    assert recognise(Speaker(points=(Point(kind="email", value=fresh.value),)), source="email")[0] == ticket.person
    assert told(ticket, "contact_point.corrected") == [
        {"contact_point": fresh.pk, "instead_of": former.pk, "of": "email"}
    ]


def test_what_is_put_right_twice_at_once_is_told_to_the_second():
    ticket, by = a_ticket(), an_agent()
    completing.correct(ticket.reference, ticket.answer_to_id, "one@example.org", by)

    with pytest.raises(InvalidError):
        completing.correct(ticket.reference, ticket.answer_to_id, "two@example.org", by)

    assert [point.value for point in ticket.person.contact_points.current()] == ["one@example.org"]


def test_what_was_proved_is_put_right_only_for_who_is_proved_and_keeps_its_proof():
    ticket, by = a_ticket(), an_agent()
    proving.note_evidence(ticket.reference, "answered_mail", by)
    proved = ContactPoint.objects.get()

    for change in (
        lambda: completing.correct(ticket.reference, proved.pk, "new@example.org", by),
        lambda: completing.complete(ticket.reference, by, name="Somebody Else"),
    ):
        with pytest.raises(InvalidError):
            change()
    proving.note_evidence(ticket.reference, "passport", by)
    fresh = completing.correct(ticket.reference, proved.pk, "new@example.org", by)

    proved.refresh_from_db()
    assert proved.proved_at
    assert fresh.proved_at is None


def test_what_is_proved_goes_before_what_somebody_says():
    ticket, by = a_ticket(channel="paper", speaker=Speaker(name="Ana", points=(LETTER,))), an_agent()
    ticket.answer_to = None
    ticket.save()
    proving.note_evidence(ticket.reference, "posted_code", by)

    completing.complete(ticket.reference, by, points=[Point(kind="address", value="1 rue d'Ailleurs\n99000 Valmorin")])

    assert services.reply(ticket.reference, "Venez.", by).to == "4 rue du Lac\n99000 Valmorin"


def test_a_point_put_back_is_the_former_one_again():
    ticket, by = a_ticket(), an_agent()
    fresh = completing.correct(ticket.reference, ticket.answer_to_id, "wrong@example.org", by)

    back = completing.correct(ticket.reference, fresh.pk, "ana@example.org", by)

    assert (back.pk, back.former_at) == (ticket.answer_to_id, None)


def test_somebody_else_s_point_is_not_there_and_who_only_reads_changes_nothing():
    ticket, other = a_ticket(), receive(a_caller(needs="message"))

    with pytest.raises(NotFoundError):
        completing.correct(ticket.reference, other.answer_to_id, "+33639980099", an_agent())
    with pytest.raises(NotFoundError):
        completing.complete(ticket.reference, an_agent(office=an_office("elsewhere")), name="X")
    with pytest.raises(NotAllowedError):
        completing.complete(ticket.reference, an_agent(role="auditor"), name="X")


def test_over_the_api():
    ticket, api = a_ticket(), asking_as(a_user())
    path = f"/tickets/{ticket.reference}/person"
    new = {"kind": "address", "value": LETTER.value}
    right = {"kind": "email", "value": "new@example.org", "instead_of": "ana@example.org"}

    refused = api.post(path, {"contact_points": [new, {**right, "instead_of": "nobody@example.org"}]})
    answer = api.post(path, {"name": "Ana Bis", "contact_points": [new, right]})

    assert refused.status_code == 422
    assert answer.status_code == 200
    assert answer.json()["name"] == "Ana Bis"
    assert sorted(point["value"] for point in answer.json()["contact_points"]) == [
        "4 rue du Lac\n99000 Valmorin",
        "new@example.org",
    ]
    assert api.get(f"/tickets/{ticket.reference}").json()["person"] == answer.json()
    assert api.post(path, {"contact_points": [{"kind": "fax", "value": "1"}]}).status_code == 422
