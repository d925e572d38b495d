"""Every door there is: an id of another office is not there, whoever guesses it; no list shows what lies there; and an
auditor changes nothing."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from contactcenter import vault
from contactcenter.accounts.models import ApiToken, Role, User
from contactcenter.desk import drafts, joining, lastmile, proving, services, tagging
from contactcenter.desk.models import Draft
from contactcenter.offices.models import Office
from contactcenter.people.models import ContactPoint
from contactcenter.routing import presence
from contactcenter.routing.dispatch import dispatch
from contactcenter.routing.models import Offer, Presence
from contactcenter.routing.selectors import principal_for
from contactcenter.routing.services import open_work_item
from contactcenter.search.gathering import gather
from contactcenter.tickets.models import Attachment, Interaction, Ticket
from contactcenter.tickets.reference import spaced
from ivr import sealed
from ivr.models import Call
from ivr.tapes import Tape
from paper_intake.models import Letter, Scan
from paper_intake.previews import preview_path
from tests import addresses
from tests.factories import a_caller, a_ticket, a_user, an_agent, an_office

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("data_dir")]
SECRET, PLACE = "Le secret de Zénobie", "Coffre de Zénobie"
EVERYBODYS = "incidents/"  # a fault of a service is no office's
NOT_THERE = (403, 404, 405)
LISTS = {  # what shows requests, and how it is asked to
    "api/v1/queue": {},
    "api/v1/search": {"q": "secret"},
    "api/v1/tickets": {"q": "secret"},
    "desk/": {},
    "desk/mentions/": {},
    "desk/queue/": {},
    "desk/requests/": {"whose": "all"},
    "desk/search/": {"tag": "zenobie"},
    "mailroom/": {},
    "mailroom/letters/": {},
    "mailroom/places/": {"q": "coffre"},
}


def doors() -> list[str]:
    return [path for path in addresses.doors() if EVERYBODYS not in path]


def hidden() -> tuple[Ticket, User, dict[str, object]]:
    """Everything of another office that an id could be guessed of, and somebody there to whom all of it is open."""
    from contactcenter.intake.services import receive

    office = an_office("elsewhere")
    ticket = a_ticket(office=office, subject=SECRET, text=SECRET)
    insider = a_user(Role.SUPERVISOR, office=office)
    there = principal_for(insider)
    lastmile.decide(ticket.reference, there, favourable=True, decided_on=date(2026, 1, 2))
    said = ticket.interactions.order_by("pk")[0]
    kept = vault.keep(b"a file").sha256
    Interaction.objects.filter(pk=said.pk).update(raw_sha256=kept)
    file = Attachment.objects.create(interaction=said, name="a.pdf", content_type="x/y", size=1, sha256=kept)
    other = a_ticket(office=office)
    undo = joining.merge(other.reference, ticket.reference, there)
    presence.set_presence(there.agent_id or 0, Presence.AVAILABLE, actor=there.actor)
    scan = a_scan(office)
    tray = a_letter(ticket)
    draft = a_draft(ticket)
    seen = proving.note_evidence(ticket.reference, "passport", there)
    receive(a_caller(office=office))
    dispatch()
    call = Call.objects.create(sid="CAelsewhere", ticket=ticket)
    a_tape(call)
    tagging.tag(ticket.reference, "zenobie", there)
    services.note(ticket.reference, f"@{insider.username} {SECRET}", an_agent(office=office))
    gather()
    return (
        ticket,
        insider,
        {
            "reference": ticket.reference,
            "work_item_id": ticket.work_items.order_by("pk")[0].pk,
            "attachment_id": file.pk,
            "interaction_id": said.pk,
            "undo_id": undo.pk,
            "offer_id": Offer.objects.get().pk,
            "agent_id": there.agent_id,
            "delivery_id": ticket.deliveries.order_by("pk")[0].pk,
            "code": ticket.receipts.order_by("pk")[0].code,
            "scan_id": scan.pk,
            "number": 1,
            "letter_id": tray.pk,
            "evidence_id": seen.pk,
            "draft_id": draft.pk,
            "verb": "hold",
            "sid": call.sid,
            "point_id": ContactPoint.objects.filter(person=ticket.person)[0].pk,
        },
    )


def a_scan(office: Office) -> Scan:
    """A letter that waits to be checked there."""
    said = a_ticket(office=office, channel="paper", needs="scan_check", receipt=False).interactions.get()
    kept = vault.keep(b"a scan").sha256
    preview_path(kept, 1).parent.mkdir(parents=True)
    preview_path(kept, 1).write_bytes(b"a picture")
    return Scan.objects.create(
        interaction=said,
        sha256=kept,
        size=1,
        name="a.pdf",
        content_type="application/pdf",
        received_on=said.occurred_at.date(),
        place=PLACE,
    )


def a_draft(ticket: Ticket) -> Draft:
    """What somebody there was writing who has left."""
    left = a_user(office=ticket.office)
    drafts.keep(ticket.reference, "note", SECRET, principal_for(left))
    User.objects.filter(pk=left.pk).update(is_active=False)
    return Draft.objects.get()


def a_tape(call: Call) -> Tape:
    """A conversation that was recorded there; its number is 1, as its scan's page is."""
    audio, soon = sealed.keep([b"RIFF"]), timezone.now() + timedelta(days=30)
    facts = {"file": audio.name, "key": audio.key, "size": audio.size, "keep_days": 30, "keep_until": soon}
    return Tape.objects.create(pk=1, call=call, state="kept", **facts)


def a_letter(ticket: Ticket) -> Letter:
    """An answer that waits in the tray there."""
    delivery = ticket.deliveries.order_by("pk")[0]
    item = open_work_item(ticket, "letter_to_post", actor="system", channel="paper", delivery_id=delivery.pk)
    return Letter.objects.create(delivery=delivery, work_item=item, sha256=vault.keep(b"a letter").sha256, size=1)


def address(path: str, ids: dict[str, object]) -> str | None:
    """The door with the hidden ids in it; None where it names something that is no office's."""
    built = path
    for part in path.split("<")[1:]:
        name = part.split(">")[0].rpartition(":")[2]
        if name not in ids:
            return None
        built = built.replace(f"<{part.split('>')[0]}>", str(ids[name]))
    return "/" + built


def asked(client: Client, method: str, url: str, headers: dict[str, str]) -> Any:
    if method == "get":
        return client.get(url, headers=headers)
    return client.generic(method.upper(), url, b"{}", content_type="application/json", headers=headers)


def logged_in(user: User) -> tuple[Client, dict[str, str]]:
    client = Client()
    client.force_login(user)
    return client, {"Authorization": f"Bearer {ApiToken.issue(user, 'test')}"}


def shows(client: Client, path: str, query: dict[str, str], ticket: Ticket, headers: dict[str, str]) -> bool:
    """Whether something that lies in the other office is on this page."""
    told = client.get(f"/{path}", query, headers=headers).content.decode(errors="replace")
    return any(word in told for word in ("Zénobie", ticket.reference, spaced(ticket.reference)))


def test_there_are_doors_to_try_and_behind_each_there_is_something():
    _ticket, insider, ids = hidden()
    client, headers = logged_in(insider)
    nothing = []
    for path in doors():
        url = address(path, ids)
        found = {asked(client, method, str(url), headers).status_code for method in ("get", "post") if url}
        if found <= {404, 405}:
            nothing.append(path)

    assert nothing == []


def test_no_list_shows_what_lies_in_another_office():
    ticket, insider, _ids = hidden()
    shown: dict[str, list[str]] = {}
    for user in (insider, *(a_user(role) for role in (Role.AGENT, Role.SUPERVISOR, Role.CLERK, Role.AUDITOR))):
        client, headers = logged_in(user)
        every = {name: value for query in LISTS.values() for name, value in query.items()}
        asks = [(path, query) for path in addresses.rooms() for query in ({}, LISTS.get(path) or every)]
        shown[user.role if user != insider else "there"] = sorted(
            {path for path, query in asks if shows(client, path, query, ticket, headers)}
        )

    assert set(shown.pop("there")) >= set(LISTS)
    assert [path for paths in shown.values() for path in paths] == []


@pytest.mark.parametrize("role", [Role.AGENT, Role.SUPERVISOR, Role.CLERK])
def test_no_door_opens_to_somebody_of_another_office(role: str):
    ticket, _insider, ids = hidden()
    client, headers = logged_in(a_user(role))
    before = ticket.events.count()
    opened = []
    for path in doors():
        url = address(path, ids)
        for method in ("get", "post") if url else ():
            answer = asked(client, method, str(url), headers)
            told = answer.content.decode(errors="replace") if not answer.streaming else ""
            if answer.status_code not in NOT_THERE or SECRET in told:
                opened.append((method, path, answer.status_code))

    assert opened == []
    assert ticket.events.count() == before


def test_an_auditor_changes_nothing_anywhere():
    """Of what they may read: they serve the office where it lies."""
    ticket, _insider, ids = hidden()
    client, headers = logged_in(a_user(Role.AUDITOR, office=ticket.office))
    before = ticket.events.count()
    changed = []
    for path in (*doors(), *addresses.rooms()):
        for method in ("post", "put", "patch", "delete"):
            answer = asked(client, method, str(address(path, ids)), headers)
            if answer.status_code not in (403, 405):
                changed.append((method, path, answer.status_code))

    assert changed == []
    assert ticket.events.count() == before
    assert client.get(f"/desk/tickets/{ticket.reference}/").status_code == 200


def test_of_another_office_s_request_of_the_same_person_little_is_told():
    here, there = a_ticket(), a_ticket(office=an_office("elsewhere"), subject=SECRET)
    client, headers = logged_in(a_user())

    told = json.loads(client.get(f"/api/v1/tickets/{here.reference}", headers=headers).content)["related"]
    page = client.get(f"/desk/tickets/{here.reference}/").content.decode()

    assert told == [{"reference": there.reference, "office": "elsewhere", "state": "new"}]
    assert there.reference in page
    assert SECRET not in page
