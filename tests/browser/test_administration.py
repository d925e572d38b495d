"""An administrator sets up an office in a browser, from its doors to who works there."""

from typing import Any

import pytest

from contactcenter.accounts.models import User
from contactcenter.desk.models import ReplyTemplate
from contactcenter.offices.models import Door, Office
from contactcenter.routing.models import AgentSkill, Queue

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def add(live_site: Any, browser_page: Any, client: Any) -> Any:
    """A function that opens a page of the administration on which something is added, and one that saves it."""
    client.force_login(User.objects.create_superuser(username="chief", password="x"))
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_site.url}
    browser_page.context.add_cookies([cookie])

    def opened(what: str) -> Any:
        browser_page.goto(f"{live_site.url}/admin/{what}/add/")
        return browser_page

    return opened


def save(page: Any) -> str:
    """Press save; what the page then says."""
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    page.wait_for_load_state()
    return str(page.locator(".messagelist, .errornote").inner_text())


def test_an_office_is_set_up_from_its_doors_to_who_works_there(add, console):
    page = add("offices/office")
    page.locator("#id_name").press_sequentially("Accueil de Brumefort")
    page.locator("#id_service").fill("Accueil des étrangers")
    page.locator("#id_address").fill("3 place de l'Exemple\n99000 Brumefort")
    for number, (kind, address) in enumerate([("phone", "+33 1 99 00 00 07"), ("mailbox", "Brumefort@example.org")]):
        page.locator("#doors-group .addlink, #doors-group .add-row a").first.click()
        page.locator(f"#id_doors-{number}-kind").select_option(kind)
        page.locator(f"#id_doors-{number}-address").fill(address)
        page.locator(f"#id_doors-{number}-hours").fill("lun-ven 8h30-12h30 13h30-17h\nsam 9-12")
    assert "ajouté" in save(page)

    page = add("routing/queue")
    page.locator("#id_office").select_option(label="Accueil de Brumefort")
    page.locator("#id_name").press_sequentially("File de Brumefort")
    assert "ajouté" in save(page)

    page = add("routing/skill")
    page.locator("#id_code").fill("de")
    page.locator("#id_label").fill("allemand")
    assert "ajouté" in save(page)

    page = add("accounts/user")
    page.locator("#id_username").fill("ines")
    page.locator("#id_password1").fill("une-longue-phrase")
    page.locator("#id_password2").fill("une-longue-phrase")
    page.locator("#id_offices_from option", has_text="Accueil de Brumefort").dblclick()
    assert "ajouté" in save(page)

    page = add("routing/agent")
    page.locator("#id_user").select_option(label="ines")
    page.locator("#id_able-0-skill").select_option(label="allemand")
    page.locator("#id_able-0-level").select_option(label="2 : à l'aise")
    assert "ajouté" in save(page)

    page = add("desk/replytemplate")
    page.locator("#id_title").fill("Bien reçu")
    page.locator("#id_language").select_option("fr")
    page.locator("#id_text").fill("Bonjour {name}, votre demande {reference} est bien arrivée.")
    assert "ajouté" in save(page)

    office = Office.objects.get(slug="accueil-de-brumefort")
    assert Door.objects.get(kind="phone").address == "+33199000007"
    assert Door.objects.get(kind="mailbox").hours["sat"] == [["09:00", "12:00"]]
    assert Queue.objects.get(office=office).slug == "file-de-brumefort"
    assert AgentSkill.objects.get(agent__user__username="ines").level == 2
    assert ReplyTemplate.objects.get().title == "Bien reçu"
    assert console == []


def test_what_cannot_be_is_told_beside_its_field(add, console):
    page = add("desk/replytemplate")
    page.locator("#id_title").fill("Bien reçu")
    page.locator("#id_language").select_option("fr")
    page.locator("#id_text").fill("Bonjour {prenom}")

    save(page)

    assert "{prenom}" in page.locator(".field-text .errorlist").inner_text()
    assert page.locator("#id_text").input_value() == "Bonjour {prenom}"
    assert console == []
