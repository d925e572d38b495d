"""The mailroom's pages, as a clerk uses them without JavaScript."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from contactcenter.outbox.models import Delivery
from contactcenter.outbox.services import deliver_due
from contactcenter.routing import services as routing
from contactcenter.routing.models import WorkItem
from contactcenter.tickets.models import Interaction, Ticket
from contactcenter.tickets.reference import spaced
from paper_intake.models import Arrival, Letter, Scan
from paper_intake.read import read_scan
from tests.factories import a_ticket, a_user, an_agent, an_office
from tests.paper_intake import papers

HOME = "12 rue des Tilleuls Imaginaires\n99999 Villefiction"


@pytest.fixture
def clerk(client, db):
    user = a_user(role="clerk")
    user.first_name = "Inès"
    user.save()
    client.force_login(user)
    return user


@pytest.fixture
def scan(inbox, after) -> Scan:
    papers.written(inbox.folder, "lettre.pdf", papers.written_pdf())
    after()
    one = Scan.objects.get()
    read_scan(one.pk)
    one.refresh_from_db()
    return one


def page_of(client, scan: Scan) -> str:
    return client.get(f"/mailroom/scans/{scan.pk}/").content.decode()


def filled(scan: Scan, **facts) -> dict[str, str]:
    """What the browser sends back of an untouched form, with what was changed."""
    text = scan.interaction.text
    return {
        "received_on": str(scan.received_on),
        "language": "fr",
        "text": text,
        "read": text,
        "name": "Marie Exemple",
        "address": HOME,
        **facts,
    }


def test_an_empty_mailroom_says_what_to_do_next(client, clerk):
    an_office()

    assert "Tous les courriers sont vérifiés." in client.get("/mailroom/").content.decode()
    assert "Le bac est vide." in client.get("/mailroom/letters/").content.decode()


@pytest.mark.parametrize(
    ("path", "word"),
    [
        ("", "À vérifier"),
        ("letters/", "À poster"),
        ("places/", "Retrouver un papier"),
        ("upload/", "Déposer des scans"),
    ],
)
def test_each_page_of_the_mailroom_says_which_one_it_is(client, clerk, path, word):
    page = client.get(f"/mailroom/{path}").content.decode()

    assert [told.strip() for told in re.findall(r'aria-current="page">\s*([^<]+?)\s*<', page)] == ["Courrier", word]


def test_the_list_shows_what_is_to_check_with_what_stands_in_the_way(client, clerk, inbox, after):
    papers.written(inbox.folder, "vide.pdf", b"")
    papers.written(inbox.folder, "secret.pdf", papers.locked_pdf())
    after()

    page = client.get("/mailroom/").content.decode()

    assert "Le fichier est vide" in page
    assert "mot de passe" in page


def test_a_long_list_goes_on_by_key(client, clerk, inbox, after, django_assert_max_num_queries):
    for number in range(60):
        papers.written(inbox.folder, f"{number}.pdf", papers.typed_pdf(f"Letter {number}"))
    after()

    with django_assert_max_num_queries(12):
        first = client.get("/mailroom/").content.decode()
    second = client.get("/mailroom/?after=" + re.search(r"\?after=(\d+)", first)[1]).content.decode()

    shown = [set(re.findall(r"/mailroom/scans/(\d+)/", page)) for page in (first, second)]
    assert [len(ids) for ids in shown] == [50, 10]
    assert not shown[0] & shown[1]
    assert client.get("/mailroom/?after=x").status_code == 200


def test_a_scan_stands_beside_what_is_proposed_from_it(client, clerk, scan):
    page = page_of(client, scan)

    assert f"/mailroom/scans/{scan.pk}/pages/1.jpg" in page
    assert 'value="Marie Exemple"' in page
    assert "renouvellement de ma carte" in page


def test_saving_lets_the_letter_be_answered_and_its_receipt_be_posted(client, clerk, scan):
    answer = client.post(f"/mailroom/scans/{scan.pk}/", filled(scan, subject="Ma carte", place="Bac 12"), follow=True)
    again = client.post(f"/mailroom/scans/{scan.pk}/", filled(scan, subject="Autre"), follow=True)

    assert "Vérifié" in answer.content.decode()
    assert "déjà été vérifié" in again.content.decode()
    assert Ticket.objects.get().subject == "Ma carte"
    assert WorkItem.objects.filter(kind="message").count() == 1
    assert Delivery.objects.filter(means="letter").count() == 1


def test_a_text_that_was_not_touched_stays_the_machines(client, clerk, scan):
    before = scan.interaction.text

    client.post(f"/mailroom/scans/{scan.pk}/", filled(scan, text=before.replace("\n", "\r\n")))

    assert Interaction.objects.get().text == before


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"reference": "1234567890"}, "un chiffre est faux"),
        ({"email": "marie chez example"}, "adresse"),
        ({"phone": "12"}, "numéro de téléphone"),
        ({"received_on": "2999-01-01"}, "pas encore venu"),
        ({"received_on": ""}, "obligatoire"),
        ({"postmark_on": "2999-01-01"}, "pas encore venu"),
    ],
)
def test_a_mistake_is_told_beside_its_field_and_all_that_was_typed_is_kept(client, clerk, scan, wrong, told):
    answer = client.post(f"/mailroom/scans/{scan.pk}/", filled(scan, subject="Gardez ceci", **wrong))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert told in page
    assert 'value="Gardez ceci"' in page
    assert 'aria-invalid="true"' in page
    assert WorkItem.objects.get().kind == "scan_check"


def test_a_letter_joins_the_request_whose_number_it_bears(client, clerk, scan):
    known = a_ticket()

    client.post(f"/mailroom/scans/{scan.pk}/", filled(scan, reference=f"{known.reference[:3]} {known.reference[3:]}"))

    assert known.interactions.filter(channel="paper").count() == 1


def test_a_reference_of_another_office_is_as_if_it_did_not_exist(client, clerk, scan):
    elsewhere = a_ticket(office=an_office("elsewhere"))

    answer = client.post(f"/mailroom/scans/{scan.pk}/", filled(scan, reference=elsewhere.reference))

    assert answer.status_code == 422
    assert "que vous puissiez voir" in answer.content.decode()


def test_a_letter_in_a_colleagues_hands_is_shown_as_theirs(client, clerk, scan):
    routing.take(WorkItem.objects.get().pk, an_agent(role="clerk"))

    assert "Voyez ensemble" in page_of(client, scan)
    answer = client.post(f"/mailroom/scans/{scan.pk}/", filled(scan, subject="Gardez ceci"))
    assert answer.status_code == 409
    assert 'value="Gardez ceci"' in answer.content.decode()


def test_the_next_letter_is_taken_and_opened(client, clerk, scan):
    answer = client.post("/mailroom/next/")

    assert answer.url == f"/mailroom/scans/{scan.pk}/"
    assert WorkItem.objects.get().state == "assigned"
    assert client.post("/mailroom/next/").url == "/mailroom/"


def test_several_files_are_handed_in_at_once_and_a_double_click_doubles_nothing(client, clerk, data_dir):
    def files():
        good = SimpleUploadedFile("lettre.pdf", pdf)
        return [good, SimpleUploadedFile("vide.pdf", b""), SimpleUploadedFile("secret.pdf", locked)]

    an_office()
    pdf, locked = papers.scanned_pdf(), papers.locked_pdf()
    assert 'enctype="multipart/form-data"' in client.get("/mailroom/upload/").content.decode()

    answer = client.post("/mailroom/upload/", {"files": files(), "token": "t1", "place": "Bac 3"}, follow=True)
    client.post("/mailroom/upload/", {"files": files(), "token": "t1", "place": "Bac 3"})

    assert "3 courriers enregistrés" in answer.content.decode()
    assert Ticket.objects.count() == Scan.objects.count() == Arrival.objects.count() == 3
    assert set(Scan.objects.values_list("place", flat=True)) == {"Bac 3"}


def test_an_upload_without_a_file_says_so(client, clerk):
    an_office()

    answer = client.post("/mailroom/upload/", {"token": "t", "place": "Bac 9"})

    assert answer.status_code == 422
    assert "Choisissez au moins un fichier." in answer.content.decode()
    assert 'value="Bac 9"' in answer.content.decode()


def test_too_many_files_at_once_are_refused_in_a_sentence(client, clerk):
    an_office()
    files = [SimpleUploadedFile(f"{number}.pdf", b"x") for number in range(41)]

    answer = client.post("/mailroom/upload/", {"files": files, "token": "t"})

    assert answer.status_code == 422
    assert "Au plus 40 fichiers" in answer.content.decode()


def test_a_letter_is_printed_and_marked_as_posted_once(client, clerk, scan):
    client.post(f"/mailroom/scans/{scan.pk}/", filled(scan))
    deliver_due()
    letter = Letter.objects.get()

    pdf = client.get(f"/mailroom/letters/{letter.pk}/letter.pdf")
    listed = client.get("/mailroom/letters/").content.decode()
    told = client.post(f"/mailroom/letters/{letter.pk}/posted/", follow=True).content.decode()
    client.post(f"/mailroom/letters/{letter.pk}/posted/")

    assert b"".join(pdf).startswith(b"%PDF")
    assert spaced(Ticket.objects.get().reference) in listed
    assert "est posté" in told
    assert "Le bac est vide." in told
    assert Delivery.objects.get(means="letter").state == "sent"


def test_a_paper_is_found_by_its_tray(client, clerk, scan):
    client.post(f"/mailroom/scans/{scan.pk}/", filled(scan, place="Bac 12, chemise 7", subject="Ma carte"))

    assert "Ma carte" in client.get("/mailroom/places/?q=bac 12").content.decode()
    assert "Aucun papier" in client.get("/mailroom/places/?q=bac 99").content.decode()


def test_the_next_letter_is_proposed_to_lie_where_the_last_was_put(client, clerk, scan, inbox, after):
    client.post(f"/mailroom/scans/{scan.pk}/", filled(scan, place="Bac 12"))
    papers.written(inbox.folder, "autre.pdf", papers.scanned_pdf(("Autre",)))
    after()

    assert 'value="Bac 12"' in page_of(client, Scan.objects.latest("pk"))


def test_originals_are_saved_and_never_opened_in_place(client, clerk, scan):
    original = client.get(f"/mailroom/scans/{scan.pk}/original")
    picture = client.get(f"/mailroom/scans/{scan.pk}/pages/1.jpg")

    assert original["Content-Disposition"].startswith("attachment")
    assert picture["Content-Type"] == "image/jpeg"
    for answer in (original, picture):
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer["Content-Security-Policy"]
    assert client.get(f"/mailroom/scans/{scan.pk}/pages/9.jpg").status_code == 404


def test_who_does_not_work_in_the_mailroom_is_kept_out(client, scan):
    client.force_login(a_user(role="agent", skills=("writing",)))

    assert client.get("/mailroom/").status_code == 403
    assert client.post(f"/mailroom/scans/{scan.pk}/", filled(scan)).status_code == 403


def test_an_auditor_reads_the_mailroom_and_checks_nothing(client, scan):
    client.force_login(a_user(role="auditor", skills=("writing",)))

    assert client.get(f"/mailroom/scans/{scan.pk}/").status_code == 200
    assert client.post(f"/mailroom/scans/{scan.pk}/", filled(scan)).status_code == 403


def test_an_agent_with_the_ticket_before_them_may_see_its_pages(client, scan):
    client.force_login(a_user(role="agent", skills=("writing",)))

    assert client.get(f"/mailroom/scans/{scan.pk}/pages/1.jpg").status_code == 200


@pytest.mark.parametrize("where", ["", "original", "pages/1.jpg"])
def test_another_offices_letters_are_as_if_they_did_not_exist(client, scan, where):
    client.force_login(a_user(role="clerk", office=an_office("elsewhere")))

    assert client.get(f"/mailroom/scans/{scan.pk}/{where}").status_code == 404
    assert client.get("/mailroom/").content.decode().count("/mailroom/scans/") == 0


@pytest.mark.parametrize("path", ["", "upload/", "letters/", "places/", "scans/1/", "scans/1/original"])
def test_nobody_gets_in_without_logging_in(client, db, path):
    assert client.get(f"/mailroom/{path}").status_code == 302


def test_files_that_are_stuck_in_the_folder_are_shown(client, clerk, inbox, monkeypatch):
    papers.written(inbox.folder, "coincee.pdf", papers.scanned_pdf())
    monkeypatch.setattr("paper_intake.views.stuck", lambda: ["coincee.pdf"])

    assert "coincee.pdf" in client.get("/mailroom/").content.decode()


def test_the_ticket_page_shows_the_letter(scan):
    from paper_intake.channel import PaperChannel

    html = PaperChannel().timeline([scan.interaction_id])[scan.interaction_id].html

    assert f"/mailroom/scans/{scan.pk}/pages/1.jpg" in html
