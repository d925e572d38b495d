"""No procedure depends on the Internet alone, and none comes to do so unnoticed."""

from io import StringIO
from pathlib import Path

import pytest
from django.contrib.admin.sites import site
from django.contrib.messages import get_messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.test import Client, RequestFactory
from django.utils import timezone

from contactcenter.offices.models import Door
from contactcenter.procedures.management.commands.procedures import OURS
from contactcenter.procedures.models import Procedure, ProcedureVersion, PublishedVersionError
from contactcenter.procedures.parity import gaps
from contactcenter.procedures.reading import CatalogueError, read_catalogue
from contactcenter.procedures.selectors import current, published
from contactcenter.procedures.services import ParityError, import_entries, publish
from contactcenter.reports.models import Alarm
from contactcenter.reports.parity import sweep_parity
from tests.factories import WEEK, a_user, an_office

DIGITAL = """
procedures:
  - code: EN_LIGNE
    name: {fr: Tout en ligne}
    legal_nature: {any: assistance}
    channels_in: [email, web_form]
    channels_out: [email]
"""


@pytest.fixture
def catalogue(db) -> None:
    an_office(hours=WEEK)
    import_entries(read_catalogue(OURS.read_text("utf-8")))


def a_draft(**fields: object) -> ProcedureVersion:
    facts = {
        "channels_in": ["phone", "letter"],
        "channels_out": ["letter"],
        "name": {"fr": "Essai"},
        "legal_natures": {"any": "assistance"},
        **fields,
    }
    procedure = Procedure.objects.create(code=f"ESSAI{Procedure.objects.count()}")
    return ProcedureVersion.objects.create(procedure=procedure, number=1, **facts)


@pytest.mark.parametrize(
    ("doors", "lacking"),
    [
        ({"phone", "mailroom", "counter"}, set()),
        ({"mailroom"}, set()),
        ({"phone"}, {"documents"}),
        ({"counter"}, {"answer"}),
        ({"mailbox"}, {"way_in", "documents", "follow", "answer"}),
    ],
)
def test_a_flag_opens_nothing_where_no_door_stands_behind_it(doors: set[str], lacking: set[str]):
    ways_in, ways_out = ["phone", "letter", "counter", "web_form"], ["letter", "phone", "email"]
    if doors == {"counter"}:
        ways_out = ["letter", "email"]

    assert {gap.code for gap in gaps("X", ways_in, ways_out, doors)} == lacking


@pytest.mark.django_db
def test_publishing_what_leaves_people_outside_is_refused_with_what_is_missing():
    an_office(hours=WEEK)

    with pytest.raises(ParityError) as refused:
        publish(a_draft(channels_in=["email", "web_form"], channels_out=["email"]))

    assert {gap.code for gap in refused.value.gaps} == {"way_in", "documents", "follow", "answer"}
    assert "Internet" in str(refused.value)
    assert current("ESSAI0") is None


@pytest.mark.django_db
def test_importing_it_is_refused_as_a_whole(tmp_path: Path):
    an_office(hours=WEEK)
    file = tmp_path / "catalogue.yaml"
    file.write_text(DIGITAL)

    with pytest.raises(CommandError, match="EN_LIGNE"):
        call_command("procedures", "import", str(file))

    assert Procedure.objects.count() == 0


@pytest.mark.django_db
def test_the_admin_refuses_it_too(admin_user):
    an_office(hours=WEEK)
    draft = a_draft(channels_in=["web_form"], channels_out=["email"])
    request = RequestFactory().post("/admin/")
    request.user = admin_user
    request.session = {}
    request._messages = FallbackStorage(request)

    site.get_model_admin(ProcedureVersion).publish_chosen(request, ProcedureVersion.objects.filter(pk=draft.pk))

    assert any("Internet" in str(message) for message in get_messages(request))
    draft.refresh_from_db()
    assert draft.published_at is None


def test_closing_the_only_mailroom_raises_the_alarm_until_it_opens_again(catalogue: None, client: Client):
    assert sweep_parity() == (0, 0)
    mailroom = Door.objects.filter(kind="mailroom")

    mailroom.update(closed_at=timezone.now())
    opened, _closed = sweep_parity()

    assert opened >= 1
    alarm = Alarm.objects.filter(kind="parity", closed_at=None).first()
    assert alarm is not None
    assert "EMPLOYEUR" in alarm.text
    assert any(
        "EMPLOYEUR" in str(found.msg) for found in run_checks(databases=["default"], include_deployment_checks=False)
    )
    client.force_login(a_user("supervisor"))
    assert "EMPLOYEUR" in client.get("/wallboard/").content.decode()
    said = StringIO()
    with pytest.raises(CommandError):
        call_command("doctor", stdout=said)
    assert "EMPLOYEUR" in said.getvalue()

    mailroom.update(closed_at=None)
    sweep_parity()

    assert not Alarm.objects.filter(kind="parity", closed_at=None).exists()
    assert Alarm.objects.filter(kind="parity").count() == opened


def test_a_mailroom_without_hours_is_no_mailroom(catalogue: None):
    Door.objects.filter(kind="mailroom").update(hours={})

    assert sweep_parity()[0] >= 1


def test_our_catalogue_has_fifteen_procedures_each_named_in_two_languages(catalogue: None):
    versions = published()

    assert len(versions) == 15
    assert all(version.named("fr") and version.named("en") for version in versions)


def test_the_same_catalogue_again_changes_nothing(catalogue: None):
    assert import_entries(read_catalogue(OURS.read_text("utf-8"))) == 0
    assert ProcedureVersion.objects.count() == 15


def test_a_changed_entry_is_a_new_version_and_the_old_one_stays(catalogue: None):
    changed = OURS.read_text("utf-8").replace("Carte perdue ou volée", "Carte perdue, volée ou abîmée")

    assert import_entries(read_catalogue(changed)) == 1
    assert current("DUPLICATA").number == 2
    old = ProcedureVersion.objects.get(procedure__code="DUPLICATA", number=1)
    with pytest.raises(PublishedVersionError):
        old.save()


def test_every_mistake_in_a_catalogue_is_said_with_its_place():
    with pytest.raises(CatalogueError) as refused:
        read_catalogue(
            "procedures:\n"
            "  - {code: A, name: {en: x}, legal_nature: {any: gift}, channels_in: [pigeon], channels_out: [letter]}\n"
            "  - {name: {fr: y}, legal_nature: {any: appeal}, channels_in: [phone], channels_out: [letter], "
            "silence: {effect: reject}}\n"
        )

    said = " ".join(refused.value.mistakes)
    assert all(
        word in said
        for word in ("A has no French name", "A has a legal nature", "A has a way in", "Procedure 2 has no code")
    )
    assert "after how many months" in said


@pytest.mark.parametrize("text", ["", "- [", "procedures: 3", "procedures: [x]"])
def test_what_is_no_catalogue_is_said(text: str):
    with pytest.raises(CatalogueError):
        read_catalogue(text)
