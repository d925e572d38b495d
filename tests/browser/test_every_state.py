"""Every page of those who work here in each of its states, light and dark: axe finds nothing, nothing is cut off."""

from datetime import timedelta

import pytest
from django.utils import timezone

from channels_app import looking
from contactcenter.accounts.models import User
from contactcenter.desk import drafts, joining, linking, services, tagging
from contactcenter.desk.incidents import open_incident
from contactcenter.desk.models import ReplyTemplate
from contactcenter.intake.services import receive
from contactcenter.routing import presence
from contactcenter.routing.dispatch import dispatch
from contactcenter.routing.models import Assignment, Presence
from contactcenter.routing.selectors import principal_for
from contactcenter.routing.services import take
from contactcenter.tickets.models import Ticket
from paper_intake.models import Scan
from tests.browser import worlds
from tests.factories import a_caller, a_ticket, a_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ROOMS = [
    "/desk/",
    "/mailroom/",
    "/mailroom/letters/",
    "/mailroom/upload/",
    "/mailroom/places/?q=12",
    "/wallboard/",
    "/desk/team/",
    "/desk/staffing/",
    "/desk/reports/",
    "/desk/requests/?whose=all",
    "/desk/search/",
    "/desk/search/?q=carte",
    "/desk/incidents/",
]
WRONG = ["/desk/search/?q=%26", "/desk/reports/?day=demain", "/desk/staffing/?calls=x&handling=6&within=180&goal=85"]
COLOURS = ("color-contrast", "link-in-text-block")  # axe's rules that look at them
HALF_HOURS = "/desk/reports/?step=30"
QUEUE = [".desk-queue"]
ALIKE = ["tbody tr:not(:nth-child(5n))", "li:nth-child(n + 30)", ".incident:nth-child(n + 30)"]  # rows as others are
NARROW = [(640, 450), (320, 640)]  # a desk of 1280 px at 200 %, and at 400 %

# What a reader could not reach: text cut off without a mark, or beyond the right edge with nothing to scroll.
CUT_OFF = """() => {
  const scrolls = (e) => ["auto", "scroll"].includes(getComputedStyle(e).overflowX);
  const reachable = (e) => { for (let up = e; up; up = up.parentElement) if (scrolls(up)) return true; return false; };
  const problems = [];
  if (document.documentElement.scrollWidth > innerWidth) problems.push(`page ${document.documentElement.scrollWidth}`);
  for (const e of document.querySelectorAll("body *")) {
    const style = getComputedStyle(e), box = e.getBoundingClientRect();
    const seen = box.width && e.checkVisibility({ visibilityProperty: true });
    if (!seen || e.closest(".visually-hidden, .skip, svg, input")) continue;
    const marked = style.textOverflow === "ellipsis" || style.webkitLineClamp !== "none";
    const cut = ["hidden", "clip"].includes(style.overflowX) && e.scrollWidth > e.clientWidth + 1 && !marked;
    const beyond = box.right > innerWidth + 1 && !reachable(e);
    if (cut || beyond) problems.push(`${cut ? "cut" : "beyond"}: ${e.outerHTML.slice(0, 120)}`);
  }
  return problems.slice(0, 3);
}"""


@pytest.fixture
def worker(db):
    return worlds.a_worker()


@pytest.fixture
def page(sockets, live_site, browser_page, client, worker, data_dir):
    """The worker's window; `page.at(path)` opens one of the site's pages in it."""
    client.force_login(worker)
    cookie = client.cookies["sessionid"]
    browser_page.context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": live_site.url}])
    browser_page.at = lambda path: browser_page.goto(live_site.url + path)
    return browser_page


@pytest.fixture
def narrow(page):
    """A function that looks for what is cut off on the open page where there is little room."""

    def look() -> list[str]:
        found = []
        for width, height in NARROW:
            page.set_viewport_size({"width": width, "height": height})
            found += [f"{width}: {problem}" for problem in page.evaluate(CUT_OFF)]
        page.set_viewport_size({"width": 1280, "height": 900})
        return found

    return look


@pytest.fixture
def looked_at(page, axe, narrow):
    """A function that looks at the open page in light, in dark, and narrow; what is wrong with it, in sentences.

    Where only a part differs from what was looked at before, axe is told to `include` it or to `exclude` the rest.
    """

    def look(**parts: list[str]) -> list[str]:
        page.emulate_media(color_scheme="light")
        found = [f"light: {problem}" for problem in axe(page, parts=parts or None)]
        page.emulate_media(color_scheme="dark")  # nothing but colours differs
        found += [f"dark: {problem}" for problem in axe(page, *COLOURS, parts=parts or None)]
        return found + narrow()

    return look


def walked(page, looked_at, paths, **parts) -> dict[str, list[str]]:
    """What is wrong, page by page; {} when all is well."""
    found = {}
    for path in paths:
        page.at(path)
        if problems := looked_at(**parts):
            found[path] = problems
    return found


def test_an_empty_centre_says_what_to_do_next(page, looked_at, console):
    assert walked(page, looked_at, ROOMS) == {}
    assert console == []

    page.at("/desk/")
    assert page.get_by_text("Tout a une réponse.").is_visible()
    page.at("/mailroom/")
    assert page.get_by_text("Tous les courriers sont vérifiés.").is_visible()


def test_a_usual_day(page, looked_at, console, worker):
    worlds.a_usual_day(worker)
    ticket = Ticket.objects.get(subject="En main")
    paths = [*ROOMS, f"/desk/tickets/{ticket.reference}/", f"/mailroom/scans/{Scan.objects.get().pk}/"]

    assert walked(page, looked_at, paths) | walked(page, looked_at, [HALF_HOURS], exclude=ALIKE) == {}
    assert console == []


def test_a_day_on_which_things_go_wrong(page, looked_at, worker):
    worlds.a_bad_day(worker)
    ticket = Ticket.objects.order_by("pk").first()
    scans = [f"/mailroom/scans/{scan.pk}/" for scan in Scan.objects.all()]
    rooms = [path for path in ROOMS if path != "/desk/reports/"]  # which shows its day below what is wrong

    assert walked(page, looked_at, [*rooms, *WRONG, f"/desk/tickets/{ticket.reference}/", *scans, "/nowhere/"]) == {}


def test_far_too_much(page, looked_at, narrow, console, worker):
    worlds.far_too_much(worker)
    ticket = Ticket.objects.get(subject="Une longue histoire")
    as_ever = ("/mailroom/upload/", "/desk/staffing/", "/desk/reports/")
    rooms = [path for path in ROOMS if path not in as_ever]

    assert walked(page, looked_at, [*rooms, f"/desk/tickets/{ticket.reference}/"], exclude=ALIKE) == {}
    page.at(HALF_HOURS)
    assert narrow() == []
    assert console == []


def test_what_each_action_opens(page, looked_at, worker):
    ReplyTemplate.objects.create(language="fr", title="Rendez-vous", text="Venez.")
    open_incident("Le paiement échoue", "", principal_for(worker))
    ticket = a_ticket()
    tagging.tag(ticket.reference, "urgent", principal_for(worker))
    linking.link(ticket.reference, a_ticket().reference, "la même famille", principal_for(worker))
    page.at(f"/desk/tickets/{ticket.reference}/")
    found = {}
    for key in "ohtseiml#=*k+>d":
        page.keyboard.press(key)
        page.locator("details[data-action][open]").wait_for()
        if problems := looked_at(include=["details[data-action][open]"]):
            found[key] = problems
        page.keyboard.press("Escape")
        page.keyboard.press("Escape")  # out of the field, then the panel
        page.evaluate("document.querySelectorAll('details[data-action][open]').forEach((one) => one.open = false)")

    assert found == {}


def test_a_request_in_each_of_its_states(page, looked_at, worker):
    by, colleague = principal_for(worker), a_user()
    User.objects.filter(pk=worker.pk).update(username="chief")
    states = {name: a_ticket() for name in ("asked", "held", "solved", "merged", "left", "previewed", "beside")}
    take(states["asked"].work_items.get().pk, by)
    held = Assignment.objects.filter(work_item__ticket=states["asked"])
    held.update(lease_until=timezone.now() + timedelta(minutes=1))
    services.hold(states["held"].reference, by, until=timezone.now() + timedelta(days=2), text="Attend sa carte.")
    services.solve(states["solved"].reference, by, disposition="answered", text="C'est fait.")
    joining.merge(a_ticket().reference, states["merged"].reference, by)
    drafts.keep(states["left"].reference, "reply", "Commencé", principal_for(colleague))
    drafts.keep(states["beside"].reference, "reply", "En même temps", principal_for(a_user()))
    services.note(states["beside"].reference, "@chief regarde", principal_for(a_user()))
    looking.looks(states["beside"].pk, principal_for(a_user()))
    User.objects.filter(pk=colleague.pk).update(is_active=False)
    call = receive(a_caller())
    presence.set_presence(worker.agent.pk, Presence.AVAILABLE, actor=by.actor)
    dispatch()
    found = walked(page, looked_at, ["/desk/"])
    found |= walked(page, looked_at, [f"/desk/tickets/{one.reference}/" for one in states.values()], exclude=QUEUE)
    page.at(f"/desk/tickets/{states['previewed'].reference}/")
    page.locator("#reply-text").fill("Venez jeudi.")
    page.locator("[data-does=preview]").click()
    page.locator(".preview").wait_for()
    previewed = looked_at(exclude=QUEUE)
    take(call.work_items.get().pk, by)
    page.at(f"/desk/tickets/{call.reference}/")

    assert (found, previewed, looked_at(exclude=QUEUE)) == ({}, [], [])


def test_a_form_that_was_refused(page, looked_at):
    page.at("/desk/incidents/")
    page.get_by_role("button", name="Ouvrir").click()
    page.get_by_role("alert").wait_for()
    incident = looked_at()
    page.at(f"/desk/tickets/{a_ticket().reference}/")
    page.keyboard.press("s")
    page.locator("#solve-text").press("Control+Enter")
    page.get_by_role("alert").wait_for()
    solving = looked_at()
    page.at("/mailroom/upload/")
    page.get_by_role("button", name="Enregistrer").click()
    page.locator(".field-error").first.wait_for()

    assert (incident, solving, looked_at()) == ([], [], [])


def test_a_desk_whose_centre_is_away_says_so(page, looked_at, worker):
    take(a_ticket(subject="En main").work_items.get().pk, principal_for(worker))
    page.at("/desk/")
    page.locator("body[data-live=live]").wait_for(state="attached")
    for region in ("queue", "offers"):
        page.route(f"**/desk/{region}/**", lambda route: route.abort())
    page.evaluate(
        "setInterval(() => window.dispatchEvent(new Event('online')), 500)"
    )  # one may meet a reading under way
    page.locator("body[data-live=away]").wait_for(state="attached")

    assert page.locator("#live-state").text_content() != ""
    assert page.get_by_text("En main").first.is_visible()
    assert looked_at() == []


def test_the_desk_scrolls_in_its_columns_and_nowhere_else(page, worker):
    worlds.a_long_story(60)
    for number in range(30):
        a_ticket(subject=f"Demande {number}")
    page.at("/desk/")
    queue = page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    page.at(f"/desk/tickets/{Ticket.objects.get(subject='Une longue histoire').reference}/")

    assert queue
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
