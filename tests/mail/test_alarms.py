"""Alarms by e-mail: each goes out once, through a relay that may be away for a while."""

import threading
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from contactcenter.accounts.models import Role, User
from contactcenter.demo.models import DemoMail
from contactcenter.reports.models import Alarm, AlarmMail
from contactcenter.servers import free_port
from mail.alarms import send_alarms
from tests.factories import a_user, an_office
from tests.mail.test_services import sink  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def mail() -> AlarmMail:
    an_office()
    alarm = Alarm.objects.create(kind="threshold", key="1", text="Valmorin\r\nBcc: x@example.org: 12 appels attendent.")
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


def test_each_reader_is_written_to_in_their_language(mail, sink):  # noqa: F811
    Alarm.objects.update(texts={"fr": "12 appels attendent.", "en": "12 calls are waiting."})
    reader = a_user(Role.SUPERVISOR)
    User.objects.filter(pk=reader.pk).update(email="Lead@valmorin.example", language="en")
    AlarmMail.objects.create(alarm=mail.alarm, to="lead@valmorin.example")

    send_alarms()

    texts = dict(DemoMail.objects.values_list("to", "text"))
    assert "12 appels attendent." in texts["chef@valmorin.example"]
    assert "12 calls are waiting." in texts["lead@valmorin.example"]
    assert "appels" not in texts["lead@valmorin.example"]


def test_a_relay_that_is_away_is_tried_again_for_a_day(mail, settings):
    settings.CC_MAIL_RELAY = f"127.0.0.1:{free_port()}"

    send_alarms()
    mail.refresh_from_db()
    assert (mail.sent_at, mail.given_up_at) == (None, None)
    assert mail.error

    send_alarms()  # not due yet
    long_ago = timezone.now() - timedelta(days=2)
    AlarmMail.objects.update(made_at=long_ago, due_at=long_ago)
    send_alarms()
    mail.refresh_from_db()
    assert mail.given_up_at


def test_several_who_send_at_once_send_each_mail_once(mail, sink):  # noqa: F811
    AlarmMail.objects.bulk_create([AlarmMail(alarm=mail.alarm, to=f"chef{n}@valmorin.example") for n in range(7)])
    barrier = threading.Barrier(3)

    def send() -> None:
        try:
            barrier.wait(60)
            send_alarms()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)

    assert DemoMail.objects.count() == 8
    assert not AlarmMail.objects.filter(sent_at=None).exists()


def test_a_mail_whose_sender_died_is_tried_again(mail, sink):  # noqa: F811
    AlarmMail.objects.update(due_at=timezone.now() + timedelta(minutes=2))
    send_alarms()
    assert not DemoMail.objects.exists()

    AlarmMail.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    send_alarms()
    assert DemoMail.objects.count() == 1


def test_the_mail_that_all_is_well_says_so(mail, sink):  # noqa: F811
    Alarm.objects.update(closed_at=timezone.now())
    AlarmMail.objects.update(over=True)

    send_alarms()

    assert "Rétabli" in DemoMail.objects.get().text
