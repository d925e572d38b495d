"""Every action of the desk has a key and a place in the palette: what acts on a page, and the table, are the same."""

from collections import Counter
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.utils import timezone

from channels_app.actions import BY_NAME, GROUPS
from contactcenter.channel import Point, Speaker
from contactcenter.desk import drafts, joining
from contactcenter.desk.models import ReplyTemplate
from contactcenter.intake.services import receive
from contactcenter.procedures.reading import OURS, read_catalogue
from contactcenter.procedures.services import import_entries
from contactcenter.routing import calls, presence
from contactcenter.routing import services as routing
from contactcenter.routing.dispatch import dispatch
from contactcenter.routing.models import Assignment, Kind, Presence
from contactcenter.routing.selectors import principal_for
from contactcenter.tickets.models import Ticket
from ivr.models import Call, Leg, ThirdParty
from ivr.tapes import Tape
from paper_intake.models import Scan
from tests.factories import WEEK, a_caller, a_ticket, a_user, an_office

pytestmark = pytest.mark.django_db
WITHIN = {"details", "dialog", "line-main", "region"}  # what these hold is reached by their key, then Tab or the arrows
WITHIN |= {"noscript"}  # where no key works
ROOMS = ("/desk/", "/desk/search/", "/desk/requests/", "/desk/incidents/", "/desk/team/", "/desk/phone/", "/account/")
ROOMS += ("/wallboard/", "/desk/reports/", "/desk/staffing/", "/desk/line/")
ROOMS += ("/mailroom/", "/mailroom/letters/", "/mailroom/upload/", "/mailroom/places/")
VOID = {"input", "br", "link", "meta", "img", "use", "path", "circle", "rect", "hr", "option"}


class Actors(HTMLParser):
    """What on a page acts: the actions it names, the buttons that name none, the pages that its top leads to."""

    def __init__(self) -> None:
        super().__init__()
        self.named: set[str] = set()
        self.nameless: list[str] = []
        self.leads_to: set[str] = set()
        self._inside: list[tuple[str, set[str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = {name: value or "" for name, value in attrs}
        around = set().union(*(classes for _tag, classes in self._inside), [one for one, _classes in self._inside])
        own = set(facts.get("class", "").split()) | ({"region"} if "data-does" in facts else set())
        if "data-does" in facts:
            self.named.add(facts["data-does"])
        elif tag == "summary" or (tag == "button" and "hidden" not in facts and not (around | own) & WITHIN):
            self.nameless.append(str(self.get_starttag_text()))
        elif tag == "a" and "top" in around:
            self.leads_to.add(facts.get("href", ""))
        if tag not in VOID:
            self._inside.append((tag, own))

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:  # `<use …/>` opens nothing
            return
        while self._inside and self._inside.pop()[0] != tag:
            pass


def on_pages(client: Client, *addresses: str) -> Actors:
    seen = Actors()
    for address in addresses:
        page = client.get(address)
        assert page.status_code == 200
        seen.feed(page.content.decode())
    return seen


@pytest.fixture
def pages(client: Client) -> Actors:
    """Everything that can be done on the desk, in the states in which it can."""
    an_office(hours=WEEK)
    boss = a_user("administrator")
    boss.is_staff = boss.is_superuser = True
    boss.save()
    by = principal_for(boss)
    client.force_login(boss)
    import_entries(read_catalogue(OURS.read_text("utf-8")))
    ReplyTemplate.objects.create(language="fr", title="Rendez-vous", text="Venez.")

    waits, held, joined = a_ticket(procedure="DUPLICATA"), a_ticket(), a_ticket()
    left = a_user()
    drafts.keep(held.reference, "reply", "Commencé", principal_for(left))
    left.is_active = False
    left.save()
    call = receive(a_caller())
    routing.take(call.work_items.get().pk, by)
    routing.take(held.work_items.get().pk, by)
    routing.take(routing.open_work_item(held, Kind.LETTER_TO_POST, actor=by.actor).pk, by)
    Assignment.objects.filter(work_item__ticket=held).update(lease_until=Assignment.objects.first().started_at)
    on_the_line(call, by.agent_id, "CAmine")
    Tape.objects.create(call=Call.objects.get(sid="CAmine"), state=Tape.State.RUNS, keep_days=30)
    heard = receive(a_caller("+33639980003"))
    routing.take(heard.work_items.get().pk, principal_for(a_user()))
    on_the_line(heard, None, "CAtheirs")
    written = a_ticket(channel="phone", speaker=Speaker(points=(Point(kind="phone", value="+33639980004"),)))
    joining.merge(joined.reference, held.reference, by)
    pages = [f"/desk/tickets/{one.reference}/" for one in (waits, held, call, heard, written)]
    seen = on_pages(client, *ROOMS, f"/mailroom/scans/{a_scan().pk}/", *pages)
    chief = Client()
    chief.force_login(a_user("supervisor"))
    seen.named |= offered_to_somebody().named | on_pages(chief, pages[3]).named
    return seen


def a_scan() -> Scan:
    said = a_ticket(channel="paper", needs="scan_check").interactions.get()
    facts = {"sha256": "0", "size": 1, "name": "a.pdf", "content_type": "application/pdf"}
    return Scan.objects.create(interaction=said, received_on=said.occurred_at.date(), **facts)


def on_the_line(ticket: Ticket, agent_id: int | None, sid: str) -> None:
    """Person and agent speak; an interpreter could be called."""
    item = ticket.work_items.get()
    call = Call.objects.create(sid=sid, ticket=ticket, work_item_id=item.pk, state="connected")
    calls.connected(item.pk)
    Leg.objects.create(call=call, agent_id=agent_id, to="client:x", joined_at=timezone.now())
    guest = ThirdParty.objects.create(name="Interprètes", role="interpreter", number="+33199000077")
    guest.offices.add(an_office())


def offered_to_somebody() -> Actors:
    user = a_user()
    presence.set_presence(user.agent.pk, Presence.AVAILABLE, actor=principal_for(user).actor)
    receive(a_caller("+33639980002"))
    dispatch()
    client = Client()
    client.force_login(user)
    return on_pages(client, "/desk/")


def test_every_button_of_the_desk_names_its_action(pages: Actors):
    assert pages.nameless == [], "give it a line in channels_app/actions.py, and {% does %} its name on the element"


def test_every_action_of_the_table_is_somewhere_on_the_pages_and_none_else(pages: Actors):
    ways = {f"way-{number}" for number in range(1, 7)}  # as many as the person can be reached by
    there = pages.named | {name for name, action in BY_NAME.items() if action.at in pages.leads_to}

    assert there - set(BY_NAME) == set()
    assert pages.leads_to - {action.at for action in BY_NAME.values()} == set()
    assert set(BY_NAME) - there - ways == set()


def test_no_two_actions_share_a_key_and_no_key_hides_the_first_of_two():
    keys = [key for action in BY_NAME.values() for key in action.keys]
    first_of_two = {key.split(" ")[0] for key in keys if " " in key}

    assert [key for key, times in Counter(keys).items() if times > 1] == []
    assert first_of_two & set(keys) == set()


def test_help_and_palette_tell_every_action(client: Client):
    client.force_login(a_user())
    page = client.get("/desk/", headers={"accept-language": "en"}).content.decode()
    help_text, palette = page.split('id="palette"')[0].split('id="help"')[1], page.split('id="palette"')[1]

    for group in GROUPS:
        for action in group.actions:
            assert f'id="do-{action.name}"' in palette
            assert f"<dd>{action.does}</dd>" in help_text


def test_a_template_that_names_no_action_is_found_at_once():
    from channels_app.templatetags.desk_keys import does

    with pytest.raises(KeyError):
        does("nonsense")


def test_every_key_can_be_read_where_it_is_told(client: Client):
    client.force_login(a_user())

    page = client.get("/desk/").content.decode()

    assert "<kbd>+</kbd>" in page
    assert "<kbd></kbd>" not in page
    assert "<kbd> </kbd>" not in page


def test_a_plus_is_a_key_like_any_other():
    from channels_app.templatetags.desk_keys import key

    assert key("promise") == "<kbd>+</kbd>"
    assert key("send-and-solve").startswith("<kbd>Ctrl ")
