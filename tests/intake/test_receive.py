"""Whatever reaches us becomes a ticket, once, with everything that follows from it."""

import pytest

from contactcenter.channel import File, Point, Speaker
from contactcenter.intake.services import receive
from contactcenter.outbox.models import Delivery
from contactcenter.people.models import ContactPoint, Person
from contactcenter.tickets.models import Interaction, Ticket
from contactcenter.tickets.reference import is_valid
from contactcenter.vault import keep
from tests.factories import a_caller, a_ticket, an_inbound

pytestmark = pytest.mark.django_db


def test_the_same_message_twice_is_one_ticket():
    message = an_inbound(external_id="SM1")

    first, second = receive(message), receive(message)

    assert first == second
    assert Interaction.objects.count() == 1
    assert Delivery.objects.count() == 1


def test_a_mail_brings_person_work_and_receipt_at_once():
    ticket = a_ticket()

    assert is_valid(ticket.reference)
    assert ticket.state == "new"
    assert ticket.person is not None
    assert ticket.work_items.get().kind == "message"
    receipt = ticket.deliveries.get()
    assert (receipt.purpose, receipt.means, receipt.to) == ("receipt", "email", "ana@example.org")
    assert ticket.reference in receipt.text.replace(" ", "")


def test_who_writes_again_from_their_address_is_the_same_person():
    one, other = a_ticket(), a_ticket()

    assert one.person == other.person
    assert one != other


def test_a_shared_address_with_another_name_is_another_person():
    office_mail = Point(kind="email", value="association@example.org")
    sami = a_ticket(speaker=Speaker(name="Sami Inventé", points=(office_mail,), named=True))
    lea = a_ticket(speaker=Speaker(name="Léa Fictive", points=(office_mail,), named=True))
    again = a_ticket(speaker=Speaker(name="sami inventé", points=(office_mail,), named=True))

    assert sami.person != lea.person
    assert again.person == sami.person


def test_a_person_who_gives_nothing_is_nobody_yet():
    ticket = a_ticket(speaker=None, channel="web")

    assert ticket.person is None
    assert Person.objects.count() == 0
    assert ticket.deliveries.get().means == "page"


def test_a_contact_point_is_encrypted_and_still_found():
    a_ticket()

    stored = ContactPoint.objects.get()
    assert "ana@example.org" not in str(ContactPoint.objects.values_list("value_index").get())
    assert ContactPoint.objects.valued("email", "ana@example.org").get() == stored


def test_a_mail_that_answers_ours_goes_on_its_ticket():
    ticket = a_ticket()
    ours = ticket.deliveries.get().external_id

    again = receive(an_inbound(replies_to=("<other@example.org>", ours)))

    assert again == ticket
    assert ticket.interactions.filter(direction="in").count() == 2


def test_naming_a_reference_in_the_subject_is_not_enough():
    ticket = a_ticket()

    assert a_ticket(subject=f"Re: {ticket.reference}") != ticket


def test_a_call_in_the_menu_is_a_ticket_without_work():
    ticket = receive(a_caller(needs=""))

    assert ticket.work_items.count() == 0
    assert ticket.deliveries.count() == 0
    assert ticket.person is not None


def test_text_that_no_database_takes_is_kept_readable():
    ticket = a_ticket(subject="a\x00b\nc", text="x\x00y\ud800z")

    said = ticket.interactions.get()
    assert ticket.subject == "ab c"
    assert said.text == "xy?z"


def test_files_are_noted_with_what_is_wrong_with_them(settings, tmp_path):
    settings.CC_DATA_DIR = tmp_path
    broken = File(name="../../\u202egpj.exe", content_type="application/pdf", kept=keep(b""), problem="empty")

    attachment = a_ticket(files=(broken,)).interactions.get().attachments.get()

    assert attachment.problem == "empty"
    assert attachment.name == "gpj.exe"
    assert attachment.size == 0


def test_receiving_costs_a_bounded_number_of_statements(django_assert_max_num_queries):
    a_ticket()
    message = an_inbound(speaker=Speaker(points=(Point(kind="email", value="new@example.org"),)))

    with django_assert_max_num_queries(18):
        receive(message)
    assert Ticket.objects.count() == 2


def test_nobody_can_flood_a_stranger_s_mailbox_with_our_receipts():
    tickets = [a_ticket() for _ in range(22)]

    means = [ticket.deliveries.get().means for ticket in tickets]
    assert means == ["email"] * 20 + ["page"] * 2
