"""`./run pictures`: take the README's pictures, light and dark, from a demo of its own, with the system's Chromium."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from contactcenter.demo.apart import a_demo_apart
from contactcenter.demo.browser import MISSING, chromium
from contactcenter.demo.logins import passwords
from contactcenter.tickets.models import Interaction, Ticket

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

FOLDER = "docs/pictures"
STORY = "Carte prête depuis août"  # the request that is open on the desk's picture
SCHEMES = {"light": "", "dark": "-dark"}
DESK = (1440, 920)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One picture: whose window, on which page, how large."""

    name: str
    path: str
    role: str = ""
    size: tuple[int, int] = DESK
    first: str = ""  # what is clicked before


class Command(BaseCommand):
    """The same people at the same hour of the morning, whenever and wherever the pictures are taken."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--folder", default=FOLDER, help=f"where the pictures go (default {FOLDER})")
        parser.add_argument("--here", action="store_true", help="from the demo that runs in this data folder")

    def handle(self, *, folder: str, here: bool, **options: Any) -> None:
        if here:
            self._take_all(settings.CC_PUBLIC_BASE_URL, folder)
            return
        with a_demo_apart() as environment:
            again = [sys.executable, "manage.py", "pictures", "--here", "--folder", folder]
            subprocess.run(again, cwd=settings.BASE_DIR, env=environment, check=True)

    def _take_all(self, url: str, folder: str) -> None:
        if (program := chromium()) is None:
            raise CommandError(MISSING)
        try:
            from playwright.sync_api import sync_playwright
        except ImportError as error:
            raise CommandError("Playwright is missing: `./run test` installs it.") from error
        target = Path(settings.BASE_DIR) / folder
        target.mkdir(parents=True, exist_ok=True)
        wanted, known = list(scenes()), passwords()  # beside a browser the database is not to be asked
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
            for scene in wanted:
                _take(browser, url, scene, known.get(scene.role, ""), target)
            browser.close()
        self.stdout.write(f"{target}: " + ", ".join(sorted(path.name for path in target.glob("*.png"))))


def scenes() -> Iterator[Scene]:
    """The main states: the portal, a request open on the desk, a letter to check, the wallboard."""
    yield Scene(name="portal", path="/", size=(1280, 980))
    yield Scene(name="portal-phone", path="/", size=(500, 1500))
    story = Ticket.objects.filter(subject__startswith=STORY).values_list("reference", flat=True).first()
    yield Scene(
        name="desk", path=f"/desk/tickets/{story}/" if story else "/desk/", role="agent", first="[data-does=take]"
    )
    letter = Interaction.objects.filter(scan__checked_at=None, scan__page_count__gt=0).order_by("pk").first()
    scan = letter.scan.pk if letter else None
    yield Scene(name="mailroom", path=f"/mailroom/scans/{scan}/" if scan else "/mailroom/", role="mailroom")
    yield Scene(name="wallboard", path="/wallboard/", role="agent", size=(1440, 1120))


def _take(browser: "Browser", url: str, scene: Scene, password: str, target: Path) -> None:
    width, height = scene.size
    context = browser.new_context(
        viewport={"width": width, "height": height}, locale="fr-FR", timezone_id=settings.TIME_ZONE
    )
    page = context.new_page()
    if scene.role:
        _sign_in(page, url, scene.role, password)
    if scene.first:
        page.goto(url + scene.path)
        page.locator(scene.first).first.click()
        page.wait_for_load_state()
    for scheme, suffix in SCHEMES.items():
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.goto(url + scene.path)
        page.wait_for_timeout(1000)  # the live page has settled
        page.screenshot(path=str(target / f"{scene.name}{suffix}.png"))
    context.close()


def _sign_in(page: "Page", url: str, role: str, password: str) -> None:
    page.goto(f"{url}/login/")
    page.locator("[name=username]").fill(role)
    page.locator("[name=password]").fill(password)
    page.locator("main form button[type=submit]").click()
    page.wait_for_load_state()
