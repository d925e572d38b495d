"""What the keys tell without a person: where a request stands, whether a receipt is genuine, where one can come."""

from datetime import timedelta

import pytest
from django.utils import timezone

from contactcenter.receipts.models import Receipt
from contactcenter.routing.models import WorkItem
from contactcenter.tickets.models import Ticket
from ivr import menu
from ivr.models import WrongCode
from ivr.services import keypad
from tests.factories import a_ticket
from tests.ivr.asking import Caller
from tests.ivr.conftest import Line


def status(caller: Caller, reference: str, code: str) -> Caller:
    return caller.ring().keys("1", "6", reference, code)


def test_whoever_has_reference_and_code_hears_where_it_stands_and_nothing_else(line: Line):
    ticket = a_ticket(subject="Carte volée")

    caller = status(Caller(line), ticket.reference, ticket.follow_code)

    assert "Une personne va la lire." in caller.heard
    assert "volée" not in caller.heard
    assert "Ana" not in caller.heard
    assert caller.key("*").heard.startswith("Votre demande est enregistrée.")
    assert caller.key("0").verbs == ["Enqueue"]


@pytest.mark.parametrize("code", ["000000", "", "12", "9" * 40, "😀", "\x0b"])
def test_a_wrong_code_tells_nothing_and_the_caller_may_try_again(line: Line, code: str):
    ticket = a_ticket()
    Ticket.objects.filter(pk=ticket.pk).update(follow_code="424242")

    caller = status(Caller(line), ticket.reference, code)

    assert caller.asked() in ("reference", "code")
    assert "lire" not in caller.heard


def test_a_hash_alone_gives_more_time_for_a_number_and_silence_counts(line: Line):
    caller = Caller(line).ring().keys("1", "6")

    caller.key("")  # what the provider sends of it

    assert "prenez votre temps" in caller.heard
    assert caller.document.find("Gather").get("timeout") == "18"
    for _ in range(menu.MOST_TRIES):
        assert caller.asked() == "reference"
        caller.silence()
    assert caller.verbs[-1] == "Enqueue"


def test_a_third_pair_that_does_not_go_together_leads_to_a_human(line: Line):
    caller = Caller(line).ring().keys("1", "6")
    for number in range(3):
        assert caller.asked() == "reference"
        caller.keys("*", "", f"100000000{number}", "*", "000001")
        assert "ne vont pas ensemble" in caller.heard

    assert caller.verbs[-1] == "Enqueue"
    assert WorkItem.objects.get(ticket=caller.call.ticket).kind == "call"


def test_five_wrong_codes_close_a_reference_until_tomorrow_and_lead_to_a_human(line: Line):
    ticket = a_ticket()
    for number in range(5):
        status(Caller(line, number=f"+3363998010{number}", sid=f"CA{number}"), ticket.reference, "000001")

    caller = status(Caller(line, sid="CA9"), ticket.reference, ticket.follow_code)

    assert "trop d'essais" in caller.heard
    assert caller.verbs[-1] == "Enqueue"
    assert WorkItem.objects.get(ticket=caller.call.ticket).kind == "call"
    WrongCode.objects.update(at=timezone.now() - timedelta(days=1))
    assert "lire" in status(Caller(line, sid="CA10"), ticket.reference, ticket.follow_code).heard


def test_twenty_wrong_codes_close_the_keypad_for_a_number(line: Line):
    for number in range(20):
        keypad.count_wrong(f"10000000{number:02}", "+33639980001")
    ticket = a_ticket()

    assert "trop d'essais" in status(Caller(line), ticket.reference, ticket.follow_code).heard
    assert "lire" in status(Caller(line, number="+33639980002", sid="CA2"), ticket.reference, ticket.follow_code).heard


def test_one_who_hides_their_number_does_not_close_the_keypad_for_all_who_do(line: Line):
    ticket = a_ticket()
    for number in range(20):
        keypad.count_wrong(f"{number:010}", "")

    assert "lire" in status(Caller(line, number="anonymous"), ticket.reference, ticket.follow_code).heard


def test_an_employer_hears_that_a_receipt_is_genuine_and_nothing_more(line: Line):
    ticket = a_ticket(subject="Carte volée")
    receipt = Receipt.objects.get(ticket=ticket)

    caller = Caller(line).ring().keys("1", "8", receipt.code)

    assert caller.heard.startswith("Ce reçu est authentique. Accueil des étrangers l'a délivré le")
    for secret in ("Ana", "volée", ticket.reference, "demande est"):
        assert secret not in caller.heard
    assert caller.asked() == "after"


@pytest.mark.parametrize("code", ["1234567890123456", "1", "9" * 40])
def test_a_receipt_that_is_not_ours_is_not_genuine(line: Line, code: str):
    assert "pas délivré de reçu" in Caller(line).ring().keys("1", "8", code).heard


def test_where_and_when_one_can_come_or_write_is_told_from_the_offices_doors(line: Line):
    line.office.doors.filter(kind="counter").update(
        hours={day: [["09:00", "12:30"]] for day in ("mon", "tue", "wed", "thu", "fri")}
    )

    caller = Caller(line).ring().keys("2", "7")

    assert "You can come to this address: 3 place de l'Exemple, 99000 Valmorin." in caller.heard
    assert "It is open Monday to Friday from 09:00 to 12:30." in caller.heard
    assert "You can write to this address: 3 place de l'Exemple" in caller.heard
    assert caller.key("1").asked() == "topic"


def test_status_in_ten_languages_is_never_silent(line: Line):
    ticket = a_ticket()
    for key in "12345678":
        caller = status(Caller(line, sid=f"CA{key}"), ticket.reference, ticket.follow_code)
        assert caller.heard
