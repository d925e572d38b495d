"""The ticket page: the whole story, the proposed way to answer with its reason, the person, the dates that run."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from contactcenter import channel as plug
from contactcenter import vault
from contactcenter.channel import File, Fragment, Point, Speaker
from contactcenter.desk import services
from contactcenter.intake.services import receive
from contactcenter.outbox.models import Delivery
from contactcenter.outbox.services import report
from contactcenter.routing.selectors import principal_for
from tests.factories import a_caller, a_ticket, a_user, an_office

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(client):
    user = a_user()
    client.force_login(user)
    return user


def the_page(client, ticket) -> str:
    answer = client.get(f"/desk/tickets/{ticket.reference}/")
    assert answer.status_code == 200
    return answer.content.decode()


def chosen_way(page: str) -> str:
    return re.findall(r'name="means" value="(\w+)"[^>]* checked', page)[0]


def test_what_was_said_answered_noted_and_done_stands_on_one_timeline(client, agent):
    ticket = a_ticket(text="Je n'ai pas de rendez-vous.")
    by = principal_for(agent)
    services.note(ticket.reference, "Créneau possible jeudi.", by)
    services.reply(ticket.reference, "Venez jeudi à 10 h.", by)

    page = the_page(client, ticket)

    for text in ("Je n&#x27;ai pas de rendez-vous.", "Créneau possible jeudi.", "Venez jeudi à 10 h."):
        assert text in page


def test_a_writer_of_mail_is_answered_by_mail_and_the_page_says_why(client, agent):
    page = the_page(client, a_ticket())

    assert chosen_way(page) == "email"
    assert "parce que la personne a écrit par courriel" in page


def test_a_caller_from_a_mobile_is_answered_by_sms(client, agent):
    page = the_page(client, receive(a_caller("+33639980001")))

    assert chosen_way(page) == "sms"


def test_an_answer_that_came_back_is_told_on_its_line_and_waits_as_work(client, agent):
    ticket = a_ticket()
    services.reply(ticket.reference, "Venez jeudi à 10 h.", principal_for(agent))
    lost = Delivery.objects.get(purpose="reply")
    report(lost.pk, "sent")
    sent = the_page(client, ticket)

    report(lost.pk, "bounced", error="550 5.1.1 no such user")
    page = the_page(client, ticket)

    assert re.search(r'class="delivery is-sent">envoyé<', sent)
    assert re.search(r'class="delivery is-bounced">revenu', page)
    assert "<strong>Réponse non remise</strong> · dans la file depuis" in page


def test_an_enclosure_that_could_not_be_opened_says_so(client, agent):
    file = File(name="api.pdf", content_type="application/pdf", kept=vault.keep(b"x"), problem="encrypted")

    page = the_page(client, a_ticket(files=(file,)))

    assert "api.pdf" in page
    assert "protégé par un mot de passe" in page


def test_a_channel_shows_its_own_rows_on_the_timeline(client, agent):
    class Loopback:
        name, label, urls = "email", "E-mail", ""

        def send(self, outbound):
            raise NotImplementedError

        def timeline(self, interaction_ids):
            return {pk: Fragment(html=f"<p>shown {pk}</p>") for pk in interaction_ids}

    ticket = a_ticket()
    with plug.registered(Loopback()):
        page = the_page(client, ticket)

    assert f"<p>shown {ticket.interactions.get().pk}</p>" in page


def test_the_person_s_address_is_shown_with_how_well_it_is_proved(client, agent):
    page = the_page(client, a_ticket())

    assert "ana@example.org" in page
    assert "connu par un courriel, non prouvé" in page


def test_the_receipt_s_follow_code_stays_the_person_s(client, agent):
    ticket = a_ticket()

    assert ticket.follow_code not in the_page(client, ticket)


def test_markup_in_a_text_is_only_text(client, agent):
    page = the_page(client, a_ticket(text="<img src=x onerror=alert(1)>", subject="<i>x</i>"))

    assert "<img src=x" not in page
    assert "<i>x</i>" not in page


def test_a_very_long_text_is_shown_from_its_beginning_and_whole_on_a_page_of_its_own(client, agent):
    ticket = a_ticket(text="mot " * 200_000)

    page = the_page(client, ticket)
    whole = client.get(f"/desk/interactions/{ticket.interactions.get().pk}/text/")

    assert len(page) < 100_000
    assert len(whole.content) > 790_000
    assert whole["Content-Type"] == "text/plain; charset=utf-8"


def test_a_ticket_of_another_office_is_not_there(client, agent):
    other = a_ticket(office=an_office("hautmont"))

    assert client.get(f"/desk/tickets/{other.reference}/").status_code == 404
    assert client.get(f"/desk/tickets/{other.reference}/story/").status_code == 404
    assert client.get("/desk/tickets/0000000000/").status_code == 404


def test_an_unchanged_story_is_not_sent_again_and_a_changed_one_is(client, agent):
    ticket = a_ticket()
    address = f"/desk/tickets/{ticket.reference}/story/"
    tag = client.get(address)["ETag"]

    again = client.get(address, headers={"If-None-Match": tag})
    services.note(ticket.reference, "Nouveau.", principal_for(agent))
    changed = client.get(address, headers={"If-None-Match": tag})

    assert again.status_code == 304
    assert "Nouveau." in changed.content.decode()


def test_a_date_that_is_past_is_said_to_be_late(client, agent):
    ticket = a_ticket(occurred_at=timezone.now() - timedelta(days=9))

    assert 'class="is-late"><dt>en retard' in the_page(client, ticket)


def test_a_person_with_no_address_is_answered_on_the_follow_page(client, agent):
    page = the_page(client, a_ticket(channel="web", speaker=Speaker(name="Sans adresse", named=True)))

    assert chosen_way(page) == "page"


def test_the_ticket_page_costs_the_same_queries_however_long_the_story(
    client, agent, monkeypatch, django_assert_max_num_queries
):
    monkeypatch.setattr("contactcenter.routing.signs.OFTEN_ENOUGH", float("inf"))
    monkeypatch.setattr("channels_app.views.desk.TRUE_FOR", 10**9)  # however slowly the two pages follow one another
    ticket = a_ticket()
    by = principal_for(agent)
    for number in range(10):
        services.note(ticket.reference, f"Note {number}", by)
        services.reply(ticket.reference, f"Réponse {number}", by)
    the_page(client, ticket)

    with django_assert_max_num_queries(QUERIES_OF_A_TICKET):
        the_page(client, ticket)


QUERIES_OF_A_TICKET = 48  # the queue's, then the ticket, its story, person, work, drafts, and who it can be passed to


def test_addresses_of_several_lines_are_kept_in_lines(client, agent):
    speaker = Speaker(name="M. El Tarabzi", points=(Point(kind="address", value="3 rue X\n99000 Valmorin"),))

    assert "3 rue X<br>99000 Valmorin" in the_page(client, a_ticket(channel="paper", speaker=speaker))


def test_a_refusal_without_reasons_is_refused_on_the_page_and_its_date_kept(client, agent):
    ticket = a_ticket()

    answer = client.post(
        f"/desk/tickets/{ticket.reference}/decision/", {"favourable": "no", "decided_on": "2026-01-02", "reasons": " "}
    )

    assert answer.status_code == 422
    assert "personne n&#x27;est refusé sans qu&#x27;on lui dise pourquoi" in answer.content.decode()
    assert 'value="2026-01-02"' in answer.content.decode()
    assert not ticket.decisions.exists()
