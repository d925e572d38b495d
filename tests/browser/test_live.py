"""Whatever happens to the connection, an open desk ends in the true state, by itself."""

import time
from contextlib import suppress

import pytest
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

from contactcenter.routing import presence
from contactcenter.routing import services as routing
from contactcenter.routing.models import Presence
from tests.factories import a_ticket, a_user, an_office

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SOCKET = "**/live/**"
SOON = 30_000  # milliseconds; a busy machine takes its time


@pytest.fixture
def page(sockets, live_site, browser_page, client):
    """An agent's window; `page.opened()` opens the desk in it."""
    user = a_user()
    browser_page.agent = user.agent
    client.force_login(user)
    cookie = client.cookies["sessionid"]
    browser_page.context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": live_site.url}])
    browser_page.opened = lambda: browser_page.goto(f"{live_site.url}/desk/")
    return browser_page


def stands(page, state: str) -> None:
    page.locator(f"body[data-live={state}]").wait_for(state="attached", timeout=SOON)


def shows(page, *subjects: str) -> None:
    for subject in subjects:
        page.get_by_text(subject).first.wait_for(timeout=SOON)


def rests(page) -> None:
    """It has read what opening it made it read."""
    with suppress(PlaywrightTimeoutError):
        while True:
            page.wait_for_event("request", timeout=3_000)


def by_hand(page) -> None:
    """The page's time is the test's to move; it has no worker, whose timers go on by themselves."""
    page.clock.install()
    page.add_init_script("delete window.Worker")


def test_behind_a_proxy_that_cuts_sockets_the_page_asks(page):
    page.route_web_socket(SOCKET, lambda socket: socket.close())
    page.opened()

    a_ticket(subject="Sans connexion directe")

    shows(page, "Sans connexion directe")
    stands(page, "asking")


def test_a_socket_that_is_lost_later_is_made_up_for_within_seconds_and_comes_back(page):
    lines = []
    page.route_web_socket(SOCKET, lambda socket: lines.append((socket, socket.connect_to_server())))
    page.opened()
    stands(page, "live")

    for line in lines[0]:
        line.close()
    a_ticket(subject="Arrivé pendant la coupure")

    shows(page, "Arrivé pendant la coupure")
    stands(page, "live")
    assert len(lines) > 1


def test_a_nudge_that_got_lost_is_made_up_for_by_the_next(page):
    heard = []

    def loses_the_first(socket) -> None:
        server = socket.connect_to_server()
        server.on_message(lambda text: heard.append(text) or (len(heard) > 1 and socket.send(text)))

    page.route_web_socket(SOCKET, loses_the_first)
    page.opened()
    stands(page, "live")
    a_ticket(subject="Annoncé à personne")
    while not heard:
        page.wait_for_timeout(50)
    a_ticket(subject="Annoncé ensuite")

    shows(page, "Annoncé à personne", "Annoncé ensuite")


def test_a_line_that_is_dead_and_does_not_say_so_is_made_up_for_twice_a_minute(page):
    by_hand(page)
    page.route_web_socket(SOCKET, lambda socket: None)  # it opens, and never says a word
    page.opened()
    stands(page, "live")
    a_ticket(subject="Personne ne le dit")
    page.wait_for_timeout(300)
    assert page.get_by_text("Personne ne le dit").count() == 0

    page.clock.run_for(40_000)

    shows(page, "Personne ne le dit")


# More luck than there is: the true time goes on beside the page's, for long on a busy machine.
@pytest.mark.parametrize(("luck", "reads"), [(0, True), (3, False)])
def test_desks_that_read_by_themselves_do_not_all_read_at_once(page, luck, reads):
    by_hand(page)
    page.add_init_script(f"Math.random = () => {luck}")
    page.route_web_socket(SOCKET, lambda socket: None)
    page.opened()
    stands(page, "live")
    page.clock.run_for(5_000)  # what opening the page made it read
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "/desk/queue/" in request.url else None)

    for _second in range(25):
        page.clock.run_for(1_000)
    page.wait_for_timeout(500)

    assert bool(asked) == reads


def test_desks_that_hear_of_the_same_change_do_not_all_read_in_the_same_instant(page):
    page.add_init_script("Math.random = () => 0.999")  # the last of them
    lines = []
    page.route_web_socket(SOCKET, lambda socket: lines.append(socket))
    page.opened()
    stands(page, "live")
    rests(page)

    told_at = time.monotonic()
    with page.expect_request("**/desk/queue/**", timeout=SOON):
        lines[-1].send('{"queue": 1, "rev": 1}')

    assert time.monotonic() - told_at > 0.25


def test_a_laptop_that_is_opened_again_is_true_at_once_and_has_a_new_socket(page):
    by_hand(page)
    lines = []
    page.route_web_socket(SOCKET, lambda socket: lines.append(socket))  # the night's socket is a dead one
    page.opened()
    stands(page, "live")
    a_ticket(subject="Arrivé dans la nuit")

    page.clock.fast_forward("08:00:00")

    shows(page, "Arrivé dans la nuit")
    page.clock.run_for(5_000)
    assert len(lines) > 1


def test_a_slow_link_skips_what_is_old_and_ends_in_the_true_state(page):
    page.opened()
    stands(page, "live")
    link = page.context.new_cdp_session(page)
    link.send("Network.enable")
    slow = {"offline": False, "latency": 1500, "downloadThroughput": 20_000, "uploadThroughput": 20_000}
    link.send("Network.emulateNetworkConditions", slow)
    asked = []
    page.on("request", lambda request: "/desk/queue/" in request.url and asked.append(request.url))

    for number in range(12):
        a_ticket(subject=f"Demande lente {number}")
        page.wait_for_timeout(300)

    shows(page, *(f"Demande lente {number}" for number in range(12)))
    assert len(asked) < 12


def test_a_reading_that_never_ends_does_not_stop_those_after_it(page):
    by_hand(page)
    page.opened()
    stands(page, "live")
    hung = []
    page.route("**/desk/queue/**", lambda route: hung.append(route) if not hung else route.continue_())
    a_ticket(subject="Derrière une lecture bloquée")
    while not hung:
        page.wait_for_timeout(50)

    page.clock.run_for(40_000)

    shows(page, "Derrière une lecture bloquée")


def test_a_hidden_page_whose_own_timers_get_no_turn_goes_on_reading(page):
    page.add_init_script("window.setInterval = () => 0; window.setTimeout = () => 0")
    page.route_web_socket(SOCKET, lambda socket: socket.close())
    page.opened()
    stands(page, "asking")

    a_ticket(subject="Arrivé derrière une autre fenêtre")

    shows(page, "Arrivé derrière une autre fenêtre")


def test_presence_that_others_or_silence_changed_is_shown_without_a_reload(page):
    by = page.agent
    presence.set_presence(by.pk, Presence.AVAILABLE, actor=f"agent:{by.pk}")
    page.opened()
    stands(page, "live")
    page.locator("[data-presence=available]").wait_for()

    presence.set_presence(by.pk, Presence.AWAY, actor="system", reason="passed")
    page.evaluate("window.dispatchEvent(new Event('online'))")

    page.locator("[data-presence=away]").wait_for(timeout=SOON)
    assert page.locator("[data-presence-word]").inner_text() == "Absent"
    assert page.locator("button[name=state][aria-pressed]").get_attribute("value") == "away"


def test_a_request_that_is_no_longer_theirs_is_not_left_on_the_screen(page, live_site):
    ticket = a_ticket(office=an_office("elsewhere"), subject="D'un autre service", text="Mon dossier médical")
    item = ticket.work_items.get()
    routing.move(item.pk, actor="agent:1", agent=page.agent)
    page.goto(f"{live_site.url}/desk/tickets/{ticket.reference}/")
    stands(page, "live")
    page.locator("#reply-text").fill("Bonjour, voici")

    routing.requeue(item.pk, actor="supervisor")
    page.evaluate("window.dispatchEvent(new Event('online'))")

    page.locator("#story > .is-gone").wait_for(timeout=SOON)
    assert page.get_by_text("Mon dossier médical").count() == 0
    assert page.locator("#reply-text").input_value() == "Bonjour, voici"


def test_a_page_names_the_look_that_it_ends_and_begins_another(page):
    ticket, looks = a_ticket(), []
    page.on("request", lambda asked: looks.append(asked.headers.get("x-look")) if "/story/" in asked.url else None)
    page.opened()
    page.goto(f"{page.url}tickets/{ticket.reference}/")
    rests(page)

    with page.expect_request("**/looked-away/") as said:
        page.evaluate("dispatchEvent(new Event('pagehide'))")
    with page.expect_request("**/story/"):
        page.evaluate("dispatchEvent(new Event('pageshow'))")

    assert f"look={looks[0]}" in said.value.post_data
    assert looks[0]
    assert looks[-1] not in ("", looks[0])
