"""From the SMTP conversation to the ticket, and back to the person."""

import asyncio
import smtplib
import threading
from collections.abc import Iterator
from email.message import EmailMessage

import pytest
from django.db import connections

from contactcenter import vault
from contactcenter.demo import mailbox
from contactcenter.demo.models import DemoMail
from contactcenter.outbox.services import deliver_due
from contactcenter.tickets.models import Interaction, Ticket
from mail import server
from mail.models import IncomingMail
from mail.services import _taken, accept, take_pending
from tests.factories import an_office
from tests.mail.test_parse import PLAIN

pytestmark = pytest.mark.django_db(transaction=True)


def _listening(serve) -> Iterator[int]:
    """A real server on a free port, in a thread with its own loop."""
    loop = asyncio.new_event_loop()
    started = threading.Event()
    ports: list[int] = []

    async def run() -> None:
        listening = await serve("127.0.0.1", 0)
        ports.append(listening.sockets[0].getsockname()[1])
        started.set()

    def work() -> None:
        asyncio.set_event_loop(loop)
        loop.run_until_complete(run())
        loop.run_forever()

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    assert started.wait(60)
    yield ports[0]
    loop.call_soon_threadsafe(lambda: loop.run_in_executor(None, connections.close_all))
    loop.call_soon_threadsafe(loop.stop)
    thread.join(5)


@pytest.fixture
def smtp_port(settings, tmp_path) -> Iterator[int]:
    settings.CC_DATA_DIR = tmp_path
    an_office()
    yield from _listening(server.serve)


@pytest.fixture
def sink(settings) -> Iterator[None]:
    for port in _listening(mailbox.serve):
        settings.CC_MAIL_RELAY = f"127.0.0.1:{port}"
        yield


def send(port: int, raw: bytes, to: str = "contact@valmorin.example", sender: str = "ana@example.org") -> None:
    with smtplib.SMTP("127.0.0.1", port, timeout=60) as smtp:
        smtp.sendmail(sender, [to], raw)


def test_a_mail_becomes_a_ticket_whose_original_is_what_was_sent(smtp_port: int, sink: None):
    send(smtp_port, PLAIN + b"..dot\r\n")

    assert take_pending() == 1
    said = Interaction.objects.get()
    assert vault.read(said.raw_sha256) == PLAIN + b"..dot\r\n"
    assert said.ticket.subject == "Carte volée"


def test_the_person_gets_a_dated_receipt_and_the_answer_to_it_is_the_same_ticket(smtp_port: int, sink: None):
    send(smtp_port, PLAIN)
    take_pending()
    deliver_due()
    ticket = Ticket.objects.get()
    receipt = ticket.deliveries.get()
    kept = DemoMail.objects.get()
    assert (receipt.state, kept.to, kept.sender) == ("sent", "ana@example.org", "")
    assert ticket.reference in kept.text.replace(" ", "")

    answer = EmailMessage()
    answer["From"], answer["Subject"] = "Ana <ana@example.org>", "Re: autre chose"
    answer["In-Reply-To"], answer["Message-ID"] = receipt.external_id, "<2@example.org>"
    answer.set_content("Merci.")
    send(smtp_port, answer.as_bytes())
    take_pending()

    assert Ticket.objects.count() == 1
    assert ticket.interactions.filter(direction="in").count() == 2


def test_a_mail_for_somebody_else_is_refused(smtp_port: int):
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        send(smtp_port, PLAIN, to="other@elsewhere.example")

    assert refused.value.recipients["other@elsewhere.example"][0] == 550


def test_when_it_cannot_be_kept_the_sender_is_asked_to_try_again(smtp_port: int, settings, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    settings.CC_DATA_DIR = blocked

    with pytest.raises(smtplib.SMTPDataError) as refused:
        send(smtp_port, PLAIN)

    assert refused.value.smtp_code == 451
    assert b"Not now" in refused.value.smtp_error


def test_long_lines_and_eight_bits_are_taken(smtp_port: int):
    raw = PLAIN + b"x" * 5000 + b"\xe9\x00\r\n"
    send(smtp_port, raw)

    assert take_pending() == 1
    assert Interaction.objects.get().text.endswith("é")


def test_the_same_mail_delivered_again_is_one_ticket(smtp_port: int):
    for _ in range(3):
        send(smtp_port, PLAIN)
    take_pending()

    assert Ticket.objects.count() == 1
    assert IncomingMail.objects.filter(state="taken").count() == 3


def test_an_automatic_mail_is_a_ticket_without_a_receipt(smtp_port: int):
    send(smtp_port, b"Auto-Submitted: auto-generated\r\n" + PLAIN)
    take_pending()

    assert Ticket.objects.get().deliveries.count() == 0


def test_a_bounce_of_our_mail_is_told_on_its_ticket(smtp_port: int):
    send(smtp_port, PLAIN)
    take_pending()
    ours = Ticket.objects.get().deliveries.get()
    ours.state = "sent"
    ours.save()
    report = (
        b"From: MAILER-DAEMON@example.org\r\n"
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n"
        b"Message-ID: <b@example.org>\r\n\r\n--b\r\n\r\nNot delivered.\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n"
        b"Message-ID: " + ours.external_id.encode() + b"\r\n\r\n--b--\r\n"
    )
    send(smtp_port, report, sender="")
    take_pending()

    ours.refresh_from_db()
    assert ours.state == "bounced"
    assert Ticket.objects.count() == 1
    assert Ticket.objects.get().work_items.filter(kind="undelivered").count() == 1


def test_one_mail_that_cannot_be_taken_stops_no_other(settings, tmp_path):
    settings.CC_DATA_DIR = tmp_path
    office = an_office()
    lost = accept(PLAIN, sender="a@example.org", office_id=office.pk)
    (tmp_path / "originals" / lost.raw_sha256[:2] / lost.raw_sha256).unlink()
    accept(PLAIN.replace(b"<1@", b"<2@"), sender="a@example.org", office_id=office.pk)

    take_pending()

    lost.refresh_from_db()
    assert (lost.state, lost.problem) == ("pending", "FileNotFoundError")
    assert Ticket.objects.count() == 1


def test_a_header_cannot_be_smuggled_into_our_mail(smtp_port: int, sink: None):
    evil = PLAIN.replace(b"=?utf-8?q?Carte_vol=C3=A9e?=", b"=?utf-8?q?a=0d=0aBcc:_evil@example.org?=")
    send(smtp_port, evil)
    take_pending()
    deliver_due()

    assert [mail.to for mail in DemoMail.objects.all()] == ["ana@example.org"]


def test_a_file_that_nobody_can_open_is_named_in_the_receipt(smtp_port: int, sink: None):
    broken = (
        b"From: ana@example.org\r\nSubject: Copie\r\nMessage-ID: <9@example.org>\r\n"
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nVoir la copie.\r\n--b\r\n"
        b"Content-Type: application/pdf; name=copie.pdf\r\n\r\nnot a pdf\r\n--b--\r\n"
    )
    send(smtp_port, broken)
    take_pending()
    deliver_due()

    assert Interaction.objects.get().attachments.get().problem == "corrupt"
    assert "copie.pdf" in DemoMail.objects.get().text


def test_a_mail_without_a_writer_s_name_is_answered_to_whoever_sent_it(smtp_port: int, sink: None):
    send(smtp_port, b"\x00\x01 nothing anybody can read \xff\r\n", sender="zoe@example.org")
    take_pending()
    deliver_due()

    assert DemoMail.objects.get().to == "zoe@example.org"
    assert Ticket.objects.get().work_items.filter(kind="message").count() == 1


def test_a_mail_that_two_workers_have_in_hand_is_one_ticket(settings, tmp_path):
    settings.CC_DATA_DIR = tmp_path
    mail = accept(PLAIN, sender="a@example.org", office_id=an_office().pk)
    take_pending()

    _taken(mail, unread=True)

    assert Ticket.objects.count() == 1


def two_offices(smtp_port: int, raw: bytes, **headers: str) -> None:
    elsewhere = an_office("elsewhere")
    with smtplib.SMTP("127.0.0.1", smtp_port) as smtp:
        smtp.sendmail("ana@example.org", [an_office().email, elsewhere.email], raw)
    take_pending()


def test_a_mail_to_two_offices_is_a_request_to_each(smtp_port: int):
    two_offices(smtp_port, PLAIN)
    two_offices(smtp_port, PLAIN)

    assert sorted(Ticket.objects.values_list("office__slug", flat=True)) == ["elsewhere", "valmorin"]
    assert Interaction.objects.filter(direction="in").count() == 2
    for ticket in Ticket.objects.all():
        assert ticket.receipts.exists()


def test_an_answer_to_us_that_names_another_office_too_is_said_once(smtp_port: int):
    two_offices(smtp_port, PLAIN)
    ticket = Ticket.objects.get(office__slug="valmorin")
    ours = ticket.deliveries.get().external_id
    answer = PLAIN.replace(b"<1@example.org>", b"<2@example.org>").replace(
        b"Message-ID", f"In-Reply-To: {ours}\r\nMessage-ID".encode()
    )

    two_offices(smtp_port, answer)

    assert Ticket.objects.count() == 2
    assert ticket.interactions.filter(direction="in").count() == 2


def test_a_mail_that_nobody_can_read_reaches_both_offices(smtp_port: int):
    two_offices(smtp_port, PLAIN)
    for mail in IncomingMail.objects.all():
        IncomingMail.objects.filter(pk=mail.pk).update(state="pending", ticket=None)
        mail.refresh_from_db()
        _taken(mail, unread=True)

    assert Ticket.objects.filter(interactions__external_id__startswith="unread").distinct().count() == 2
