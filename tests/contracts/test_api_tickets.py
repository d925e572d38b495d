"""Tickets through the API: listed, read, opened, answered, passed on, set aside, solved."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from contactcenter.api.answers import DeliveryOut, NoteOut, TicketOut, TicketPage, TicketStory, TransferredOut
from contactcenter.routing.models import Presence, WorkItem
from contactcenter.routing.presence import set_presence
from contactcenter.tickets.models import Interaction, Ticket
from tests.contracts.asking import Api, a_body, asking_as, has_exactly, is_a_time
from tests.factories import a_ticket, a_user, an_agent, an_office


def test_a_ticket_opened_for_a_person_has_what_the_contract_names_and_its_message_waits(api: Api) -> None:
    opened = api.post("/tickets", a_body())

    assert opened.status_code == 201
    body = opened.json()
    has_exactly(TicketOut, body)
    assert body["person"]["contact_points"] == [{"kind": "email", "value": "ana@example.org"}]
    assert body["state"] == "new"
    assert is_a_time(body["opened_at"])
    assert is_a_time(body["due_at"])
    waiting = WorkItem.objects.waiting().get(ticket__reference=body["reference"])
    assert (waiting.kind, waiting.channel) == ("message", "web")


def test_a_person_without_address_or_name_can_still_be_helped(api: Api) -> None:
    opened = api.post("/tickets", a_body(person=None))

    assert opened.status_code == 201
    assert opened.json()["person"] is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"channel": "pigeon"},
        {"procedure": "no-such-procedure"},
        {"text": "   "},
        {"text": None},
        {"subject": 3},
        {"person": {"name": "Ana", "contact_points": [{"kind": "email", "value": "not an address"}]}},
        {"person": {"name": "Ana", "contact_points": [{"kind": "pigeon", "value": "loft"}]}},
    ],
)
def test_what_cannot_be_understood_is_refused_with_a_sentence(api: Api, wrong: dict[str, object]) -> None:
    refused = api.post("/tickets", a_body(**wrong))

    assert refused.status_code == 422
    assert refused.json()["detail"]
    assert Ticket.objects.count() == 0


def test_the_same_idempotency_key_again_is_the_same_ticket(api: Api) -> None:
    first = api.post("/tickets", a_body(), **{"Idempotency-Key": "a1"}).json()
    second = api.post("/tickets", a_body(), **{"Idempotency-Key": "a1"}).json()
    third = api.post("/tickets", a_body(), **{"Idempotency-Key": "a2"}).json()

    assert first["reference"] == second["reference"] != third["reference"]


def test_texts_with_odd_characters_are_kept_without_what_no_database_holds(api: Api) -> None:
    opened = api.post("/tickets", a_body(text="Bonjour\x00 😀 \u202e", subject="Été\x00"))

    said = Interaction.objects.get(ticket__reference=opened.json()["reference"])
    assert (said.subject, said.text) == ("Été", "Bonjour 😀 \u202e")


def test_the_newest_ticket_comes_first_and_a_walk_meets_each_once_while_others_arrive(api: Api) -> None:
    there = {a_ticket(occurred_at=timezone.now() - timedelta(minutes=minutes // 2)).reference for minutes in range(25)}

    met = []
    for number, ticket in enumerate(api.every("/tickets", limit=4)):
        met.append(ticket)
        if number % 3 == 0:
            a_ticket()

    references = [ticket["reference"] for ticket in met]
    assert len(references) == len(set(references))
    assert there <= set(references)
    times = [ticket["opened_at"] for ticket in met]
    assert times == sorted(times, reverse=True)


def test_the_list_costs_the_same_however_long(api: Api, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for number in range(12):
        a_ticket(subject=f"n° {number}")

    with django_assert_num_queries(2):  # tickets with office, person and procedure; contact points
        page = api.get("/tickets").json()

    has_exactly(TicketPage, page)
    assert len(page["items"]) == 12


def test_tickets_are_found_by_channel_state_reference_address_and_words(api: Api) -> None:
    wanted = a_ticket(subject="Carte perdue", text="Dans le train de 8 h", channel="web")
    a_ticket(subject="Autre chose", speaker=None)

    def found(**query: str) -> list[str]:
        return [ticket["reference"] for ticket in api.every("/tickets", **query)]

    spaced = f"{wanted.reference[:3]} {wanted.reference[3:6]} {wanted.reference[6:]}"
    asked = ({"q": wanted.reference}, {"q": spaced}, {"q": "carte PERDUE"}, {"q": "le train"}, {"q": "ANA@example.org"})
    for query in (*asked, {"channel": "web"}):
        assert found(**query) == [wanted.reference], query
    assert len(found(state="new")) == 2
    assert found(state="solved") == found(procedure="no-such") == found(channel="pigeon") == found(q="% _ \x00 '") == []


def test_a_ticket_tells_its_whole_story_in_a_fixed_number_of_queries(
    api: Api, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    reference = api.post("/tickets", a_body()).json()["reference"]
    for number in range(5):
        api.post(f"/tickets/{reference}/notes", {"text": f"remarque {number}"})
    api.post(f"/tickets/{reference}/replies", {"text": "Voici."})

    with django_assert_max_num_queries(13):
        story = api.get(f"/tickets/{reference}").json()

    has_exactly(TicketStory, story)
    assert [said["direction"] for said in story["interactions"]] == ["in", "out"]
    assert [note["text"] for note in story["notes"]] == [f"remarque {number}" for number in range(5)]
    assert {delivery["purpose"] for delivery in story["deliveries"]} == {"receipt", "reply"}
    assert story["work_items"][0]["state"] == "done"
    assert story["events"][0]["kind"] == "ticket.opened"
    assert all(is_a_time(event["at"]) for event in story["events"])


def test_a_reply_is_a_delivery_by_the_persons_own_means(api: Api) -> None:
    reference = a_ticket().reference

    replied = api.post(f"/tickets/{reference}/replies", {"text": "Bonjour Ana."})

    assert replied.status_code == 201
    has_exactly(DeliveryOut, replied.json())
    assert (replied.json()["means"], replied.json()["to"]) == ("email", "ana@example.org")


@pytest.mark.parametrize("wrong", [{"means": "pigeon"}, {"channel": "pigeon"}, {"means": "sms"}, {"text": ""}])
def test_a_reply_that_cannot_leave_is_refused(api: Api, wrong: dict[str, str]) -> None:
    reference = a_ticket().reference

    assert api.post(f"/tickets/{reference}/replies", {"text": "Bonjour.", **wrong}).status_code == 422


def test_a_note_stays_in_the_house(api: Api) -> None:
    reference = a_ticket().reference

    noted = api.post(f"/tickets/{reference}/notes", {"text": "À rappeler."})

    assert noted.status_code == 201
    has_exactly(NoteOut, noted.json())
    deliveries = api.get(f"/tickets/{reference}").json()["deliveries"]
    assert [delivery["purpose"] for delivery in deliveries] == ["receipt"]


def test_a_transfer_puts_the_work_into_another_agents_hands(api: Api) -> None:
    reference = a_ticket().reference
    colleague = an_agent()

    passed = api.post(f"/tickets/{reference}/transfer", {"agent": colleague.actor, "text": "Pour toi."})

    assert passed.status_code == 200
    assert passed.json()["work_items"][0]["state"] == "assigned"
    assert [note["text"] for note in passed.json()["notes"]] == ["Pour toi."]


def test_a_transfer_tells_whether_the_colleague_is_there(api: Api) -> None:
    reference, there, offline = a_ticket().reference, an_agent(), an_agent()
    set_presence(there.agent_id or 0, Presence.AVAILABLE, actor=there.actor)

    def told(**to: object) -> str:
        passed = api.post(f"/tickets/{reference}/transfer", to, **{"Accept-Language": "en"}).json()
        has_exactly(TransferredOut, passed)
        return str(passed["notice"])

    assert told(agent=offline.actor).startswith(f"{offline.label} is not there: unless they come")
    assert told(agent=there.actor) == told(queue="valmorin") == ""


def test_a_transfer_out_of_sight_is_told_as_done_alone(api: Api) -> None:
    reference, elsewhere = a_ticket().reference, an_office("elsewhere")

    passed = asking_as(a_user()).post(f"/tickets/{reference}/transfer", {"queue": elsewhere.slug})

    assert passed.json() == {"reference": reference, "notice": ""}


@pytest.mark.parametrize("number", [10**30, 10**4000], ids=["beyond", "longest"])
def test_what_nobody_said_cannot_be_taken_apart(api: Api, number: int) -> None:
    assert api.post(f"/tickets/{a_ticket().reference}/split", {"interactions": [number]}).status_code == 422


@pytest.mark.parametrize("wrong", [{}, {"queue": "nowhere"}, {"agent": "nobody"}, {"agent": 10**30}, {"queue": []}])
def test_a_transfer_to_nobody_is_refused(api: Api, wrong: dict[str, object]) -> None:
    reference = a_ticket().reference

    assert api.post(f"/tickets/{reference}/transfer", wrong).status_code == 422


def test_what_is_held_leaves_the_queue_until_its_date(api: Api) -> None:
    reference = a_ticket().reference
    until = (timezone.now() + timedelta(days=3)).isoformat()

    held = api.post(f"/tickets/{reference}/hold", {"until": until, "text": "Pièce attendue."})

    assert held.status_code == 200
    assert held.json()["state"] == "waiting"
    assert held.json()["work_items"][0]["state"] == "scheduled"
    assert list(api.every("/queue")) == []


@pytest.mark.parametrize("until", ["yesterday", "2020-01-01T08:00:00+01:00", "2026-12-24T08:00:00", None])
def test_a_hold_needs_an_instant_to_come(api: Api, until: str | None) -> None:
    reference = a_ticket().reference

    assert api.post(f"/tickets/{reference}/hold", {"until": until}).status_code == 422


def test_a_duplicate_is_solved_without_a_word_and_everything_else_with_one(api: Api) -> None:
    one, other, third = (a_ticket(subject=name).reference for name in "abc")

    assert api.post(f"/tickets/{one}/solve", {"disposition": "duplicate"}).json()["state"] == "solved"
    assert api.post(f"/tickets/{other}/solve", {"disposition": "answered"}).status_code == 422
    assert api.post(f"/tickets/{other}/solve", {"disposition": "use another channel", "text": "x"}).status_code == 422
    solved = api.post(f"/tickets/{third}/solve", {"disposition": "answered", "text": "Votre titre est prêt."})
    assert (solved.status_code, solved.json()["state"]) == (200, "solved")
    assert solved.json()["deliveries"][-1]["purpose"] == "reply"


def test_a_user_sees_the_tickets_of_their_offices_alone(api: Api) -> None:
    here, there = a_ticket(), a_ticket(office=an_office("lointaine"))
    asked = asking_as(a_user())

    assert [ticket["reference"] for ticket in asked.every("/tickets")] == [here.reference]
    assert asked.get(f"/tickets/{there.reference}").status_code == 404
    for verb in ("replies", "notes", "transfer", "hold", "solve"):
        assert asked.post(f"/tickets/{there.reference}/{verb}", {"nonsense": 1}).status_code == 404, verb


def test_an_auditor_reads_and_writes_nothing(api: Api) -> None:
    reference = a_ticket().reference
    asked = asking_as(a_user("auditor"))

    assert asked.get(f"/tickets/{reference}").status_code == 200
    assert asked.post(f"/tickets/{reference}/notes", {"text": "x"}).status_code == 403
    assert asked.post("/tickets", a_body()).status_code == 403
