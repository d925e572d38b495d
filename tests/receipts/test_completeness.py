"""A receipt is complete or it is not given; and a request never hangs on it."""

import pytest
from django.utils import timezone, translation

from contactcenter.offices.models import Office
from contactcenter.procedures.models import Procedure, ProcedureVersion
from contactcenter.procedures.reading import OURS, read_catalogue
from contactcenter.procedures.services import import_entries
from contactcenter.receipts.completeness import IncompleteReceiptError, missing
from contactcenter.receipts.services import issue
from contactcenter.reports.models import Alarm
from contactcenter.reports.receipts import sweep_receipts
from tests.factories import WEEK, a_ticket, an_office, at

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


def test_blank_is_missing():
    assert missing({**SERVICE, "nature": "assistance", "service_phone": " \n"}) == ("service_phone",)


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


@pytest.fixture
def catalogue(db) -> None:
    an_office(hours=WEEK)
    import_entries(read_catalogue(OURS.read_text("utf-8")))


@pytest.mark.django_db
def test_receipts_that_were_owed_are_given_once_what_was_missing_is_there():
    office = an_office()
    Office.objects.filter(pk=office.pk).update(phone=" ")
    tickets = [a_ticket(office=office) for _ in range(2)]
    sweep_receipts()
    alarm = Alarm.objects.get(kind="receipt_incomplete", closed_at=None)

    Office.objects.filter(pk=office.pk).update(phone="+33199000000")
    assert sweep_receipts() == (0, 1)
    assert sweep_receipts() == (0, 0)

    alarm.refresh_from_db()
    assert alarm.closed_at is not None
    for ticket in tickets:
        assert ticket.receipts.get().content["service_phone"] == "+33199000000"
        assert ticket.deliveries.get().purpose == "receipt"
        assert list(
            ticket.events.filter(kind__startswith="receipt.").order_by("pk").values_list("kind", flat=True)
        ) == [
            "receipt.incomplete",
            "receipt.issued",
        ]


@pytest.mark.django_db
def test_what_a_procedure_does_not_say_is_asked_of_the_procedure():
    an_office(hours=WEEK)
    procedure = Procedure.objects.create(code="MUETTE")
    facts = {"name": {"fr": "Muette"}, "legal_natures": {"any": "complaint"}, "published_at": timezone.now()}
    ProcedureVersion.objects.create(
        procedure=procedure, number=1, channels_in=["letter"], channels_out=["letter"], **facts
    )

    ticket = a_ticket(procedure="MUETTE")
    with translation.override("en"):
        sweep_receipts()

    assert ticket.receipts.count() == 0
    alarm = Alarm.objects.get(kind="receipt_incomplete")
    assert alarm.key == "MUETTE"
    assert "la date à laquelle le silence décide" in alarm.text  # in the house's language, whoever runs the sweep


def test_a_complaint_says_until_when_silence_rejects_it(catalogue: None):
    ticket = a_ticket(procedure="RECLAMATION", occurred_at=at("2026-12-31T10:00:00+01:00"))

    facts = ticket.receipts.get().content
    assert (ticket.legal_nature, facts["silence_effect"], facts["silence_on"]) == ("complaint", "reject", "2027-02-28")
    assert facts["remedies"]


@pytest.mark.parametrize("channel", ["email", "web", "phone", "paper"])
def test_help_with_an_application_is_no_application_by_any_channel(catalogue: None, channel: str):
    ticket = a_ticket(procedure="RENOUV", channel=channel)

    assert ticket.legal_nature == "assistance"
    assert ticket.silence_on is None
    assert "silence_effect" not in ticket.receipts.get().content


def test_days_are_those_of_the_office_s_own_calendar(catalogue: None):
    Office.objects.update(timezone="Indian/Reunion", department="974")

    ticket = a_ticket(procedure="RECLAMATION", occurred_at=at("2026-11-22T21:30:00+00:00"))

    facts = ticket.receipts.get().content
    assert facts["received_on"] == "2026-11-23T01:30+04:00"
    assert facts["silence_on"] == "2027-01-23"


def test_a_receipt_holds_nothing_of_the_person(catalogue: None):
    ticket = a_ticket(procedure="RECLAMATION", subject="Zanzibar", text="Zanzibar")

    said = str(ticket.receipts.get().content)
    assert not any(word in said for word in ("Zanzibar", "Ana", "ana@example.org", ticket.follow_code))
