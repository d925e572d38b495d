"""Two requests that are one matter, one that is two; and back again."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from contactcenter.accounts.models import Role
from contactcenter.accounts.principal import Principal
from contactcenter.desk import joining
from contactcenter.desk import services as desk
from contactcenter.errors import DomainError, InvalidError, NotFoundError
from contactcenter.intake.services import amend, receive
from contactcenter.outbox import services as outbox
from contactcenter.procedures.models import Procedure, ProcedureVersion
from contactcenter.routing import services as routing
from contactcenter.routing import sweeps
from contactcenter.routing.models import Queue, WorkItem
from contactcenter.routing.selectors import principal_for
from contactcenter.search.gathering import gather
from contactcenter.tickets.models import Interaction, Ticket
from tests.contracts.asking import SERVICE, Api, asking_as
from tests.factories import a_ticket, a_user, an_agent, an_inbound, an_office
from tests.races.together import six_times

pytestmark = pytest.mark.django_db(transaction=True)


def stands(ticket: Ticket) -> dict[str, object]:
    fresh = Ticket.objects.get(pk=ticket.pk)
    return {
        "subject": fresh.subject,
        "state": fresh.state,
        "said": sorted(fresh.interactions.values_list("pk", flat=True)),
        "notes": sorted(fresh.notes.values_list("pk", flat=True)),
        "work": sorted(fresh.work_items.exclude(outcome="undone").values_list("pk", "state")),
        "into": fresh.merged_into_id,
    }


def two() -> tuple[Ticket, Ticket]:
    first, second = a_ticket(subject="Carte volée"), a_ticket(subject="Encore ma carte")
    by = an_agent()
    desk.note(first.reference, "appelle souvent", by)
    return first, second


def test_merged_story_and_work_go_on_in_the_other_and_the_reference_answers_with_it():
    first, second = two()

    joining.merge(first.reference, second.reference, an_agent())

    assert second.interactions.filter(direction="in").count() == 2
    assert second.notes.count() == 1
    assert second.work_items.filter(state="waiting").count() == 2
    assert Ticket.objects.get(pk=first.pk).state == "solved"
    assert desk.note(first.reference, "encore", an_agent()).ticket_id == second.pk


def test_undone_both_stand_as_before():
    first, second = two()
    before = stands(first), stands(second)
    by = an_agent()

    done = joining.merge(first.reference, second.reference, by)
    assert stands(first) != before[0]
    joining.undo(done.pk, by)
    joining.undo(done.pk, by)

    assert (stands(first), stands(second)) == before


def test_what_came_after_the_merge_stays_where_it_came():
    first, second = two()
    done = joining.merge(first.reference, second.reference, an_agent())
    late = receive(an_inbound(ticket_id=first.pk))

    joining.undo(done.pk, an_agent())

    assert late.pk == second.pk
    assert second.interactions.filter(direction="in").count() == 2


def test_an_answer_to_a_merged_request_s_receipt_reaches_the_other():
    first, second = two()
    ours = first.deliveries.get().external_id
    joining.merge(first.reference, second.reference, an_agent())

    assert receive(an_inbound(replies_to=(ours,))).pk == second.pk


def test_an_answer_that_comes_back_is_work_of_the_request_that_goes_on():
    first, second = two()
    by = an_agent()
    sent = desk.reply(first.reference, "Voici.", by)
    done = joining.merge(first.reference, second.reference, by)

    outbox.report(sent.pk, "failed", error="no such mailbox")

    item = WorkItem.objects.get(kind="undelivered")
    assert item.ticket == second
    joining.undo(done.pk, by)
    item.refresh_from_db()
    assert item.ticket == first
    assert stands(first)["state"] == "open"


def test_once_somebody_answered_it_can_no_longer_be_undone():
    first, second = two()
    done = joining.merge(first.reference, second.reference, an_agent())
    desk.reply(second.reference, "Voici.", an_agent())

    with pytest.raises(InvalidError):
        joining.undo(done.pk, an_agent())


@pytest.mark.parametrize(
    "act",
    [
        lambda number, by: desk.solve(number, by, disposition="duplicate"),
        lambda number, by: desk.hold(number, by, until=timezone.now() + timedelta(days=7)),
        lambda number, by: desk.transfer(number, by, queue=Queue.objects.get()),
    ],
)
def test_once_something_was_decided_the_way_on_is_told(act: Callable[[str, Principal], Ticket]):
    first, second = two()
    by = an_agent()
    done = joining.merge(first.reference, second.reference, by)
    act(second.reference, by)
    before = stands(first), stands(second)

    with pytest.raises(InvalidError, match="à part"):
        joining.undo(done.pk, by)

    assert (stands(first), stands(second)) == before


def test_what_was_done_last_is_undone_first_and_then_all_stand_as_before():
    first, second = two()
    third = a_ticket(subject="Toujours ma carte")
    before = [stands(one) for one in (first, second, third)]
    by = an_agent()
    one = joining.merge(first.reference, second.reference, by)
    other = joining.merge(second.reference, third.reference, by)

    with pytest.raises(InvalidError, match="défaites"):
        joining.undo(one.pk, by)
    assert joining.selectors.by_reference(by, first.reference).pk == third.pk
    joining.undo(other.pk, by)
    assert joining.selectors.by_reference(by, first.reference).pk == second.pk
    joining.undo(one.pk, by)

    assert [stands(one) for one in (first, second, third)] == before


def test_undone_a_request_that_somebody_has_begun_is_open():
    first, second = two()
    by = an_agent()
    done = joining.merge(first.reference, second.reference, by)
    routing.take_next(by)

    joining.undo(done.pk, by)

    assert (stands(first)["state"], stands(second)["state"]) == ("open", "open")


def test_undone_a_closed_request_to_which_something_came_waits_for_an_answer():
    first, second = two()
    by = an_agent()
    desk.solve(second.reference, by, disposition="duplicate")
    done = joining.merge(first.reference, second.reference, by)
    receive(an_inbound(ticket_id=first.pk))

    joining.undo(done.pk, by)

    assert (stands(first)["state"], stands(second)["state"]) == ("new", "open")


def test_a_part_becomes_a_request_of_its_own_and_comes_back():
    ticket = a_ticket()
    said = receive(an_inbound(ticket_id=ticket.pk, text="Autre chose")).interactions.order_by("pk").last()
    before = stands(ticket)
    by = an_agent()

    done = joining.split(ticket.reference, [said.pk], by, subject="Autre chose")

    new = Ticket.objects.get(pk=done.other_id)
    assert (new.subject, new.person_id, new.interactions.get().pk) == ("Autre chose", ticket.person_id, said.pk)
    assert new.work_items.get(state="waiting").interaction_id == said.pk
    joining.undo(done.pk, by)
    assert stands(ticket) == before
    assert joining.selectors.by_reference(by, new.reference).pk == ticket.pk


def test_what_an_undo_emptied_is_found_by_its_reference_alone_and_that_leads_back():
    ticket = a_ticket()
    said = receive(an_inbound(ticket_id=ticket.pk, text="Autre chose")).interactions.order_by("pk").last()
    user = a_user(Role.SUPERVISOR)
    by, api = principal_for(user), asking_as(user)
    done = joining.split(ticket.reference, [said.pk], by, subject="Autre parapluie")
    emptied = done.other.reference
    assert {one["reference"] for one in api.get("/tickets").json()["items"]} == {ticket.reference, emptied}

    joining.undo(done.pk, by)

    def found(path: str, **asked: str) -> list[str]:
        return [one["reference"] for one in api.get(path, **asked).json()["items"]]

    for _gathered in (False, True):
        assert found("/tickets") == found("/tickets", q="ana@example.org") == [ticket.reference]
        assert found("/search", q="ana@example.org") == [ticket.reference]
        assert found("/search", q="parapluie") == found("/tickets", q="parapluie") == []
        gather()
    assert found("/search", q=emptied) == found("/tickets", q=emptied) == [ticket.reference]
    assert api.get(f"/tickets/{emptied}").json()["reference"] == ticket.reference
    client = Client()
    client.force_login(user)
    page = client.get("/desk/requests/", {"whose": "all"})
    assert [line.reference for line in page.context["lines"]] == [ticket.reference]


def test_what_came_onto_a_part_goes_with_it_when_it_comes_back():
    ticket = a_ticket()
    said = receive(an_inbound(ticket_id=ticket.pk, text="Autre chose")).interactions.order_by("pk").last()
    by = an_agent()
    new = joining.split(ticket.reference, [said.pk], by).other
    late = receive(an_inbound(ticket_id=new.pk, text="J'attends")).interactions.order_by("pk").last()
    note = desk.note(new.reference, "appelle souvent", by)

    joining.undo(joining.last_undo(new, by).pk, by)

    assert ticket.interactions.filter(pk=late.pk).exists()
    assert ticket.notes.filter(pk=note.pk).exists()
    assert ticket.work_items.filter(interaction=late, state="waiting").exists()


def test_once_a_part_was_answered_it_stays_a_request_of_its_own():
    ticket = a_ticket()
    said = receive(an_inbound(ticket_id=ticket.pk)).interactions.order_by("pk").last()
    by = an_agent()
    done = joining.split(ticket.reference, [said.pk], by)
    desk.reply(ticket.reference, "Voici.", by)

    with pytest.raises(InvalidError, match="réunissez"):
        joining.undo(done.pk, by)


def test_a_part_without_work_waits_for_an_answer_of_its_own():
    ticket = a_ticket()
    receive(an_inbound(ticket_id=ticket.pk))
    first = Interaction.objects.filter(ticket=ticket).order_by("pk")[0]
    by = an_agent()
    routing.done(ticket.work_items.get(interaction=first).pk, by)
    before = stands(ticket)

    done = joining.split(ticket.reference, [first.pk], by)

    assert done.other.work_items.get().state == "waiting"
    joining.undo(done.pk, by)
    assert stands(ticket) == before
    assert not done.other.work_items.unfinished().exists()


def dates(ticket: Ticket) -> tuple[object, object]:
    fresh = Ticket.objects.get(pk=ticket.pk)
    return fresh.due_at, fresh.silence_on


def decides_in(ticket: Ticket, days: int | None) -> None:
    """Silence decides on this one in so many days, and an answer is promised for then."""
    now = timezone.now()
    Ticket.objects.filter(pk=ticket.pk).update(
        due_at=now + timedelta(days=days or 30),
        silence_on=timezone.localdate() + timedelta(days=days) if days else None,
    )


@pytest.mark.parametrize(("of_first", "of_second"), [(2, None), (2, 40), (40, 2), (None, 2)])
def test_put_together_the_nearer_date_counts_and_undone_each_has_its_own(of_first: int | None, of_second: int | None):
    first, second = two()
    decides_in(first, of_first)
    decides_in(second, of_second)
    before = dates(first), dates(second)
    by = an_agent()

    done = joining.merge(first.reference, second.reference, by)

    assert dates(second) == (before[0] if of_first == 2 else before[1])
    assert sweeps.hasten() == 2  # what waits of both is moved to a faster class
    joining.undo(done.pk, by)
    assert (dates(first), dates(second)) == before


def test_of_what_was_solved_before_no_date_comes_along():
    first, second = two()
    by = an_agent()
    decides_in(first, 2)
    desk.solve(first.reference, by, disposition="duplicate")
    before = dates(second)

    joining.merge(first.reference, second.reference, by)

    assert dates(second) == before


def test_through_a_second_merge_the_nearest_of_all_three_counts_and_goes_back_with_its_own():
    first, second = two()
    third = a_ticket()
    for ticket, days in ((first, 3), (second, 20), (third, 30)):
        decides_in(ticket, days)
    before = [dates(one) for one in (first, second, third)]
    by = an_agent()
    one = joining.merge(first.reference, second.reference, by)
    other = joining.merge(second.reference, third.reference, by)
    assert dates(third) == before[0]

    joining.undo(other.pk, by)
    assert (dates(second), dates(third)) == (before[0], before[2])
    joining.undo(one.pk, by)

    assert [dates(one) for one in (first, second, third)] == before


def test_a_date_that_was_found_after_the_merge_is_not_undone():
    first, second = two()
    decides_in(first, 20)
    decides_in(second, 40)
    by = an_agent()
    done = joining.merge(first.reference, second.reference, by)
    decides_in(second, 5)
    found = dates(second)

    joining.undo(done.pk, by)

    assert dates(second) == found


def test_what_is_learnt_of_a_request_later_does_not_put_off_the_date_of_one_that_was_put_into_it():
    law = {"legal_natures": {"any": "application"}, "silence_effect": "reject", "silence_months": 4}
    procedure = Procedure.objects.create(code="LENT")
    ProcedureVersion.objects.create(procedure=procedure, number=1, published_at=timezone.now(), **law)
    first, second = two()
    decides_in(first, 20)
    joining.merge(first.reference, second.reference, an_agent())
    said = second.interactions.filter(direction="in").latest("pk")

    amend(channel=said.channel, external_id=said.external_id or "", procedure="LENT")

    assert Ticket.objects.get(pk=second.pk).procedure
    assert dates(second)[1] == timezone.localdate() + timedelta(days=20)


@pytest.mark.parametrize("chosen", [[], [0], "all", "others"])
def test_a_split_needs_a_part_of_what_was_said_here(chosen: object):
    ticket, other = a_ticket(), a_ticket()
    receive(an_inbound(ticket_id=ticket.pk))
    every = list(ticket.interactions.values_list("pk", flat=True))
    ids = {"all": every, "others": list(other.interactions.values_list("pk", flat=True))}.get(str(chosen), chosen)

    with pytest.raises(InvalidError):
        joining.split(ticket.reference, ids, an_agent())


def test_a_request_goes_neither_into_itself_nor_into_one_that_one_does_not_see():
    ticket, hidden = a_ticket(), a_ticket(office=an_office("elsewhere"))
    by = an_agent()
    with pytest.raises(InvalidError):
        joining.merge(ticket.reference, ticket.reference, by)
    with pytest.raises(NotFoundError):
        joining.merge(ticket.reference, hidden.reference, by)


def test_six_at_once_merge_once():
    first, second = two()
    by = an_agent()

    def act() -> str:
        try:
            joining.merge(first.reference, second.reference, by)
        except DomainError:
            return "refused"
        return "merged"

    assert six_times(act).count("merged") == 1


def test_over_the_api(settings):
    settings.CC_API_TOKEN = SERVICE
    first, second = two()

    done = Api().post(f"/tickets/{first.reference}/merge", {"into": second.reference})

    assert done.status_code == 200
    assert Api().get(f"/tickets/{first.reference}").json()["reference"] == second.reference
    assert Api().post(f"/undo/{done.json()['undo']}").json()["undone"] is True
    assert Api().get(f"/tickets/{first.reference}").json()["reference"] == first.reference
    stranger = asking_as(a_user(office=an_office("elsewhere")))
    assert stranger.post(f"/undo/{done.json()['undo']}").status_code == 404
    assert stranger.post(f"/tickets/{first.reference}/merge", {"into": second.reference}).status_code == 404
    said = first.interactions.filter(direction="in").get().pk
    assert Api().post(f"/tickets/{first.reference}/split", {"interactions": [said]}).status_code == 422
