"""The catalogue: read with every mistake named, published in versions that never change."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone, translation

from contactcenter.procedures.models import Procedure, ProcedureVersion, PublishedVersionError
from contactcenter.procedures.reading import OURS, CatalogueError, read_catalogue
from contactcenter.procedures.selectors import current, published
from contactcenter.procedures.services import import_entries
from tests.factories import WEEK, an_office


@pytest.fixture
def catalogue(db) -> None:
    an_office(hours=WEEK)
    import_entries(read_catalogue(OURS.read_text("utf-8")))


def test_our_catalogue_has_fifteen_procedures_each_named_in_two_languages(catalogue: None):
    versions = published()

    assert len(versions) == 15
    assert all(version.named("fr") and version.named("en") for version in versions)


def test_the_same_catalogue_again_changes_nothing(catalogue: None):
    assert import_entries(read_catalogue(OURS.read_text("utf-8"))) == 0
    assert ProcedureVersion.objects.count() == 15


def test_a_changed_entry_is_a_new_version_and_the_old_one_stays(catalogue: None):
    changed = OURS.read_text("utf-8").replace("Carte perdue ou volée", "Carte perdue ou abîmée")

    assert import_entries(read_catalogue(changed)) == 1
    assert current("DUPLICATA").number == 2
    old = ProcedureVersion.objects.get(procedure__code="DUPLICATA", number=1)
    for change in (old.save, old.delete):
        with pytest.raises(PublishedVersionError):
            change()


def test_the_database_itself_refuses_to_change_what_is_published(catalogue: None):
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        ProcedureVersion.objects.filter(procedure__code="DUPLICATA").update(channels_in=["web_form"])


def test_a_withdrawn_procedure_stays_withdrawn_and_its_entry_is_no_new_version(catalogue: None):
    Procedure.objects.filter(code="TVE").update(withdrawn_at=timezone.now())

    assert import_entries(read_catalogue(OURS.read_text("utf-8"))) == 0
    assert current("TVE") is None


def test_a_draft_is_checked_in_the_admin_as_a_file_is(admin_client: Client):
    procedure = Procedure.objects.create(code="ESSAI")
    facts = {
        "procedure": procedure.pk,
        "name": '{"en": "Only English"}',
        "hint": "{}",
        "legal_natures": '{"any": "appeal"}',
        "channels_in": '["phone", "pigeon"]',
        "channels_out": '["letter"]',
        "pieces": "[]",
        "silence_effect": "none",
    }

    refused = admin_client.post("/admin/procedures/procedureversion/add/", facts).content.decode()

    assert "pigeon" in refused
    assert ProcedureVersion.objects.count() == 0

    good = {**facts, "name": '{"fr": "Essai"}', "legal_natures": '{"any": "assistance"}', "channels_in": '["phone"]'}
    admin_client.post("/admin/procedures/procedureversion/add/", good)

    assert ProcedureVersion.objects.get().number == 1


def test_a_new_version_is_prepared_from_a_published_one(catalogue: None, admin_client: Client):
    old = current("TVE")

    admin_client.post("/admin/procedures/procedureversion/", {"action": "prepare_next", "_selected_action": [old.pk]})
    draft = ProcedureVersion.objects.get(procedure__code="TVE", published_at=None)
    admin_client.post(
        "/admin/procedures/procedureversion/", {"action": "publish_chosen", "_selected_action": [draft.pk]}
    )

    assert draft.number == 2
    assert current("TVE") == draft


def test_every_mistake_in_a_catalogue_is_said_with_its_place():
    with translation.override("en"), pytest.raises(CatalogueError) as refused:
        read_catalogue(
            "procedures:\n"
            "  - {code: A, name: {en: x}, legal_nature: {any: gift}, channels_in: [pigeon], channels_out: [letter]}\n"
            "  - {name: {fr: y}, legal_nature: {any: appeal}, channels_in: [phone], channels_out: [letter], "
            "silence: {effect: reject}}\n"
            "  - {code: a, name: {fr: y}, legal_nature: {any: appeal}, channels_in: [phone], channels_out: [letter]}\n"
        )

    assert refused.value.mistakes[0] == "A (line 2): the French name is missing."
    said = " ".join(refused.value.mistakes)
    assert all(
        words in said
        for words in (
            "A (line 2): the legal nature gift is none of",
            "A (line 2): channels_in names pigeon",
            "Procedure 2 (line 3): the code is missing",
            "Procedure 2 (line 3): silence decides after a number of months",
            "a (line 4): an application, complaint or appeal says what silence means",
            "a (line 4): this code stands twice",
        )
    )


ROW = "code: A, name: {fr: x}, legal_nature: {any: assistance}, channels_in: [phone, letter], channels_out: [letter]"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "- [",
        "procedures: 3",
        "procedures: [x]",
        "procedures: [{? [a] : b}]",
        "procedures: 2026-13-45",
        "[" * 5000,
        "\x00",
        *(
            f"procedures: [{{{ROW}, {wrong}}}]"
            for wrong in (
                "name: {fr: Perdue, volée}",
                "name: x",
                "hint: 3",
                "code: 12",
                "code: a/b",
                "legal_nature: assistance",
                "legal_nature: {any: [appeal]}",
                "channels_in: phone",
                "channels_out: [{letter: 1}]",
                "silence: reject",
                "silence: {effect: reject, months: -1}",
                "silence: {effect: reject, months: true}",
                "silence: {months: 2}",
                "pieces: [photo]",
                "pieces: [{code: photo}]",
                "pieces: &p [*p]",
                "service_class: [x]",
            )
        ),
    ],
)
def test_what_is_no_catalogue_is_said(text: str):
    with pytest.raises(CatalogueError):
        read_catalogue(text)


def test_a_file_that_is_no_text_is_said(tmp_path: Path):
    (tmp_path / "c.yaml").write_bytes(b"\xff\xfe\x00")

    with pytest.raises(CommandError, match="UTF-8"):
        call_command("procedures", "import", str(tmp_path / "c.yaml"))
