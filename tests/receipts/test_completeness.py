"""A receipt is complete or it is not given; and a request never hangs on it."""

import pytest

from contactcenter.offices.models import Office
from contactcenter.procedures.reading import OURS, read_catalogue
from contactcenter.procedures.services import import_entries
from contactcenter.receipts.completeness import IncompleteReceiptError, missing
from contactcenter.receipts.services import issue
from contactcenter.reports.models import Alarm
from contactcenter.reports.receipts import sweep_receipts
from tests.factories import WEEK, a_ticket, an_office

SERVICE = {
    "received_on": "2026-11-23T14:02+01:00",
    "service_name": "Accueil",
    "service_address": "3 place de l'Exemple",
    "service_phone": "+33199000000",
}


@pytest.mark.parametrize("nature", ["information", "assistance", "declaration"])
def test_what_is_no_demand_needs_date_and_service_alone(nature: str):
    assert missing({**SERVICE, "nature": nature}) == ()


@pytest.mark.parametrize("field", list(SERVICE))
def test_each_field_of_every_receipt_is_needed(field: str):
    assert missing({**SERVICE, "nature": "assistance", field: ""}) == (field,)


@pytest.mark.parametrize("nature", ["application", "complaint", "appeal"])
def test_a_demand_says_what_silence_means_and_what_one_can_do(nature: str):
    reject = {**SERVICE, "nature": nature, "silence_effect": "reject", "silence_on": "2027-03-23"}

    assert missing({**SERVICE, "nature": nature}) == ("silence_effect", "silence_on")
    assert missing(reject) == ("remedies",)
    assert missing({**reject, "silence_effect": "accept"}) == ("attestation",)
    assert missing({**reject, "remedies": "two_months"}) == ()


def test_missing_documents_are_named_with_their_time_limit_and_effect():
    facts = {**SERVICE, "nature": "assistance", "incomplete": True}

    assert missing(facts) == ("missing_pieces", "pieces_due_on", "pieces_effect")


def test_an_agent_is_named_only_on_what_an_agent_signs():
    assert missing({**SERVICE, "nature": "assistance", "signed": True}) == ("agent",)


@pytest.mark.django_db
def test_a_receipt_that_would_be_incomplete_is_not_issued_and_says_what_it_lacks():
    ticket = a_ticket()
    ticket.receipts.all().delete()
    ticket.office.phone = ""

    with pytest.raises(IncompleteReceiptError) as refused:
        issue(ticket, ticket.interactions.get(), "email")

    assert refused.value.missing == ("service_phone",)
    assert ticket.receipts.count() == 0


@pytest.mark.django_db
def test_the_request_is_taken_all_the_same_and_the_supervisor_is_told():
    office = an_office()
    Office.objects.filter(pk=office.pk).update(phone="", address="", email="")

    ticket = a_ticket(office=office)

    assert ticket.work_items.count() == 1
    assert ticket.deliveries.count() == 0
    event = ticket.events.get(kind="receipt.incomplete")
    assert event.data["missing"] == ["service_address", "service_phone"]
    sweep_receipts()
    assert Alarm.objects.get(kind="receipt_incomplete").key == office.slug


@pytest.mark.django_db
def test_a_complaint_says_until_when_silence_rejects_it():
    an_office(hours=WEEK)
    import_entries(read_catalogue(OURS.read_text("utf-8")))
    from tests.factories import at

    ticket = a_ticket(procedure="RECLAMATION", occurred_at=at("2026-12-31T10:00:00+01:00"))

    facts = ticket.receipts.get().content
    assert (ticket.legal_nature, facts["silence_effect"], facts["silence_on"]) == ("complaint", "reject", "2027-02-28")
    assert facts["remedies"]
