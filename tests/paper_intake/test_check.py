"""A clerk checks a letter: it can be answered, and its receipt goes to the tray."""

from datetime import timedelta

import pytest
from django.utils import timezone

from contactcenter.channel import Point
from contactcenter.errors import NotFoundError
from contactcenter.outbox.models import Delivery
from contactcenter.outbox.services import deliver_due
from contactcenter.routing import services as routing
from contactcenter.routing.errors import AlreadyTakenError
from contactcenter.routing.models import Assignment, WorkItem
from contactcenter.routing.selectors import principal_for
from contactcenter.tickets.models import Interaction, Ticket, TicketEvent
from paper_intake.check import Findings, check
from paper_intake.models import Letter, Scan
from paper_intake.read import read_scan
from tests.factories import a_ticket, a_user, an_agent, an_office
from tests.paper_intake import papers

HOME = "12 rue des Tilleuls Imaginaires\n99999 Villefiction"


@pytest.fixture
def scan(inbox, after) -> Scan:
    papers.written(inbox.folder, "lettre.pdf", papers.scanned_pdf())
    after()
    return Scan.objects.get()


@pytest.fixture
def clerk(db):
    return an_agent(role="clerk")


def findings(scan: Scan, **facts) -> Findings:
    return Findings(**{"received_on": scan.received_on, "name": "Marie Exemple", "address": HOME, **facts})


def test_a_checked_letter_waits_for_its_answer_and_its_receipt_for_the_post(scan, clerk):
    ticket, first = check(scan.pk, clerk, findings(scan, subject="Renouvellement", text="Je demande…", place="Bac 12"))

    assert first
    assert (ticket.subject, ticket.person.name) == ("Renouvellement", "Marie Exemple")
    assert Interaction.objects.get().text == "Je demande…"
    kinds = {item.kind: item.state for item in ticket.work_items.all()}
    assert kinds == {"scan_check": "done", "message": "waiting"}
    receipt = Delivery.objects.get()
    assert (receipt.purpose, receipt.means, receipt.to) == ("receipt", "letter", HOME)
    scan.refresh_from_db()
    assert (scan.place, scan.checked_by) == ("Bac 12", clerk.actor)


def test_the_persons_waiting_began_when_the_letter_came_not_when_it_was_checked(scan, clerk):
    check(scan.pk, clerk, findings(scan))

    came = WorkItem.objects.get(kind="scan_check").enqueued_at
    assert WorkItem.objects.get(kind="message").enqueued_at == came


def test_a_letter_that_lay_over_the_weekend_is_received_on_the_day_it_came(scan, clerk):
    came = scan.received_on - timedelta(days=3)

    ticket, _first = check(scan.pk, clerk, findings(scan, received_on=came))

    assert timezone.localtime(ticket.opened_at).date() == came
    assert timezone.localtime(ticket.interactions.get().occurred_at).date() == came
    assert timezone.localtime(WorkItem.objects.get(kind="message").enqueued_at).date() == came


def test_what_is_promised_is_the_answer_and_not_the_check(scan, clerk):
    ticket, _first = check(scan.pk, clerk, findings(scan))

    assert ticket.due_at == ticket.work_items.get(kind="message").due_at


def test_saving_twice_changes_nothing_twice(scan, clerk):
    check(scan.pk, clerk, findings(scan, subject="Renouvellement"))
    ticket, first = check(scan.pk, clerk, findings(scan, subject="Autre chose", name="Autre Personne"))

    assert not first
    assert ticket.subject == "Renouvellement"
    assert WorkItem.objects.count() == 2
    assert Delivery.objects.count() == 1


def test_without_an_address_there_is_no_letter_and_the_answer_still_waits(scan, clerk):
    ticket, _first = check(scan.pk, clerk, Findings(received_on=scan.received_on, name="Marie Exemple"))

    assert not Delivery.objects.filter(means="letter").exists()
    assert ticket.work_items.filter(kind="message", state="waiting").exists()


def test_a_letter_to_a_request_of_ours_goes_onto_it_and_its_own_number_points_there(scan, clerk):
    known = a_ticket()
    opened = Ticket.objects.exclude(pk=known.pk).get()

    ticket, _first = check(scan.pk, clerk, findings(scan, reference=known.reference, name="", address=""))

    assert ticket == known
    assert known.interactions.filter(channel="paper").count() == 1
    opened.refresh_from_db()
    assert (opened.state, opened.disposition) == ("solved", "duplicate")


def test_a_reference_that_the_clerk_cannot_see_changes_nothing(scan, clerk):
    elsewhere = a_ticket(office=an_office("elsewhere"))

    with pytest.raises(NotFoundError):
        check(scan.pk, clerk, findings(scan, reference=elsewhere.reference))

    assert not WorkItem.objects.filter(interaction__channel="paper", kind="message").exists()


def test_a_letter_that_a_colleague_has_in_hand_stays_theirs(scan, clerk):
    colleague = an_agent(role="clerk")
    routing.take(WorkItem.objects.get().pk, colleague)

    with pytest.raises(AlreadyTakenError):
        check(scan.pk, clerk, findings(scan))

    assert not Delivery.objects.exists()


def test_what_the_machine_reads_later_is_added_where_the_clerk_wrote_nothing(scan, clerk):
    check(scan.pk, clerk, findings(scan))

    read_scan(scan.pk)

    assert "renouvellement" in Interaction.objects.get().text


def test_what_the_machine_reads_later_never_replaces_what_the_clerk_wrote(scan, clerk):
    check(scan.pk, clerk, findings(scan, text="Ce que dit la lettre."))

    read_scan(scan.pk)

    assert Interaction.objects.get().text == "Ce que dit la lettre."


def test_a_letter_done_over_the_api_is_not_lost_either(scan):
    from contactcenter.desk import work

    item = WorkItem.objects.get()
    work.done(item.pk, an_agent(role="clerk"))

    assert WorkItem.objects.filter(kind="message", state="waiting").count() == 1


def test_a_letter_out_waits_in_the_tray_and_is_sent_once_it_is_posted(scan, clerk):
    from contactcenter.desk import work

    check(scan.pk, clerk, findings(scan))
    deliver_due()
    deliver_due()

    letter = Letter.objects.get()
    assert letter.delivery.state == "sending"
    assert (letter.work_item.kind, letter.work_item.channel, letter.work_item.state) == (
        "letter_to_post",
        "paper",
        "waiting",
    )

    work.done(letter.work_item_id, clerk, outcome="posted")
    work.done(letter.work_item_id, clerk, outcome="posted")

    letter.delivery.refresh_from_db()
    assert letter.delivery.state == "sent"
    assert TicketEvent.objects.filter(kind="delivery.sent").count() == 1


def test_who_writes_a_letter_is_answered_by_letter(scan, clerk):
    from contactcenter.desk.services import reply

    points = findings(scan, email="marie@example.org").speaker.points
    assert points[0] == Point(kind="address", value=HOME)
    ticket, _first = check(scan.pk, clerk, findings(scan, email="marie@example.org"))

    delivery = reply(ticket.reference, "Bonjour, votre dossier avance.", an_agent())

    assert (delivery.means, delivery.to) == ("letter", HOME)


def test_a_user_with_the_skill_alone_may_check(scan):
    from contactcenter.routing.selectors import principal_for

    by = principal_for(a_user(role="agent", skills=("mailroom",)))

    assert check(scan.pk, by, findings(scan))[1]


def soon_over() -> None:
    Assignment.objects.update(lease_until=timezone.now() + timedelta(minutes=1))


def is_renewed() -> bool:
    first = Assignment.objects.filter(ended_at=None).earliest("lease_until")
    return first.lease_until > timezone.now() + timedelta(minutes=15)


def test_reading_a_scan_typing_what_it_says_and_printing_a_letter_keep_it_in_ones_hands(scan, client):
    user = a_user(role="clerk")
    by = principal_for(user)
    client.force_login(user)
    routing.take(WorkItem.objects.get(kind="scan_check").pk, by)
    soon_over()
    page = client.get(f"/mailroom/scans/{scan.pk}/").content.decode()
    assert is_renewed()

    soon_over()
    assert f"/mailroom/scans/{scan.pk}/on-it/" in page
    client.post(f"/mailroom/scans/{scan.pk}/on-it/")
    assert is_renewed()

    check(scan.pk, by, findings(scan))
    deliver_due()
    letter = Letter.objects.get()
    routing.take(letter.work_item_id, by)
    soon_over()
    client.get(f"/mailroom/letters/{letter.pk}/letter.pdf")
    assert is_renewed()
