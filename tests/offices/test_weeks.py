"""Hours are entered as people write them on a door."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from contactcenter.offices.hours import parse_week
from contactcenter.offices.weeks import WeekField, as_text, as_week

MORNING = [["08:30", "12:30"]]
WORKDAYS = ("mon", "tue", "wed", "thu", "fri")


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("lun 8:30-12:30", {"mon": MORNING}),
        ("Lundi : 8h30 à 12h30", {"mon": MORNING}),
        ("Monday 8:30 to 12:30", {"mon": MORNING}),
        ("lun-ven 8:30-12:30", dict.fromkeys(WORKDAYS, MORNING)),
        ("lun et fériés 8-12", None),
        ("ven-lun 8-12", None),
        ("mon to fri 8:30–12:30", dict.fromkeys(WORKDAYS, MORNING)),
        ("lundi au mercredi et vendredi 8h30-12h30", dict.fromkeys(("mon", "tue", "wed", "fri"), MORNING)),
        ("mar, jeu 8:30-12:30", {"tue": MORNING, "thu": MORNING}),
        ("lun 8:30-12:30, 14h-18h", {"mon": [["08:30", "12:30"], ["14:00", "18:00"]]}),
        ("lun 8:30-12:30\nlun 14-18", {"mon": [["08:30", "12:30"], ["14:00", "18:00"]]}),
        ("sam 22:00-24:00", {"sat": [["22:00", "24:00"]]}),
        ("", {}),
        ("8:30-12:30", None),
        ("lun", None),
        ("lun matin", None),
        ("lun 8:30-12:30 sauf fériés", None),
        ("lun 8:30", None),
        ('{"mon": [["08:30", "12:30"]]}', None),
    ],
)
def test_what_stands_on_a_door_is_read_or_named(written: str, kept: dict[str, list[list[str]]] | None):
    if kept is None:
        with translation.override("en"), pytest.raises(ValidationError, match=r"cannot be read: write days and times"):
            as_week(written)
    else:
        assert as_week(written) == kept
        parse_week(kept)


@pytest.mark.parametrize(("language", "written"), [("fr", "lun 08:30-12:30"), ("en", "Mon 08:30-12:30")])
def test_what_is_kept_is_shown_in_the_reader_s_words_and_read_again(language: str, written: str):
    week = {"mon": MORNING, "tue": []}

    with translation.override(language):
        shown = as_text(week)

    assert shown == written
    assert as_week(shown) == {"mon": MORNING}


def test_a_form_sent_back_untouched_changes_nothing():
    field = WeekField(required=False)
    week = dict.fromkeys(WORKDAYS, MORNING)

    assert not field.has_changed(week, field.prepare_value(week))
    assert field.has_changed(week, "lun 9-12")
    assert field.prepare_value("lun bientôt") == "lun bientôt"
