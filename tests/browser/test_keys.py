"""The desk without the mouse: keys, the palette that finds them by name, and how many a typical reply takes."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from contactcenter import channel as plug
from contactcenter.channel import Outbound, Point, Sent, Speaker
from contactcenter.desk.models import ReplyTemplate
from contactcenter.outbox.models import Delivery
from contactcenter.tickets.models import Note, Ticket
from tests.browser.conftest import log_in
from tests.factories import a_ticket, a_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TEXT = "Venez jeudi à 10 h, nous vous attendons."


@dataclass(slots=True)
class Hands:
    """An agent's hands: a chord is one key, the letters of the text are none."""

    page: Any
    pressed: list[str] = field(default_factory=list)

    def press(self, *chords: str) -> None:
        for chord in chords:
            self.pressed.append(chord)
            self.page.keyboard.press(chord)

    def write(self, text: str) -> None:
        self.page.keyboard.type(text)


@pytest.fixture
def hands(desk) -> Hands:
    return Hands(desk)


@pytest.fixture
def mail_leaves(run_jobs):
    """Carry what is due, by an e-mail channel that takes everything."""

    class Taking:
        name, label, urls = "email", "E-mail", ""

        def send(self, outbound: Outbound) -> Sent:
            return Sent(external_id="1", state="sent")

    with plug.registered(Taking()):
        yield run_jobs


def is_at(page, ticket: Ticket) -> None:
    page.wait_for_url(f"**/desk/tickets/{ticket.reference}/*")


def open_ticket(page, ticket: Ticket) -> None:
    page.goto(f"{page.url.partition('/desk/')[0]}/desk/tickets/{ticket.reference}/")


def focused(page) -> str:
    return str(page.evaluate("document.activeElement.id"))


def test_a_typical_reply_takes_at_most_eight_keys_beyond_the_text(desk, hands, mail_leaves, console):
    ticket = a_ticket(occurred_at=timezone.now() - timedelta(hours=5))
    desk.reload()
    hands.press("q")  # the queue is in focus
    hands.pressed.clear()

    hands.press("Enter")
    is_at(desk, ticket)
    hands.press("r")
    hands.write(TEXT)
    hands.press("Control+Enter")
    desk.get_by_text("La réponse part par courriel.").wait_for()
    mail_leaves()
    desk.locator(".delivery.is-sent").first.wait_for()

    assert Delivery.objects.get(purpose="reply").text == TEXT
    assert len(hands.pressed) <= 8, hands.pressed
    assert hands.pressed == ["Enter", "r", "Control+Enter"]
    assert console == []


def test_with_a_template_and_another_means_it_still_takes_at_most_eight(desk, hands, console):
    ReplyTemplate.objects.create(language="fr", title="Rendez-vous", text="Bonjour {name},")
    points = (Point(kind="email", value="ana@example.org"), Point(kind="phone", value="+33639980001"))
    first = a_ticket(speaker=Speaker(name="Ana", points=points), occurred_at=timezone.now() - timedelta(hours=5))
    then = a_ticket()
    desk.reload()

    hands.press("n")
    is_at(desk, first)
    hands.press("2", "l", "Enter")
    # A function: a bare expression is evaluated at each look, which the page's own policy forbids after the first.
    desk.wait_for_function("() => document.activeElement.value === 'Bonjour Ana,'")
    hands.write(f"\n\n{TEXT}")
    hands.press("Control+Shift+Enter")
    desk.get_by_text("Résolu").first.wait_for()
    hands.press("n")
    is_at(desk, then)

    sent = Delivery.objects.get(purpose="reply")
    assert (sent.means, sent.text) == ("sms", f"Bonjour Ana,\n\n{TEXT}"), hands.pressed
    assert hands.pressed == ["n", "2", "l", "Enter", "Control+Shift+Enter", "n"]
    assert console == []


def test_the_palette_finds_an_action_by_its_name_and_does_it(desk, hands, console):
    open_ticket(desk, a_ticket())

    hands.press(".")
    hands.write("NOTE colleg")  # without accents, in any order and case
    option = desk.locator("#palette-list [aria-selected=true]")
    assert option.text_content().split("\n")[0].strip().startswith("note pour les collègues")
    assert desk.locator("#palette-words").get_attribute("aria-activedescendant") == "do-note"
    hands.press("Enter")

    assert focused(desk) == "note-text"
    assert console == []


def test_the_palette_opens_while_one_writes_and_gives_the_focus_back(desk, hands):
    open_ticket(desk, a_ticket())
    hands.press("r")
    hands.write("Une phrase")

    hands.press("Control+k", "Escape")
    hands.write(" entière")

    assert focused(desk) == "reply-text"
    assert desk.locator("#reply-text").input_value() == "Une phrase entière"


def test_what_one_is_writing_is_sent_from_the_palette(desk, hands):
    ticket = a_ticket()
    open_ticket(desk, ticket)
    hands.press("o")
    hands.write("Par la palette")

    hands.press("Control+k")
    hands.write("envoyer ce que")
    hands.press("Enter")
    desk.get_by_text("Note gardée.").wait_for()

    assert Note.objects.get(ticket=ticket).text == "Par la palette"


def test_the_palette_offers_what_the_page_has_and_tells_which_way_is_which(desk, hands):
    hands.press(".")
    on_the_queue = desk.locator("#palette-list [role=option]:visible").all_text_contents()
    hands.press("Escape")
    open_ticket(desk, a_ticket())
    hands.press(".")
    on_a_request = desk.locator("#palette-list [role=option]:visible").all_text_contents()

    assert not any("note pour les collègues" in line for line in on_the_queue)
    assert any("note pour les collègues" in line for line in on_a_request)
    assert any("par où part la réponse courriel" in " ".join(line.split()) for line in on_a_request)
    assert not any("envoyer ce que" in line for line in on_a_request)  # nothing is being written


def test_words_of_no_action_are_answered_with_a_sentence(desk, hands):
    hands.press(".")
    hands.write("zzz")

    assert "Aucune action de cette page" in desk.locator("#palette-none").text_content()
    hands.press("Enter")
    assert desk.url.endswith("/desk/")


def test_the_arrows_go_round_the_palette_and_a_click_does_it_too(desk, hands):
    open_ticket(desk, a_ticket())
    hands.press(".", "ArrowUp")
    last = desk.locator("#palette-list [role=option]:visible").last.get_attribute("id")
    assert desk.locator("#palette-words").get_attribute("aria-activedescendant") == last

    desk.locator("#do-hold").click()

    assert focused(desk) == "hold-until"


def test_two_keys_one_after_the_other_open_a_page(desk, hands):
    hands.press("g", "w")
    desk.wait_for_url("**/wallboard/")

    assert desk.locator(".figure").first.is_visible()


def test_a_page_in_a_closed_menu_opens_by_its_keys_and_stands_in_the_palette(live_site, client, desk, hands):
    desk.goto("about:blank")  # nothing of the one before asks any more
    log_in(desk.context, live_site.url, client, a_user("supervisor"))
    desk.goto(f"{live_site.url}/desk/")

    hands.press(".")
    assert desk.locator("#do-team").is_visible()
    hands.press("Escape", "g", "p")
    desk.locator("a[href='/desk/team/']:focus").wait_for()
    hands.press("Escape", "g", "e")
    desk.get_by_role("heading", name="The queue").wait_for()
    hands.press("g", "t")

    desk.wait_for_url("**/desk/team/")


def test_the_second_of_two_keys_that_comes_late_is_a_key_of_its_own(desk, hands):
    a_ticket()
    desk.reload()
    hands.press("g")
    desk.wait_for_timeout(1700)
    hands.press("q")

    assert desk.url.endswith("/desk/")
    assert desk.evaluate("document.activeElement.className") == "line-main"


def test_behind_an_open_dialog_no_key_acts(desk, hands):
    a_ticket()
    hands.press("?", "n")
    desk.wait_for_timeout(300)

    assert desk.url.endswith("/desk/")
    hands.press("?")
    assert not desk.locator("#help").is_visible()


def test_without_single_keys_the_chords_still_act(desk, hands):
    open_ticket(desk, a_ticket())
    desk.evaluate("localStorage.setItem('desk:keys-off', '1')")
    hands.press("o")
    assert focused(desk) != "note-text"

    hands.press("Control+k")
    hands.write("note pour")
    hands.press("Enter")

    assert focused(desk) == "note-text"


def test_a_request_is_taken_and_given_back_by_keys(desk, hands):
    ticket = a_ticket()
    open_ticket(desk, ticket)

    hands.press("p")
    desk.get_by_text("entre vos mains").wait_for()
    hands.press("w")
    desk.get_by_text("Rendu à la file, à son ancienne place.").wait_for()

    assert ticket.work_items.get().state == "waiting"


def test_the_card_is_completed_by_keys_and_what_was_refused_stays_there(desk, hands, axe, console):
    read_again = "document.addEventListener('live:shown', ({ target }) => target.setAttribute('data-read-again', ''))"
    desk.add_init_script(read_again)
    open_ticket(desk, a_ticket())
    hands.press("*")
    assert focused(desk) == "person-name"
    desk.locator("#person-email").fill("ana@")
    hands.press("Control+Enter")
    desk.locator("#person-refusal").wait_for()
    desk.locator("#card[data-read-again]").wait_for()
    assert desk.locator("#person-email").input_value() == "ana@"
    assert axe(desk) == []

    desk.locator("#person-email").fill("")
    desk.locator("#person-address").fill("4 rue du Lac\n99000 Valmorin")
    hands.press("Control+Enter")
    desk.get_by_text("Une lettre peut partir.").wait_for()

    assert desk.locator("#way-letter").count() == 1
    assert [line for line in console if "422" not in line] == []


PAGES = ("/wallboard/", "/mailroom/", "/mailroom/letters/", "/mailroom/upload/", "/desk/phone/", "/account/")
LEADERS = ("/desk/reports/", "/desk/staffing/", "/desk/line/")


@pytest.mark.parametrize("role", ["agent", "supervisor"])
def test_every_page_tells_its_keys_and_one_of_them_leads_back_to_the_queue(desk, hands, client, axe, console, role):
    site = desk.url.partition("/desk/")[0]
    log_in(desk.context, site, client, a_user(role))
    found = {}
    for path in LEADERS if role == "supervisor" else PAGES:
        desk.goto(site + path)
        hands.press("?")
        assert desk.locator("#help").is_visible(), path
        found[path] = axe(desk)
        hands.press("?", "Control+k")
        assert desk.locator("#palette").is_visible(), path
        hands.press("Escape", "g", "q")
        desk.wait_for_url("**/desk/")

    assert {path: problems for path, problems in found.items() if problems} == {}
    assert console == []


def test_axe_finds_nothing_on_help_and_palette_light_and_dark(desk, hands, axe):
    open_ticket(desk, a_ticket())
    found = {}
    for scheme in ("light", "dark"):
        desk.emulate_media(color_scheme=scheme)
        hands.press("?")
        found[f"help {scheme}"] = axe(desk)
        hands.press("Escape")
        hands.press(".")
        found[f"palette {scheme}"] = axe(desk)
        hands.write("zzz")
        found[f"nothing found {scheme}"] = axe(desk)
        hands.press("Escape")

    assert {name: problems for name, problems in found.items() if problems} == {}


@pytest.mark.parametrize("width", [320, 390, 720, 1440])
def test_help_and_palette_fit_every_width(desk, hands, width):
    desk.set_viewport_size({"width": width, "height": 640})
    for key, name in (("?", "help"), (".", "palette")):
        hands.press(key)
        box = desk.locator(f"#{name}").bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        assert box["y"] + box["height"] <= 640
        hands.press("Escape")
