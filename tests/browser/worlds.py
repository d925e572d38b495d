"""Four days in one office: nothing has come, a usual day, a day on which things go wrong, and far too much."""

from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from contactcenter.accounts.models import Role, User
from contactcenter.desk import lastmile
from contactcenter.desk import services as desk
from contactcenter.desk.incidents import open_incident
from contactcenter.desk.models import Incident
from contactcenter.intake.services import receive
from contactcenter.outbox.models import Delivery
from contactcenter.outbox.services import report
from contactcenter.reports.alarms import Wrong, settle
from contactcenter.routing import services as routing
from contactcenter.routing.classes import skill_for, standard_class
from contactcenter.routing.lanes import lane_for
from contactcenter.routing.models import Agent, WorkItem
from contactcenter.routing.selectors import principal_for
from contactcenter.search.gathering import gather
from contactcenter.tickets.models import Interaction, Note, Ticket
from contactcenter.tickets.reference import check_digit
from paper_intake.models import Reading, Scan
from paper_intake.read import read_scan
from paper_intake.upload import take_uploads
from tests.factories import a_caller, a_ticket, a_user, an_agent, an_office
from tests.paper_intake import papers

MANY = 10_000
LONG = "Unmotsansespacequinefinitpas" * 4


def a_usual_day(worker: User) -> None:
    """Some of everything: calls, mails, forms and letters wait, one is in the worker's hands, one is decided."""
    now = timezone.now()
    for number, channel in enumerate(("email", "web", "paper", "email")):
        a_ticket(subject=f"Carte numéro {number}", channel=channel, occurred_at=now - timedelta(hours=11 * number))
    receive(a_caller(occurred_at=now - timedelta(minutes=2)))
    by = principal_for(worker)
    routing.take(a_ticket(subject="En main").work_items.get().pk, by)
    lastmile.decide(a_ticket().reference, by, favourable=True, decided_on=timezone.localdate() - timedelta(days=40))
    open_incident("Le paiement échoue", "Payez au guichet.", by)
    letter = SimpleUploadedFile("lettre.pdf", papers.scanned_pdf())
    for taken in take_uploads([letter], by, token="usual", place="Bac 12, chemise 7"):
        read_scan(taken.scan.pk)
    gather()


def a_bad_day(worker: User) -> None:
    """What can go wrong has: an alarm, an answer that came back, a scan that cannot be opened, words without end."""
    by = principal_for(worker)
    settle("threshold", {"1": Wrong(says=lambda: f"Accueil : 12 appels attendent ; le seuil est de 5. {LONG}")})
    ticket = a_ticket(subject=f"<b>{LONG}</b>", text=LONG * 5)
    desk.reply(ticket.reference, "Voici votre réponse.", by)
    lost = Delivery.objects.get(purpose="reply")
    report(lost.pk, "sent")
    report(lost.pk, "bounced", error="550 5.1.1 no such user")
    desk.note(ticket.reference, f"{LONG} {LONG}", by)
    spoiled = [SimpleUploadedFile("vide.pdf", b""), SimpleUploadedFile(f"{LONG}.pdf", papers.locked_pdf())]
    for taken in take_uploads(spoiled, by, token="bad", place=LONG):
        read_scan(taken.scan.pk)
    open_incident(LONG, LONG, by)


def far_too_much(worker: User) -> None:
    """Ten thousand wait, half of them scans; four hundred colleagues; sixty faults; a story of six hundred lines."""
    office, now = an_office(), timezone.now()
    kinds = (("message", "email"), ("scan_check", "paper"))
    tickets = Ticket.objects.bulk_create(
        [
            Ticket(
                reference=f"{(body := str(500_000_000 + number))}{check_digit(body)}",
                follow_code="000000",
                office=office,
                legal_nature="assistance",
                channel=kinds[number % 2][1],
                subject=f"Demande {number}",
                due_at=now,
            )
            for number in range(MANY)
        ],
        batch_size=500,
    )
    said = Interaction.objects.bulk_create(
        [Interaction(ticket=one, direction="in", channel=one.channel, occurred_at=now) for one in tickets],
        batch_size=500,
    )
    lanes = {one: lane_for(office, standard_class(*one), skill_for(one[0])) for one in kinds}
    WorkItem.objects.bulk_create(
        [
            WorkItem(
                kind=kinds[number % 2][0],
                channel=one.channel,
                ticket=one.ticket,
                interaction=one,
                lane=lanes[kinds[number % 2]],
                enqueued_at=now - timedelta(minutes=number),
                due_at=now,
            )
            for number, one in enumerate(said)
        ],
        batch_size=500,
    )
    scans = [one for one in said if one.channel == "paper"]
    Scan.objects.bulk_create(
        [
            Scan(
                interaction=one,
                sha256="0" * 64,
                size=1,
                name=f"scan-{one.pk}.pdf",
                content_type="application/pdf",
                reading=Reading.UNREAD,
                received_on=now.date(),
                place="Bac 12",
            )
            for one in scans
        ],
        batch_size=500,
    )
    _crowd(400)
    a_long_story(600)
    Incident.objects.bulk_create([Incident(number=f"I-{number:04}", title=f"Panne {number}") for number in range(60)])


def _crowd(count: int) -> None:
    users = User.objects.bulk_create(
        [User(username=f"crowd-{number}", first_name="Inès", last_name=f"Foule {number}") for number in range(count)]
    )
    for user in users:
        user.offices.add(an_office())
    Agent.objects.bulk_create([Agent(user=user) for user in users])


def a_long_story(lines: int) -> Ticket:
    """A request of so many letters and notes, alternately."""
    ticket, now = a_ticket(subject="Une longue histoire", text="mot " * 2000), timezone.now()
    Interaction.objects.bulk_create(
        [
            Interaction(ticket=ticket, direction="in", channel="email", occurred_at=now, text=f"Lettre {number}.")
            for number in range(lines // 2)
        ]
    )
    author = an_agent()
    Note.objects.bulk_create(
        [Note(ticket=ticket, actor=author.actor, author=author.label, text=f"Note {n}.") for n in range(lines // 2)]
    )
    return ticket


def a_worker() -> User:
    """A supervisor: whoever may open every page."""
    return a_user(Role.SUPERVISOR)
