"""What is killed, hangs or answers nonsense costs seconds, never what was accepted."""

import asyncio
import smtplib
import socket
import time
from collections.abc import Iterator
from contextlib import closing

import pytest
import requests
from django.utils import timezone

from contactcenter import channel, jobs
from contactcenter.channel import Outbound, Sent
from contactcenter.demo import mailbox
from contactcenter.outbox.models import Delivery
from contactcenter.outbox.services import deliver_due
from ivr.carry import carry_due
from ivr.models import Command
from ivr.provider import Provider, ProviderError
from ivr.services import calls, voicemail
from tests.factories import a_ticket, an_office


class KilledError(BaseException):
    """The worker is gone in the middle of its work, as after a kill -9."""


class Killer:
    """A channel in which the worker's life ends."""

    name, label, urls = "email", "Killer", ""

    def send(self, outbound: Outbound) -> Sent:
        raise KilledError


@pytest.fixture
def hanging() -> Iterator[int]:
    """The port of a server that takes connections and never says a word, like one that was stopped."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        yield int(server.getsockname()[1])


@pytest.mark.django_db
def test_a_killed_worker_holds_up_one_receipt_and_not_those_behind_it():
    for _ in range(3):
        a_ticket()
    with channel.registered(Killer()), pytest.raises(KilledError):
        deliver_due()

    assert Delivery.objects.filter(state="pending", due_at__lte=timezone.now()).count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_redis_that_hangs_costs_one_second_once(settings, hanging, monkeypatch):
    monkeypatch.setattr(jobs, "_resting_until", 0.0)
    settings.REDIS_URL = f"redis://127.0.0.1:{hanging}/0"
    jobs.connection.cache_clear()
    began = time.monotonic()
    try:
        for _ in range(10):
            jobs.ring(deliver_due)
            jobs.bell("voice")
    finally:
        jobs.connection.cache_clear()

    assert time.monotonic() - began < 8  # twenty, if each of them waited


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"{}"])
def test_an_answer_that_nobody_understands_is_a_failure_of_the_provider(settings, monkeypatch, body):
    answer = requests.Response()
    answer.status_code, answer._content = 201, body
    provider = Provider()
    monkeypatch.setattr(provider.session, "request", lambda *_args, **_more: answer)

    with pytest.raises(ProviderError) as refusal:
        provider.text(to="+33639980001", from_="+33199000000", body="Bonjour", status_url="http://127.0.0.1/")
    assert refusal.value.passing


def test_a_mailbox_without_its_database_asks_to_be_tried_again(settings, tmp_path):
    settings.CC_DATA_DIR = tmp_path

    async def send() -> smtplib.SMTPDataError:
        server = await mailbox.serve("127.0.0.1", 0)
        try:
            return await asyncio.to_thread(_refusal, server.sockets[0].getsockname()[1])
        finally:
            server.close()

    assert asyncio.run(send()).smtp_code == 451


def _refusal(port: int) -> smtplib.SMTPDataError:
    """A test that asks for no database has none."""
    with smtplib.SMTP("127.0.0.1", port, timeout=10) as smtp, pytest.raises(smtplib.SMTPDataError) as refusal:
        smtp.sendmail("contact@demo.example", ["ana@example.org"], b"Subject: Bonjour\r\n\r\nBonjour\r\n")
    return refusal.value


@pytest.mark.django_db
def test_what_a_caller_said_is_still_fetched_after_minutes_without_the_provider(settings):
    settings.TWILIO_API_BASE_URL = "http://127.0.0.1:9"  # where nobody listens; a free port may be another's by then
    calls.forget_lines()  # an earlier test's office
    call = calls.begin("CA" + "1" * 32, number="+33639980001", line=an_office().phone)
    voicemail.fetch(call, "RE1")
    for _ in range(6):
        carry_due(Provider())
        Command.objects.update(due_at=timezone.now())

    assert Command.objects.get(kind=Command.Kind.FETCH).done_at is None
