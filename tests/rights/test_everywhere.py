"""Every door there is: an id of another office is not there, whoever guesses it; and an auditor changes nothing."""

import json
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from contactcenter.accounts.models import ApiToken, Role, User
from contactcenter.desk import drafts, joining, lastmile, proving
from contactcenter.desk.models import Draft
from contactcenter.offices.models import Office
from contactcenter.people.models import ContactPoint
from contactcenter.routing import presence
from contactcenter.routing.dispatch import dispatch
from contactcenter.routing.models import Offer, Presence
from contactcenter.routing.services import open_work_item
from contactcenter.tickets.models import Attachment, Ticket
from ivr.models import Call
from paper_intake.models import Letter, Scan
from tests.factories import a_caller, a_ticket, a_user, an_agent, an_office

pytestmark = pytest.mark.django_db(transaction=True)
SECRET = "Le secret de Zénobie"


def patterns(resolver: URLResolver, before: str = "") -> list[tuple[str, URLPattern]]:
    found = []
    for one in resolver.url_patterns:
        path = before + str(one.pattern)
        found += patterns(one, path) if isinstance(one, URLResolver) else [(path, one)]
    return found


def doors() -> list[str]:
    every = [path for path, _pattern in patterns(get_resolver())]
    ours = [path for path in every if path.startswith(("desk/", "mailroom/", "wallboard/", "api/v1/"))]
    return sorted({path for path in ours if "<" in path and "(?P" not in path})


def hidden() -> tuple[Ticket, dict[str, object]]:
    """Everything of another office that an id could be guessed of."""
    from contactcenter.intake.services import receive

    office = an_office("elsewhere")
    ticket = a_ticket(office=office, subject=SECRET, text=SECRET)
    there = an_agent(office=office)
    lastmile.decide(ticket.reference, there, favourable=True, decided_on=date(2026, 1, 2))
    said = ticket.interactions.order_by("pk")[0]
    file = Attachment.objects.create(interaction=said, name="a.pdf", content_type="x/y", size=1, sha256="0" * 64)
    other = a_ticket(office=office)
    undo = joining.merge(other.reference, ticket.reference, there)
    presence.set_presence(there.agent_id or 0, Presence.AVAILABLE, actor=there.actor)
    scan = a_scan(office)
    tray = a_letter(ticket)
    drafts.keep(ticket.reference, "note", SECRET, there)
    seen = proving.note_evidence(ticket.reference, "passport", there)
    receive(a_caller(office=office))
    dispatch()
    return ticket, {
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
        "draft_id": Draft.objects.get().pk,
        "verb": "hold",
        "sid": Call.objects.create(sid="CAelsewhere", ticket=ticket).sid,
        "point_id": ContactPoint.objects.filter(person=ticket.person)[0].pk,
    }


def a_scan(office: Office) -> Scan:
    """A letter that waits to be checked there."""
    said = a_ticket(office=office, channel="paper", needs="scan_check", receipt=False).interactions.get()
    return Scan.objects.create(
        interaction=said,
        sha256="1" * 64,
        size=1,
        name="a.pdf",
        content_type="application/pdf",
        received_on=said.occurred_at.date(),
    )


def a_letter(ticket: Ticket) -> Letter:
    """An answer that waits in the tray there."""
    delivery = ticket.deliveries.order_by("pk")[0]
    item = open_work_item(ticket, "letter_to_post", actor="system", channel="paper", delivery_id=delivery.pk)
    return Letter.objects.create(delivery=delivery, work_item=item, sha256="2" * 64, size=1)


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
    return client.post(url, data=b"{}", content_type="application/json", headers=headers)


def logged_in(user: User) -> tuple[Client, dict[str, str]]:
    client = Client()
    client.force_login(user)
    return client, {"Authorization": f"Bearer {ApiToken.issue(user, 'test')}"}


def test_there_are_doors_to_try():
    _ticket, ids = hidden()

    assert [path for path in doors() if not address(path, ids)] == []


@pytest.mark.parametrize("role", [Role.AGENT, Role.SUPERVISOR, Role.CLERK])
def test_no_door_opens_to_somebody_of_another_office(role: str):
    ticket, ids = hidden()
    client, headers = logged_in(a_user(role))
    before = ticket.events.count()
    opened = []
    for path in doors():
        url = address(path, ids)
        for method in ("get", "post") if url else ():
            answer = asked(client, method, str(url), headers)
            told = answer.content.decode(errors="replace") if not answer.streaming else ""
            if answer.status_code not in (403, 404, 405) or SECRET in told:
                opened.append((method, path, answer.status_code))

    assert opened == []
    assert ticket.events.count() == before


def test_an_auditor_changes_nothing_anywhere():
    ticket = a_ticket()
    client, headers = logged_in(a_user(Role.AUDITOR))
    ids = {"reference": ticket.reference, "work_item_id": ticket.work_items.get().pk}
    before = ticket.events.count()
    changed = []
    for path in doors():
        url = address(path, ids)
        if url:
            answer = asked(client, "post", url, headers)
            if answer.status_code not in (403, 404, 405):
                changed.append((path, answer.status_code))

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
