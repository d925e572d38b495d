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

from contactcenter.offices.models import Door, Office
from contactcenter.procedures.models import Procedure, ProcedureVersion
from contactcenter.procedures.parity import gaps
from contactcenter.procedures.reading import OURS, read_catalogue
from contactcenter.procedures.selectors import current
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


def test_each_office_is_judged_by_its_own_doors(catalogue: None):
    other = an_office("roquebrande", hours=WEEK)
    assert sweep_parity() == (0, 0)

    Door.objects.filter(office=other, kind="mailroom").update(closed_at=timezone.now())
    sweep_parity()

    alarm = Alarm.objects.get(kind="parity", closed_at=None)
    assert alarm.key == "EMPLOYEUR.documents.roquebrande"
    assert other.name in alarm.text


def test_an_office_that_has_no_doors_yet_is_not_judged(catalogue: None):
    Office.objects.create(slug="soon", name="Bientôt", service="Bientôt", address="1 rue de l'Exemple")

    assert sweep_parity() == (0, 0)


@pytest.mark.parametrize("hours", [{"mon": []}, {"mon": [["18:00", "08:00"]]}, []])
def test_hours_without_an_hour_open_no_door(catalogue: None, hours: object):
    Door.objects.filter(kind="mailroom").update(hours=hours)

    assert sweep_parity()[0] >= 1


def test_the_check_calls_a_mistake_what_no_door_could_mend(catalogue: None):
    procedure = Procedure.objects.create(code="PASSE_OUTRE")
    facts = {"channels_in": ["web_form"], "channels_out": ["email"], "name": {"fr": "x"}}
    ProcedureVersion.objects.create(procedure=procedure, number=1, published_at=timezone.now(), **facts)

    found = [one for one in run_checks(databases=["default"]) if "PASSE_OUTRE" in str(one.msg)]

    assert len(found) == 4
    assert all(one.is_serious() for one in found)


@pytest.mark.django_db(transaction=True)
def test_the_check_has_nothing_to_say_before_there_are_tables(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(Office._meta, "db_table", "not_yet_there")

    assert [one for one in run_checks(databases=["default"]) if "procedures" in str(one.id)] == []


def test_our_own_catalogue_is_checked_without_a_database():
    assert [one for one in run_checks(tags=["procedures"]) if one.is_serious()] == []
