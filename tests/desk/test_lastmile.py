"""A decision reaches the person, and an appointment makes it real."""

from datetime import timedelta

import pytest
from django.utils import timezone

from contactcenter.channel import Point, Speaker
from contactcenter.desk import joining, lastmile
from contactcenter.desk.models import Appointment, Decision
from contactcenter.desk.unappointed import unappointed
from contactcenter.errors import InvalidError, NotAllowedError, NotFoundError
from contactcenter.outbox.services import outbound_of
from contactcenter.routing.models import WorkItem
from contactcenter.tickets.models import Ticket
from paper_intake.letters import content
from tests.contracts.asking import SERVICE, Api, asking_as
from tests.factories import a_ticket, a_user, an_agent, an_office, at

pytestmark = pytest.mark.django_db


def today():
    return timezone.localdate()


def tomorrow():
    return timezone.now() + timedelta(days=1)


def test_a_decision_is_told_by_the_person_s_own_means_and_once():
    ticket, by = a_ticket(), an_agent()

    first = lastmile.decide(ticket.reference, by, favourable=True, decided_on=today())
    again = lastmile.decide(ticket.reference, by, favourable=True, decided_on=today())

    assert first == again
    assert (first.means, first.to, first.purpose) == ("email", "ana@example.org", "notice")
    assert "décision favorable" in first.text
    assert ticket.events.filter(kind="ticket.decided").count() == 1


def test_who_wrote_on_paper_is_told_by_letter():
    home = Speaker(name="Ana Exemple", points=(Point(kind="address", value="1 rue Fictive\n99000 Valmorin"),))
    ticket = a_ticket(channel="paper", speaker=home, language="en")

    delivery = lastmile.appoint(ticket.reference, an_agent(), place="Counter 3", starts_at=tomorrow(), bring="Passport")

    assert delivery.means == "letter"
    assert "Counter 3" in delivery.text
    assert "Please bring: Passport" in delivery.text


def test_reasons_that_no_text_message_holds_go_by_the_next_means_and_the_page_says_so(client):
    caller = Speaker(points=(Point(kind="phone", value="+33639980001"),))
    brief, long = (a_ticket(channel="phone", speaker=caller, needs="message") for _number in range(2))
    user = a_user()
    client.force_login(user)
    form = {"favourable": "no", "decided_on": str(today())}

    client.post(f"/desk/tickets/{brief.reference}/decision/", {**form, "reasons": "Délai dépassé."})
    address = f"/desk/tickets/{long.reference}/decision/"
    page = client.post(address, {**form, "reasons": "Délai dépassé. " * 100}, follow=True).content.decode()

    assert brief.deliveries.get(purpose="notice").means == "sms"
    assert long.deliveries.get(purpose="notice").means == "callback"
    assert "Trop long pour un SMS" in page
    assert "Le rappel attend dans la file" in page


@pytest.mark.parametrize("language", ["ar", "fa", "ps"])
def test_a_letter_in_our_french_to_somebody_who_reads_from_the_right_is_set_from_the_left(language: str):
    home = Speaker(name="Ana Exemple", points=(Point(kind="address", value="1 rue Fictive\n99000 Valmorin"),))
    ticket = a_ticket(channel="paper", speaker=home, language=language)

    told = lastmile.appoint(ticket.reference, an_agent(), place="Guichet 3", starts_at=tomorrow())

    assert "rendez-vous" in told.text
    assert (told.language, told.interaction.language) == ("fr", "fr")
    assert not content(outbound_of(told), ticket, today())["right_to_left"]


def test_who_speaks_a_language_in_which_we_have_no_sentences_reads_french_days_in_a_french_sentence():
    ticket = a_ticket(language="ru")

    told = lastmile.appoint(ticket.reference, an_agent(), place="Accueil", starts_at=tomorrow())

    assert "rendez-vous" in told.text
    assert not any("а" <= letter <= "я" for letter in told.text)


def test_the_hour_told_is_the_hour_of_the_office():
    east = an_office("reunion", timezone="Indian/Reunion")
    ticket, by = a_ticket(office=east), an_agent(office=east)
    day = timezone.localdate() + timedelta(days=9)

    told = lastmile.appoint(ticket.reference, by, place="Accueil", starts_at=at(f"{day} 09:00+04:00"))

    assert "09:00" in told.text


def test_the_hour_typed_on_the_page_is_the_hour_of_the_office(client):
    east = an_office("reunion", timezone="Indian/Reunion")
    ticket = a_ticket(office=east)
    client.force_login(a_user(office=east))
    day = timezone.localdate() + timedelta(days=9)
    page = f"/desk/tickets/{ticket.reference}/"

    client.post(f"{page}appointment/", {"place": "Accueil", "starts_at": f"{day}T09:00"})
    client.post(f"{page}hold/", {"until": f"{day}T09:00"})

    assert Appointment.objects.get().starts_at == at(f"{day} 09:00+04:00")
    assert ticket.work_items.get().due_from == at(f"{day} 09:00+04:00")
    assert "09:00" in client.get(f"{page}story/").content.decode()


@pytest.mark.parametrize("typed", ["{:%Y-%m-%d}", "{:%d/%m/%Y}"])
def test_the_day_of_a_decision_is_read_as_it_is_typed(typed: str, client):
    ticket, day = a_ticket(), today() - timedelta(days=40)
    client.force_login(a_user())

    client.post(f"/desk/tickets/{ticket.reference}/decision/", {"favourable": "yes", "decided_on": typed.format(day)})

    assert Decision.objects.get().decided_on == day


@pytest.mark.parametrize("typed", ["31 mai 2026", "05/31/2026", "31/05/26", "2026-99-99"])
def test_a_day_that_cannot_be_read_is_asked_for_again_and_nobody_is_told_another(typed: str, client):
    ticket = a_ticket()
    client.force_login(a_user())

    asked = client.post(f"/desk/tickets/{ticket.reference}/decision/", {"favourable": "yes", "decided_on": typed})

    assert asked.status_code == 422
    assert "31/05/2026" in asked.content.decode()
    assert f'name="decided_on" value="{typed}"' in asked.content.decode()
    assert not Decision.objects.exists()


def test_today_stands_in_the_form_of_a_decision_as_it_will_be_sent(client):
    client.force_login(a_user())

    page = client.get(f"/desk/tickets/{a_ticket().reference}/").content.decode()

    assert f'name="decided_on" value="{today()}"' in page


def test_an_appointment_and_a_date_to_rest_until_are_read_as_they_are_typed(client):
    ticket = a_ticket()
    client.force_login(a_user())
    day, page = today() + timedelta(days=9), f"/desk/tickets/{ticket.reference}/"

    client.post(f"{page}appointment/", {"place": "Accueil", "starts_at": f"{day:%d/%m/%Y} 9:30"})
    client.post(f"{page}hold/", {"until": f"{day:%d/%m/%Y} 14:00"})
    unread = client.post(f"{page}appointment/", {"place": "Accueil", "starts_at": "lundi"})

    assert timezone.localtime(Appointment.objects.get().starts_at).strftime("%Y-%m-%d %H:%M") == f"{day} 09:30"
    assert timezone.localtime(ticket.work_items.get().due_from).strftime("%Y-%m-%d %H:%M") == f"{day} 14:00"
    assert unread.status_code == 422
    assert "31/05/2026 14:30" in unread.content.decode()


def decided(days_ago: int) -> Ticket:
    ticket = a_ticket()
    lastmile.decide(ticket.reference, an_agent(), favourable=True, decided_on=today() - timedelta(days=days_ago))
    return ticket


def follow_ups() -> list[str]:
    return list(WorkItem.objects.filter(kind="follow_up").values_list("state", flat=True))


def test_a_favourable_decision_without_an_appointment_becomes_work_after_thirty_days():
    decided(29)
    assert lastmile.sweep_follow_ups() == 0

    decided(30)

    assert lastmile.sweep_follow_ups() == 1
    assert lastmile.sweep_follow_ups() == 0
    assert follow_ups() == ["waiting"]


def test_an_appointment_ends_the_wait_for_one():
    ticket = decided(31)
    lastmile.sweep_follow_ups()

    lastmile.appoint(ticket.reference, an_agent(), place="Guichet 3", starts_at=tomorrow())

    assert follow_ups() == ["done"]


def test_with_an_appointment_nobody_need_look_after_it():
    ticket = decided(31)
    lastmile.appoint(ticket.reference, an_agent(), place="Guichet 3", starts_at=tomorrow())

    assert lastmile.sweep_follow_ups() == 0


def test_put_together_with_another_request_the_wait_for_an_appointment_goes_on_there():
    ticket, other, by = a_ticket(), a_ticket(), an_agent()
    lastmile.decide(ticket.reference, by, favourable=True, decided_on=today() - timedelta(days=31))
    joining.merge(ticket.reference, other.reference, by)
    assert unappointed([ticket.office_id], today()).requests == 1

    assert lastmile.sweep_follow_ups() == 1

    assert WorkItem.objects.get(kind="follow_up").ticket == other
    lastmile.appoint(other.reference, by, place="Guichet 3", starts_at=tomorrow())
    assert WorkItem.objects.get(kind="follow_up").state == "done"
    assert unappointed(None, today()).requests == 0


def test_an_appointment_on_the_request_it_was_put_into_ends_the_wait_for_one():
    ticket, other, by = a_ticket(), a_ticket(), an_agent()
    lastmile.decide(ticket.reference, by, favourable=True, decided_on=today() - timedelta(days=31))
    joining.merge(ticket.reference, other.reference, by)
    lastmile.appoint(ticket.reference, by, place="Guichet 3", starts_at=tomorrow())

    assert lastmile.sweep_follow_ups() == 0
    assert unappointed(None, today()).requests == 0


def test_an_unfavourable_decision_wants_no_appointment():
    ticket = a_ticket()
    day = today() - timedelta(days=60)
    lastmile.decide(ticket.reference, an_agent(), favourable=False, decided_on=day, reasons="Pièce d'identité absente.")

    assert lastmile.sweep_follow_ups() == 0
    assert "pas favorable" in Decision.objects.get().delivery.text


def test_nobody_is_refused_without_being_told_why():
    ticket, by = a_ticket(), an_agent()
    with pytest.raises(InvalidError, match="motifs"):
        lastmile.decide(ticket.reference, by, favourable=False, decided_on=today(), reasons=" \n")

    told = lastmile.decide(ticket.reference, by, favourable=False, decided_on=today(), reasons="Délai dépassé.")
    again = lastmile.decide(ticket.reference, by, favourable=False, decided_on=today(), reasons="Délai dépassé.")

    assert told == again
    assert "Délai dépassé." in told.text
    with pytest.raises(InvalidError, match="déjà"):
        lastmile.decide(ticket.reference, by, favourable=False, decided_on=today(), reasons="Autre chose.")


@pytest.mark.parametrize(
    "wrong",
    [
        {"place": "", "starts_at": timedelta(days=1)},
        {"place": "x" * 301, "starts_at": timedelta(days=1)},
        {"place": "Guichet 3", "starts_at": timedelta(days=-1)},
        {"place": "Guichet 3", "starts_at": timedelta(days=3000)},
        {"place": "Guichet 3", "starts_at": timedelta(days=1), "bring": "x" * 10_000},
    ],
)
def test_an_appointment_nobody_could_keep_is_refused_with_a_sentence(wrong: dict):
    facts = {**wrong, "starts_at": timezone.now() + wrong["starts_at"]}

    with pytest.raises(InvalidError):
        lastmile.appoint(a_ticket().reference, an_agent(), **facts)


@pytest.mark.parametrize("days", [1, -4000])
def test_a_decision_of_an_impossible_day_is_refused(days: int):
    with pytest.raises(InvalidError):
        lastmile.decide(a_ticket().reference, an_agent(), favourable=True, decided_on=today() + timedelta(days=days))


def test_who_only_reads_or_does_not_see_decides_nothing():
    ticket = a_ticket()
    with pytest.raises(NotAllowedError):
        lastmile.decide(ticket.reference, an_agent(role="auditor"), favourable=True, decided_on=today())
    with pytest.raises(NotFoundError):
        lastmile.decide(ticket.reference, an_agent(office=an_office("else")), favourable=True, decided_on=today())


def test_over_the_api(settings):
    settings.CC_API_TOKEN = SERVICE
    reference = a_ticket().reference

    told = Api().post(f"/tickets/{reference}/decision", {"favourable": True, "decided_on": str(today())})
    when = tomorrow().isoformat()
    seen = Api().post(f"/tickets/{reference}/appointment", {"place": "Guichet 3", "starts_at": when})

    refusal = Api().post(f"/tickets/{reference}/decision", {"favourable": False, "decided_on": str(today())})

    assert refusal.status_code == 422
    assert "motifs" in refusal.json()["detail"]
    assert (told.status_code, told.json()["purpose"]) == (201, "notice")
    assert seen.status_code == 201
    stranger = asking_as(a_user(office=an_office("elsewhere")))
    assert stranger.post(f"/tickets/{reference}/decision", {}).status_code == 404
    assert Api().post(f"/tickets/{reference}/decision", {"favourable": "perhaps"}).status_code == 422
