"""An agent's open desk shows a call, a mail, a form and a letter as they arrive, and answers each."""

from typing import Any

import pytest

from tests.journeys.conftest import Street, a_letter

pytestmark = [pytest.mark.whole, pytest.mark.browser]
WITHIN_MS = 15_000  # a scan is complete only after five quiet seconds


def test_all_four_channels_arrive_at_an_open_desk_and_are_answered_there(
    street: Street, browser_page: Any, console: list[str]
):
    page = browser_page
    user, password = street.login("agent")
    page.goto(f"{street.url}/desk/")
    page.fill("[name=username]", user)
    page.fill("[name=password]", password)
    page.click("button[type=submit]")
    page.wait_for_url(f"{street.url}/desk/")
    queue = page.locator("#queue")

    street.mail("Mail de la journée entière", "Bonjour", "Zoé Fictive <zoe@example.org>")
    queue.get_by_text("Mail de la journée entière").first.wait_for(timeout=WITHIN_MS)
    street.form("other", text="Formulaire de la journée entière", email="zoe.form@example.org")
    queue.get_by_text("Formulaire de la journée entière").first.wait_for(timeout=WITHIN_MS)
    street.drop("journee.pdf", a_letter("Lettre de la journee"))
    queue.get_by_text("journee.pdf").first.wait_for(timeout=WITHIN_MS)
    caller = street.call("1,1,1", "+33639984103")
    queue.get_by_text("+33 6 39 98 41 03").or_(queue.get_by_text("+33639984103")).first.wait_for(timeout=30_000)

    for subject, answer in (
        ("Mail de la journée entière", "Réponse au mail."),
        ("Formulaire de la journée entière", "Réponse au formulaire."),
    ):
        queue.get_by_text(subject).first.click()
        page.wait_for_url("**/desk/tickets/**")
        page.fill("#reply-text", answer)
        page.keyboard.press("Control+Enter")
        page.locator("#story").get_by_text(answer).first.wait_for()
        page.goto(f"{street.url}/desk/")
    assert console == []
    caller.hang_up()
    answers = [mail for to in ("zoe@example.org", "zoe.form@example.org") for mail in street.mails_to(to)]
    assert any("Réponse au mail." in mail for mail in answers)
