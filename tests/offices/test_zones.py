"""Figures of offices that live by one clock are told by it."""

from zoneinfo import ZoneInfo

import pytest
from pytest_django.fixtures import Settings

from contactcenter.offices.zones import shared_zone
from tests.factories import an_office

pytestmark = pytest.mark.django_db


def test_offices_that_share_a_clock_are_told_by_it_and_others_by_the_house_s():
    here = an_office()
    fort, lamentin = (an_office(slug, timezone="America/Martinique") for slug in ("fort", "lamentin"))

    assert shared_zone({fort.pk, lamentin.pk}) == ZoneInfo("America/Martinique")
    assert shared_zone({here.pk, fort.pk}) == shared_zone(None) == shared_zone(set()) == ZoneInfo("Europe/Paris")


def test_the_house_s_clock_may_be_called_by_its_offset_alone(settings: Settings):
    settings.TIME_ZONE = "Etc/GMT-4"  # "+04" to itself, which is the name of no zone

    assert shared_zone(set()) == ZoneInfo("Etc/GMT-4")
