"""What showed who a person is: noted on the ticket, kept with the person, taken back where it was a mistake."""

import pytest

from contactcenter.channel import Point, Speaker
from contactcenter.desk import proving
from contactcenter.errors import InvalidError, NotAllowedError, NotFoundError
from contactcenter.people.models import ContactPoint, Evidence
from tests.contracts.asking import asking_as
from tests.factories import a_ticket, a_user, an_agent, an_office

pytestmark = pytest.mark.django_db


def test_what_was_seen_is_told_on_the_ticket_by_code_and_once():
    ticket, by = a_ticket(), an_agent()

    first = proving.note_evidence(ticket.reference, "passport", by)
    again = proving.note_evidence(ticket.reference, "passport", by)

    assert first == again
    assert first.label == by.label
    assert [event.data["of"] for event in ticket.events.filter(kind="evidence.noted")] == ["passport"]


def test_who_is_called_back_at_the_number_we_knew_has_proved_that_number():
    ana = Speaker(name="Ana", points=(Point(kind="phone", value="+33639980001"),))
    ticket, by = a_ticket(speaker=ana), an_agent()

    seen = proving.note_evidence(ticket.reference, "called_back", by)
    proved = ContactPoint.objects.get().proved_at
    proving.take_back_evidence(ticket.reference, seen.pk, by)

    assert proved is not None
    assert ContactPoint.objects.get().proved_at is None


def test_of_two_numbers_none_is_marked_as_proved():
    both = tuple(Point(kind="phone", value=f"+3363998000{last}") for last in (1, 2))
    ticket = a_ticket(speaker=Speaker(name="Ana", points=both))

    proving.note_evidence(ticket.reference, "called_back", an_agent())

    assert not ContactPoint.objects.filter(proved_at__isnull=False).exists()


def test_what_was_a_mistake_is_taken_back_once_and_its_row_stays():
    ticket, by = a_ticket(), an_agent()
    seen = proving.note_evidence(ticket.reference, "in_person", by)

    proving.take_back_evidence(ticket.reference, seen.pk, by)
    proving.take_back_evidence(ticket.reference, seen.pk, by)

    assert Evidence.objects.get().withdrawn_by == by.actor
    assert ticket.events.filter(kind="evidence.withdrawn").count() == 1


def test_what_cannot_be_proved_or_seen_is_refused():
    ticket, by = a_ticket(), an_agent()
    other = proving.note_evidence(a_ticket(speaker=Speaker(name="Bilal")).reference, "passport", by)

    for kind in ("", "horoscope"):
        with pytest.raises(InvalidError):
            proving.note_evidence(ticket.reference, kind, by)
    with pytest.raises(InvalidError):
        proving.note_evidence(a_ticket(speaker=None).reference, "passport", by)
    with pytest.raises(NotFoundError):
        proving.take_back_evidence(ticket.reference, other.pk, by)
    with pytest.raises(NotFoundError):
        proving.note_evidence(ticket.reference, "passport", an_agent(office=an_office("else")))
    with pytest.raises(NotAllowedError):
        proving.note_evidence(ticket.reference, "passport", an_agent(role="auditor"))


def test_over_the_api():
    reference, api = a_ticket().reference, asking_as(a_user())
    assert api.get(f"/tickets/{reference}").json()["assurance"]["level"] == "L1"

    noted = api.post(f"/tickets/{reference}/evidence", {"kind": "passport"})
    number = noted.json()["evidence"][0]["id"]
    withdrawn = api.post(f"/tickets/{reference}/evidence/{number}/withdraw")

    assert (noted.status_code, noted.json()["level"], noted.json()["rests_on"]) == (201, "L3", ["passport"])
    assert withdrawn.json()["level"] == "L1"
    assert api.post(f"/tickets/{reference}/evidence", {"kind": "horoscope"}).status_code == 422
