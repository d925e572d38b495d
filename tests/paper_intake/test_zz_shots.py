import pytest
from contactcenter.outbox.services import deliver_due
from tests.paper_intake.test_browser import mailroom, _beside_an_event_loop
from paper_intake.models import Scan

pytestmark = pytest.mark.browser


def test_shots(mailroom):
    def shot(path, name, full=False):
        mailroom.goto(mailroom.home + path)
        mailroom.wait_for_timeout(300)
        mailroom.screenshot(path=f"/tmp/shot_{name}.png", full_page=full)

    mailroom.set_viewport_size({"width": 1366, "height": 860})
    shot("", "list")
    shot("upload/", "upload")
    shot("letters/", "letters")
    shot("places/?q=12", "places")
    a = Scan.objects.get(name="lettre.pdf").pk
    b = Scan.objects.get(name="deux-pages.tif").pk
    c = Scan.objects.get(name="secret.pdf").pk
    shot(f"scans/{a}/", "scan")
    shot(f"scans/{b}/", "scan2")
    shot(f"scans/{c}/", "scan3")
    shot(f"scans/{a}/", "scanfull", True)
    mailroom.get_by_label("Téléphone, s'il est écrit").fill("12")
    mailroom.keyboard.press("Control+Enter")
    mailroom.wait_for_timeout(500)
    mailroom.screenshot(path="/tmp/shot_err.png")
    mailroom.get_by_label("Téléphone, s'il est écrit").fill("")
    mailroom.get_by_label("Où est le papier ?").fill("Bac 12, chemise 7")
    mailroom.keyboard.press("Control+Enter")
    mailroom.wait_for_timeout(500)
    mailroom.screenshot(path="/tmp/shot_done.png")
    deliver_due()
    shot("letters/", "letters2")
    shot(f"scans/{a}/", "checked")
    mailroom.set_viewport_size({"width": 320, "height": 800})
    shot(f"scans/{b}/", "narrow", True)
    shot("", "narrowlist")
    mailroom.emulate_media(color_scheme="dark")
    mailroom.set_viewport_size({"width": 1366, "height": 860})
    shot(f"scans/{b}/", "dark")
