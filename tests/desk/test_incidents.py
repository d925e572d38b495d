"""A fault has one number, and everybody it hit hears once that it is mended."""

import pytest

from contactcenter.accounts.models import User
from contactcenter.accounts.principal import Principal
from contactcenter.channel import Point, Speaker
from contactcenter.desk import incidents, joining
from contactcenter.desk.models import Incident, IncidentTicket
from contactcenter.errors import InvalidError, NotAllowedError, NotFoundError
from contactcenter.intake.services import receive
from contactcenter.outbox.models import Delivery
from contactcenter.routing import services as routing
from contactcenter.routing.selectors import principal_for
from contactcenter.tickets.models import Ticket
from contactcenter.tickets.reference import check_digit
from tests.contracts.asking import SERVICE, Api
from tests.factories import a_caller, a_ticket, a_user, an_agent, an_office
from tests.races.together import six_times

pytestmark = pytest.mark.django_db(transaction=True)


def of(name: str) -> Ticket:
    return a_ticket(speaker=Speaker(name=name, points=(Point(kind="email", value=f"{name.lower()}@example.org"),)))


def an_incident() -> Incident:
    return incidents.open_incident("Le paiement en ligne échoue", "Payez au guichet.", an_agent())


def notices() -> list[tuple[str, str]]:
    rows = Delivery.objects.filter(purpose="notice").order_by("pk")
    return [(row.ticket.reference, row.to) for row in rows]


def test_its_number_can_be_said_and_checked():
    number = an_incident().number

    assert len(number) == 6
    assert check_digit(number) == "0"


def test_each_person_is_told_once_on_their_oldest_ticket():
    incident, by = an_incident(), an_agent()
    first, second, other = of("Ana"), of("Ana"), of("Bilal")
    incidents.link(incident.number, [second.reference, first.reference, other.reference], by)
    incidents.link(incident.number, [first.reference], by)

    told = incidents.mended(incident.number, "Vous pouvez payer en ligne.", by)
    again = incidents.mended(incident.number, "Vous pouvez payer en ligne.", by)

    assert again == []
    assert len(told) == 2
    assert notices() == [(first.reference, "ana@example.org"), (other.reference, "bilal@example.org")]
    assert "est réparé" in told[0].text


def test_whose_link_came_a_moment_too_late_is_told_by_the_sweep_and_nobody_twice():
    incident, by = an_incident(), an_agent()
    first = of("Ana")
    incidents.link(incident.number, [first.reference], by)
    incidents.mended(incident.number, "Cela marche.", by)
    for late in (of("Ana"), of("Bilal")):  # written while the other transaction was saying that it is mended
        IncidentTicket.objects.create(incident=incident, ticket=late)

    assert incidents.sweep_mended() == 1
    assert incidents.sweep_mended() == 0
    assert [to for _reference, to in notices()] == ["ana@example.org", "bilal@example.org"]


@pytest.mark.parametrize("backwards", [False, True])
def test_who_was_put_together_meanwhile_is_told_once_where_they_and_the_agent_read_it(backwards: bool, client):
    incident, by = an_incident(), an_agent()
    first, second = [a_ticket(speaker=Speaker(name="Ana Exemple")) for _number in range(2)]
    Ticket.objects.filter(pk=second.pk).update(person=first.person)  # by name alone everybody is somebody new
    incidents.link(incident.number, [first.reference, second.reference], by)
    source, into = (second, first) if backwards else (first, second)
    joining.merge(source.reference, into.reference, by)

    (told,) = incidents.mended(incident.number, "Vous pouvez payer en ligne.", by)

    assert (told.means, told.state, told.ticket) == ("page", "delivered", into)
    proof = {"reference": source.reference, "code": source.follow_code}
    assert "Vous pouvez payer en ligne." in client.post("/follow/", proof).content.decode()
    client.force_login(User.objects.get(agent=by.agent_id))
    story = client.get(f"/desk/tickets/{into.reference}/story/").content.decode()
    assert "Vous pouvez payer en ligne." in story
    assert story.count("personne prévenue") == 1


def test_a_word_too_long_for_a_text_message_is_refused_while_it_can_be_shortened(client):
    incident, user = an_incident(), a_user()
    ticket = receive(a_caller(needs="message"))
    incidents.link(incident.number, [ticket.reference], principal_for(user))
    client.force_login(user)

    refused = client.post(f"/desk/incidents/{incident.number}/mended/", {"text": "x" * 1001})

    assert refused.status_code == 422
    assert "1000" in refused.content.decode()
    assert not ticket.deliveries.filter(purpose="notice").exists()
    assert not Incident.objects.exclude(mended_at=None).exists()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_longest_word_reaches_a_caller_by_text_message(language: str):
    by = an_agent()
    incident = incidents.open_incident("x" * 200, "", by)
    ticket = receive(a_caller(needs="message", language=language))
    incidents.link(incident.number, [ticket.reference], by)

    (told,) = incidents.mended(incident.number, "x" * 1000, by)

    assert (told.means, told.language) == ("sms", language)


def test_one_matter_of_two_entries_or_of_nobody_known_hears_it_once():
    incident, by = an_incident(), an_agent()
    caller, ana, unknown, too = of("Bilal"), of("Ana"), a_ticket(speaker=None), a_ticket(speaker=None)
    incidents.link(incident.number, [one.reference for one in (caller, ana, unknown, too)], by)
    joining.merge(caller.reference, ana.reference, by)
    joining.merge(unknown.reference, too.reference, by)

    told = incidents.mended(incident.number, "Cela marche.", by)

    assert [(one.ticket, one.to) for one in told] == [(ana, "ana@example.org"), (too, "")]
    assert not IncidentTicket.objects.filter(told_at=None).exists()


def test_to_a_mended_incident_nothing_more_is_linked_and_what_is_linked_stays_so():
    incident, by = an_incident(), an_agent()
    first, late = of("Ana"), of("Bilal")
    incidents.link(incident.number, [first.reference], by)
    incidents.mended(incident.number, "Cela marche.", by)

    incidents.link(incident.number, [first.reference], by)
    with pytest.raises(InvalidError, match=incident.number):
        incidents.link(incident.number, [first.reference, late.reference], by)

    assert not IncidentTicket.objects.filter(ticket=late).exists()


def test_mended_by_six_at_once_everybody_hears_it_once():
    incident, by = an_incident(), an_agent()
    tickets = [of(f"Person{number}") for number in range(6)]
    incidents.link(incident.number, [ticket.reference for ticket in tickets], by)

    told = six_times(lambda: len(incidents.mended(incident.number, "Cela marche.", by)))

    assert sum(told) == len(notices()) == 6
    assert not IncidentTicket.objects.filter(told_at=None).exists()


def test_one_whom_we_do_not_know_is_told_on_the_follow_page():
    incident, by = an_incident(), an_agent()
    ticket = a_ticket(speaker=None)
    incidents.link(incident.number, [ticket.reference], by)

    (told,) = incidents.mended(incident.number, "Cela marche.", by)

    assert (told.means, told.state) == ("page", "delivered")


def test_a_ticket_that_one_does_not_see_is_not_named():
    incident, hidden = an_incident(), a_ticket(office=an_office("elsewhere"))
    mine = a_ticket()

    with pytest.raises(NotFoundError) as told:
        incidents.link(incident.number, [mine.reference, hidden.reference], an_agent())

    assert hidden.reference not in str(told.value)
    assert not IncidentTicket.objects.exists()


def test_nor_is_one_that_it_was_put_into():
    here, elsewhere = a_ticket(), a_ticket(office=an_office("elsewhere"))
    joining.merge(here.reference, elsewhere.reference, Principal.of_service())
    for item in elsewhere.work_items.unfinished():
        routing.withdraw(item.pk, actor="clock", outcome="elsewhere")
    incident = an_incident()

    with pytest.raises(NotFoundError):
        incidents.link(incident.number, [here.reference], an_agent())


@pytest.mark.parametrize(("title", "text"), [("", ""), ("x" * 201, ""), ("Panne", "x" * 6000)])
def test_an_incident_says_what_does_not_work(title: str, text: str):
    with pytest.raises(InvalidError):
        incidents.open_incident(title, text, an_agent())


def test_auditors_read():
    incident, auditor = an_incident(), an_agent(role="auditor")
    with pytest.raises(NotAllowedError):
        incidents.open_incident("Panne", "", auditor)
    with pytest.raises(NotAllowedError):
        incidents.mended(incident.number, "x", auditor)


def test_over_the_api_and_on_the_portal(settings, client):
    settings.CC_API_TOKEN = SERVICE
    reference = a_ticket().reference
    made = Api().post("/incidents", {"title": "<b>Le site</b>", "text": "Appelez."})
    number = made.json()["number"]
    shown = client.get("/").content.decode()

    assert made.status_code == 201
    assert number in shown
    assert "&lt;b&gt;Le site" in shown
    assert Api().post(f"/incidents/{number}/tickets", {"references": [reference]}).json()["tickets"] == 1
    assert Api().post("/incidents/000000/tickets", {}).status_code == 404
    told = Api().post(f"/incidents/{number}/mended", {"text": "Cela marche."})
    assert [one["purpose"] for one in told.json()] == ["notice"]
    assert Api().post(f"/incidents/{number}/mended", {"text": "Cela marche."}).json() == []
    assert number not in client.get("/").content.decode()
    refused = Api().post(f"/incidents/{number}/tickets", {"references": [a_ticket().reference]})
    assert refused.status_code == 422
    assert number in refused.json()["detail"]
