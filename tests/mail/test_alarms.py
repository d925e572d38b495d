"""Alarms by e-mail: each goes out once, through a relay that may be away for a while."""

from datetime import timedelta

import pytest
from django.utils import timezone

from contactcenter.demo.models import DemoMail
from contactcenter.reports.models import Alarm, AlarmMail
from contactcenter.servers import free_port
from mail.alarms import send_alarms
from tests.factories import an_office
from tests.mail.test_services import sink  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def mail() -> AlarmMail:
    an_office()
    alarm = Alarm.objects.create(kind="line", key="1", text="Valmorin\r\nBcc: x@example.org: 12 appels attendent.")
    return AlarmMail.objects.create(alarm=alarm, to="chef@valmorin.example")


def test_it_is_sent_once_and_its_subject_is_one_line(mail, sink):  # noqa: F811
    send_alarms()
    send_alarms()

    kept = DemoMail.objects.get()
    assert (kept.to, kept.sender) == ("chef@valmorin.example", "")
    assert "12 appels attendent" in kept.text
    assert "/wallboard/" in kept.text
    mail.refresh_from_db()
    assert mail.sent_at


def test_a_relay_that_is_away_is_tried_again_for_a_day(mail, settings):
    settings.CC_MAIL_RELAY = f"127.0.0.1:{free_port()}"

    send_alarms()
    mail.refresh_from_db()
    assert (mail.sent_at, mail.given_up_at) == (None, None)
    assert mail.error

    AlarmMail.objects.update(made_at=timezone.now() - timedelta(days=2))
    send_alarms()
    mail.refresh_from_db()
    assert mail.given_up_at


def test_the_mail_that_all_is_well_says_so(mail, sink):  # noqa: F811
    Alarm.objects.update(closed_at=timezone.now())
    AlarmMail.objects.update(over=True)

    send_alarms()

    assert "Rétabli" in DemoMail.objects.get().text
