"""`./run pictures`: take the README's pictures from the running demo, with the system's Chromium."""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from contactcenter.demo.logins import passwords
from contactcenter.tickets.models import Ticket

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FOLDER = "docs/pictures"
STORY = "Carte prête depuis août"  # the request that is open on the desk's picture
DESK = {"width": 1440, "height": 920}
PORTAL = {"width": 1280, "height": 980}
TELEPHONE = {"width": 500, "height": 1500}


class Command(BaseCommand):
    """The demo has to be running: `./run` in another terminal."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--url", default=settings.CC_PUBLIC_BASE_URL, help="where the demo runs")
        parser.add_argument("--folder", default=FOLDER, help=f"where the pictures go (default {FOLDER})")

    def handle(self, *, url: str, folder: str, **options: Any) -> None:
        program = next((found for name in PROGRAMS if (found := shutil.which(name))), None)
        if program is None:
            raise CommandError("No Chromium: install it with `sudo apt-get install chromium`.")
        try:
            from playwright.sync_api import sync_playwright
        except ImportError as error:
            raise CommandError("Playwright is missing: `./run test` installs it.") from error
        story = Ticket.objects.filter(subject__startswith=STORY).values_list("reference", flat=True).first()
        password = passwords()["agent"]
        target = Path(settings.BASE_DIR) / folder
        target.mkdir(parents=True, exist_ok=True)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
            _portal(browser, url, target)
            _staff(browser, url, target, password, story or "")
            browser.close()
        self.stdout.write(f"{target}: " + ", ".join(sorted(path.name for path in target.glob("*.png"))))


def _portal(browser: "Browser", url: str, target: Path) -> None:
    for name, size in (("portal", PORTAL), ("portal-phone", TELEPHONE)):
        page = browser.new_page(viewport=size, locale="fr-FR")  # type: ignore[arg-type]
        _take(page, url, target / f"{name}.png")


def _staff(browser: "Browser", url: str, target: Path, password: str, story: str) -> None:
    page = browser.new_page(viewport=DESK, locale="fr-FR", timezone_id="Europe/Paris")  # type: ignore[arg-type]
    page.goto(f"{url}/login/")
    page.locator("[name=username]").fill("agent")
    page.locator("[name=password]").fill(password)
    page.locator("main form button[type=submit]").click()
    page.wait_for_url("**/desk/")
    _take(page, f"{url}/desk/tickets/{story}/" if story else f"{url}/desk/", target / "desk.png")
    _take(page, f"{url}/mailroom/", target / "mailroom.png")


def _take(page: "Page", url: str, file: Path) -> None:
    page.goto(url)
    page.wait_for_timeout(1000)  # the live page has settled
    page.screenshot(path=str(file))
