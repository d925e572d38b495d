"""The public side: no account, no JavaScript, nothing lost."""

import hashlib
import json
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone, translation

from contactcenter import vault
from contactcenter.desk import services as desk
from contactcenter.intake.services import receive
from contactcenter.offices.models import Door
from contactcenter.receipts import rendering
from contactcenter.tickets.models import Interaction, Ticket
from contactcenter.webform.week import week_in_words
from tests.factories import a_caller, an_agent, an_office

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(client: Client, settings, tmp_path) -> Client:
    settings.CC_DATA_DIR = tmp_path
    an_office()
    return client


def a_blank_form(person: Client, procedure: str = "other") -> str:
    page = person.get(f"/request/{procedure}/").content.decode()
    found = re.search(r'name="token" value="([^"]+)"', page)
    assert found is not None
    return found.group(1)


def post(person: Client, **fields: object):
    token = a_blank_form(person)
    return person.post("/request/other/", {"token": token, "text": "Ma carte est perdue.", **fields}, follow=True)


def numbers(page: str) -> tuple[str, str]:
    reference = re.search(r'data-reference="(\d+)"', page)
    code = re.search(r'data-code="(\d+)"', page)
    assert reference is not None
    assert code is not None
    return reference.group(1), code.group(1)


def test_the_portal_names_every_way_before_any_form(person: Client):
    page = person.get("/").content.decode()

    office = an_office()
    for door in Door.objects.filter(office=office, kind__in=["mailbox", "phone"]):
        assert door.address in page
    assert page.index("tel:") < page.index("/request/other/")


def test_the_portal_speaks_english_by_a_link(person: Client):
    assert "Choose what suits you." in person.get("/?lang=en").content.decode()
    assert "Choose what suits you." in person.get("/").content.decode()
    assert "Choisissez ce qui vous convient." in person.get("/?lang=fr").content.decode()


def test_only_the_text_is_needed_and_the_confirmation_carries_both_numbers(person: Client):
    page = post(person).content.decode()

    reference, code = numbers(page)
    ticket = Ticket.objects.get(reference=reference)
    assert ticket.follow_code == code
    assert ticket.work_items.get().kind == "message"
    assert ticket.person is None


def test_a_double_click_is_one_request_with_the_same_confirmation(person: Client):
    fields = {"token": a_blank_form(person), "text": "Bonjour"}

    first = person.post("/request/other/", fields)
    second = person.post("/request/other/", fields)

    assert first["Location"] == second["Location"]
    assert Ticket.objects.count() == 1


def test_what_was_typed_is_kept_when_something_is_missing(person: Client):
    page = post(person, text=" ", name="Ana Exemple", address="3 allée des Tilleuls")

    assert page.status_code == 422
    assert "Ana Exemple" in page.content.decode()
    assert "3 allée des Tilleuls" in page.content.decode()
    assert Ticket.objects.count() == 0


def test_too_many_files_are_refused_with_everything_typed_kept(person: Client):
    files = [SimpleUploadedFile(f"{number}.txt", b"x") for number in range(11)]
    page = post(person, files=files, name="Ana Exemple")

    assert page.status_code == 422
    assert "Ana Exemple" in page.content.decode()


@pytest.mark.parametrize(
    ("name", "data", "problem"),
    [("vide.pdf", b"", "empty"), ("cassé.pdf", b"%PDF-1.4 nothing more", "corrupt"), ("faux.pdf", b"hello", "corrupt")],
)
def test_a_file_nobody_can_open_is_kept_and_said(person: Client, name: str, data: bytes, problem: str):
    page = post(person, files=[SimpleUploadedFile(name, data)]).content.decode()

    kept = Interaction.objects.get().attachments.get()
    assert kept.problem == problem
    assert name in page
    assert "n'avons pas pu ouvrir" in page


def test_the_receipt_is_there_to_print(person: Client):
    shown = post(person)
    address = shown.redirect_chain[-1][0]

    pdf = person.get(f"{address}receipt.pdf")

    assert pdf.headers["Content-Type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF-")


def test_following_needs_both_numbers_and_says_nothing_without(person: Client):
    reference, code = numbers(post(person, text="Zanzibar").content.decode())

    wrong = person.post("/follow/", {"reference": reference, "code": "000001"})
    unknown = person.post("/follow/", {"reference": "1234567890", "code": "000001"})
    right = person.post("/follow/", {"reference": reference, "code": f" {code[:3]} {code[3:]}"})

    assert (wrong.status_code, unknown.status_code, right.status_code) == (403, 403, 200)
    assert reference in right.content.decode()


def test_a_code_cannot_be_found_by_trying(person: Client):
    reference, code = numbers(post(person).content.decode())
    for number in range(5):
        person.post("/follow/", {"reference": reference, "code": f"{number:06d}"})

    answer = person.post("/follow/", {"reference": reference, "code": code})
    elsewhere = person.post("/follow/", {"reference": reference, "code": code}, REMOTE_ADDR="198.51.100.7")

    assert answer.status_code == 429
    assert elsewhere.status_code == 200


def test_behind_a_proxy_each_source_has_its_own_tries(person: Client, settings):
    settings.CC_PROXIES = 1
    reference, code = numbers(post(person).content.decode())
    proof = {"reference": reference, "code": code}
    for number in range(5):
        wrong = {"reference": reference, "code": f"{number:06d}"}
        person.post("/follow/", wrong, HTTP_X_FORWARDED_FOR=f"10.0.0.{number}, 198.51.100.7")

    same = person.post("/follow/", proof, HTTP_X_FORWARDED_FOR="203.0.113.1, 198.51.100.7")
    other = person.post("/follow/", proof, HTTP_X_FORWARDED_FOR="198.51.100.8")

    assert (same.status_code, other.status_code) == (429, 200)


def test_too_many_files_for_one_post_are_refused_with_everything_typed_kept(person: Client):
    files = [SimpleUploadedFile(f"{number}.txt", b"x") for number in range(60)]

    answer = post(person, files=files, name="Ana Exemple")

    assert answer.status_code == 422
    assert "Ana Exemple" in answer.content.decode()


def test_a_receipt_is_verified_without_telling_whose_it_is(person: Client):
    reference, _code = numbers(post(person, text="Zanzibar", name="Ana Exemple").content.decode())
    receipt = Ticket.objects.get(reference=reference).receipts.get()

    page = person.get(f"/verify/{receipt.code}/").content.decode()

    assert "Accueil des étrangers" in page
    assert "Ana" not in page
    assert "Zanzibar" not in page
    assert reference not in page
    assert person.get("/verify/1111222233334444/").status_code == 404


def test_an_unknown_procedure_offers_the_others(person: Client):
    answer = person.get("/request/nothing-like-it/")

    assert answer.status_code == 404
    assert "/request/other/" in answer.content.decode()


def test_markup_is_shown_as_text(person: Client):
    page = post(person, text="<script>alert(1)</script>").content.decode()

    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_the_same_form_sent_again_with_other_words_loses_none_of_them(person: Client):
    token = a_blank_form(person)

    first = person.post("/request/other/", {"token": token, "text": "Ma carte est perdue."})
    second = person.post("/request/other/", {"token": token, "text": "Ma carte est perdue, et volée."}, follow=True)

    assert second.redirect_chain[-1][0] == first["Location"]
    ticket = Ticket.objects.get()
    assert [said.text for said in ticket.interactions.order_by("pk")] == [
        "Ma carte est perdue.",
        "Ma carte est perdue, et volée.",
    ]
    assert "ajoutés à cette même demande" in second.content.decode()


def test_an_address_we_cannot_use_is_shown_to_the_agent(person: Client):
    post(person, email="ana at example", phone="06 trois fois", name="Ana Exemple")

    said = Interaction.objects.get()
    assert said.text.startswith("Ma carte est perdue.")
    assert "ana at example" in said.text
    assert "06 trois fois" in said.text
    assert said.person is not None
    assert said.person.name == "Ana Exemple"


def test_a_very_long_request_is_not_refused(person: Client):
    numbers(post(person, text="mot " * 100_000).content.decode())

    assert len(Interaction.objects.get().text) == 400_000


def test_a_form_that_breaks_off_gets_a_sentence(person: Client):
    answer = person.post("/request/other/", b"--x\r\nContent-Disp", content_type="multipart/form-data; boundary=")

    assert answer.status_code == 422
    assert "interrompu" in answer.content.decode()


def test_a_receipt_can_be_had_again_with_both_numbers(person: Client):
    reference, code = numbers(post(person).content.decode())
    page = person.post("/follow/", {"reference": reference, "code": code}).content.decode()
    copy = re.search(r'href="(/follow/[^"]+/receipt.pdf)"', page)
    assert copy is not None

    assert person.get(copy.group(1)).content.startswith(b"%PDF-")
    assert person.get(copy.group(1).replace("receipt.pdf", "").rstrip("/") + "x/receipt.pdf").status_code == 404


def test_a_confirmation_that_is_over_leads_to_the_follow_page(person: Client):
    shown = post(person)
    Interaction.objects.update(occurred_at=timezone.now() - timedelta(days=2))

    assert person.get(shown.redirect_chain[-1][0])["Location"] == "/follow/"


def test_an_answer_is_read_on_the_follow_page(person: Client):
    reference, code = numbers(post(person).content.decode())
    desk.reply(reference, "Votre carte est prête au guichet.", an_agent())

    page = person.post("/follow/", {"reference": reference, "code": code}).content.decode()

    assert "Votre carte est prête au guichet." in page
    assert "Nous vous avons répondu." in page
    assert f"Enregistrée le {rendering.moment(timezone.localtime(Ticket.objects.get().opened_at))}." in page


def test_the_form_is_kept_as_it_was_posted(person: Client):
    post(person, name="Ana Exemple", phone="06 39 98 00 01", files=[SimpleUploadedFile("carte.txt", b"recto")])

    said = Interaction.objects.get()
    kept = json.loads(vault.read(said.raw_sha256))
    assert (kept["name"], kept["phone"], kept["text"]) == ("Ana Exemple", "06 39 98 00 01", "Ma carte est perdue.")
    assert kept["files"] == [["carte.txt", hashlib.sha256(b"recto").hexdigest()]]


def test_the_portal_tells_the_wait_in_words(person: Client):
    before = person.get("/").content.decode()
    receive(a_caller())
    after = person.get("/").content.decode()

    assert "personne n&#x27;attend" in before
    assert "1 personne avant vous" in after


def test_hours_read_as_they_are_said():
    hours = {
        **{day: [["08:30", "12:00"], ["14:00", "18:00"]] for day in ("mon", "tue", "wed")},
        "sat": [["09:00", "12:30"]],
    }

    with translation.override("fr"):
        said = [line.replace("\xa0", " ") for line in week_in_words(hours)]

    assert said == ["lun–mer 8 h 30 – 12 h, 14 h – 18 h", "sam 9 h – 12 h 30"]
