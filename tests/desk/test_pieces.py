"""The documents that a procedure asks for: held, missing, or held already with another request."""

import pytest

from contactcenter import vault
from contactcenter.channel import File
from contactcenter.desk import joining, replying
from contactcenter.desk.models import ReplyTemplate
from contactcenter.desk.pieces import files_to_look_at, mark, pieces
from contactcenter.errors import InvalidError, NotAllowedError, NotFoundError
from contactcenter.procedures.reading import OURS, read_catalogue
from contactcenter.procedures.services import import_entries
from tests.contracts.asking import asking_as
from tests.factories import WEEK, a_ticket, a_user, an_agent, an_office

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _catalogue():
    for slug in ("valmorin", "elsewhere"):
        an_office(slug, hours=WEEK)
    import_entries(read_catalogue(OURS.read_text("utf-8")))


def a_loss(**fields):
    """Somebody lost their card: a police report helps, a proof of address and a photo are needed."""
    return a_ticket(procedure="DUPLICATA", **fields)


def held(ticket, by) -> dict[str, bool]:
    return {piece.code: piece.held for piece in pieces(ticket, by)}


def test_all_is_missing_until_somebody_says_that_it_is_held():
    ticket, by = a_loss(), an_agent()
    assert held(ticket, by) == {"theft_report": False, "address_proof": False, "photo": False}

    mark(ticket.reference, "photo", by, held=True)

    assert held(ticket, by) == {"theft_report": False, "address_proof": False, "photo": True}
    assert ticket.events.get(kind="piece.held").data == {"piece": "photo"}


def test_the_same_again_changes_nothing_and_a_mistake_is_mended_in_one_step():
    ticket, by = a_loss(), an_agent()
    for _twice in range(2):
        mark(ticket.reference, "photo", by, held=True)

    mark(ticket.reference, "photo", by, held=False)

    assert held(ticket, by)["photo"] is False
    assert list(ticket.events.filter(kind__startswith="piece.").order_by("pk").values_list("kind", flat=True)) == [
        "piece.held",
        "piece.missing",
    ]


def test_nobody_is_asked_twice_for_what_another_request_has():
    first, second, by = a_loss(), a_loss(), an_agent()
    mark(first.reference, "photo", by, held=True)

    photo = next(piece for piece in pieces(second, by) if piece.code == "photo")

    assert (photo.held, photo.elsewhere, photo.is_wanted) == (False, first.reference, False)


def test_what_an_office_has_is_not_told_to_one_that_does_not_see_the_request():
    hidden, mine = a_loss(office=an_office("elsewhere")), a_loss()
    mark(hidden.reference, "photo", an_agent(office=an_office("elsewhere")), held=True)

    assert [piece.elsewhere for piece in pieces(mine, an_agent())] == ["", "", ""]


def test_what_was_held_before_two_requests_were_put_together_stays_held():
    first, second, by = a_loss(), a_loss(), an_agent()
    mark(first.reference, "photo", by, held=True)

    joining.merge(first.reference, second.reference, by)

    assert held(second, by)["photo"] is True


def test_files_are_to_be_looked_at_until_somebody_has_said_what_they_are():
    file = File(name="photo.jpg", content_type="image/jpeg", kept=vault.keep(b"x"))
    ticket, by = a_loss(files=(file,)), an_agent()
    assert files_to_look_at(ticket, pieces(ticket, by)) == 1

    mark(ticket.reference, "photo", by, held=True)

    assert files_to_look_at(ticket, pieces(ticket, by)) == 0


def test_a_template_names_what_is_missing_in_the_person_s_language():
    ticket, by = a_loss(language="en"), an_agent()
    mark(ticket.reference, "photo", by, held=True)
    template = ReplyTemplate.objects.create(title="Missing", language="en", text="Please send: {missing}.")

    asked = replying.written(template, ticket, by)
    mark(ticket.reference, "address_proof", by, held=True)

    assert asked == "Please send: Recent proof of address."
    assert replying.written(template, ticket, by) == "Please send: [[missing]]."


def test_what_is_not_asked_for_or_not_seen_is_refused():
    ticket, by = a_loss(), an_agent()
    for strange in ("", "passport", "x" * 500):
        with pytest.raises(InvalidError):
            mark(ticket.reference, strange, by, held=True)
    with pytest.raises(InvalidError):
        mark(a_ticket().reference, "photo", by, held=True)
    with pytest.raises(NotFoundError):
        mark(ticket.reference, "photo", an_agent(office=an_office("elsewhere")), held=True)
    with pytest.raises(NotAllowedError):
        mark(ticket.reference, "photo", an_agent(role="auditor"), held=True)


def test_over_the_api():
    ticket, api = a_loss(), asking_as(a_user())

    marked = api.post(f"/tickets/{ticket.reference}/pieces", {"code": "photo", "held": True})
    told = api.get(f"/tickets/{ticket.reference}").json()["pieces"]

    assert marked.status_code == 200
    assert marked.json() == told
    assert [piece["held"] for piece in told] == [False, False, True]
    assert api.post(f"/tickets/{ticket.reference}/pieces", {"code": "x", "held": True}).status_code == 422
