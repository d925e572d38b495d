"""Text messages, in and out on one request: counted, from a sender that the country takes, answered where it goes."""

from urllib.parse import quote

import pytest
from django.utils import timezone

from contactcenter.outbox import services as outbox
from contactcenter.outbox.models import Delivery
from contactcenter.outbox.services import deliver_due
from contactcenter.outbox.texting import segments
from contactcenter.people.models import ContactPoint
from contactcenter.tickets.models import Interaction, Ticket
from ivr.carry import carry_due
from ivr.models import Command
from ivr.provider import Provider, ProviderError
from ivr.services import calls, texts
from tests.factories import a_user, an_office
from tests.ivr.conftest import Line

pytestmark = pytest.mark.django_db
NUMBER = "+33639980001"


@pytest.fixture(autouse=True)
def lines_anew():
    calls.forget_lines()


def a_text(sid: str, text: str = "Bonjour", number: str = NUMBER) -> None:
    texts.text_received(sid, number=number, line=an_office().phone, text=text)


def test_a_second_text_goes_on_with_the_open_request_and_has_no_second_receipt():
    a_text("SM1")
    a_text("SM2", "J'ai oublié : ma carte finit en mai.")

    ticket = Ticket.objects.get()
    assert Interaction.objects.filter(ticket=ticket, direction="in").count() == 2
    assert Delivery.objects.filter(purpose="receipt").count() == 1


def test_a_text_is_written_and_stands_in_the_queue_as_no_voice_message(client):
    a_text("SM1", "Ma carte finit en mai.")
    client.force_login(a_user())

    queue = client.get("/desk/queue/").content.decode()

    assert "Ma carte finit en mai." in queue
    assert "Message vocal" not in queue


def test_the_same_text_told_twice_is_one():
    a_text("SM1")
    a_text("SM1")

    assert Interaction.objects.count() == 1


def test_the_same_words_twice_within_a_minute_are_two_texts_and_one_that_is_told_again_is_one(line: Line):
    for sid in ("SM1", "SM2", "SM1", "SM2"):
        assert line.network.text_in(NUMBER, line.office.phone, "Toujours rien ?", sid=sid).status_code == 200

    said = Interaction.objects.filter(direction="in")
    assert sorted(said.values_list("external_id", "text")) == [("SM1", "Toujours rien ?"), ("SM2", "Toujours rien ?")]
    assert Ticket.objects.count() == 1


@pytest.mark.parametrize("text", ["", "\x00\x0b😀", "1" * 10_240, "<Response><Dial>+33199000000</Dial></Response>"])
def test_whatever_is_written_in_a_text_is_a_request_and_no_document(line: Line, text: str):
    answer = line.network.text_in(NUMBER, line.office.phone, text)

    assert answer.status_code == 200
    assert "<Dial>" not in answer.text
    assert Ticket.objects.count() == 1


def told(line: Line, delivery: Delivery, status: str) -> int:
    path = f"/ivr/sms-status?delivery={delivery.pk}"
    return line.network.webhooks.post(path, {"MessageSid": "SMsent", "MessageStatus": status}).status_code


@pytest.mark.parametrize("order", [("delivered", "sent"), ("sent", "delivered"), ("delivered", "delivered", "sending")])
def test_in_whatever_order_it_is_told_a_text_has_arrived_and_has_its_name(line: Line, order: tuple[str, ...]):
    a_text("SM1")
    deliver_due()
    delivery = Delivery.objects.get()

    for status in order:
        assert told(line, delivery, status) == 204

    delivery.refresh_from_db()
    assert (delivery.state, delivery.external_id) == ("delivered", "SMsent")


def test_a_text_that_arrived_before_the_provider_s_answer_keeps_the_name_that_the_answer_gives():
    a_text("SM1")
    deliver_due()
    delivery = Delivery.objects.get()
    outbox.report(delivery.pk, "delivered")

    outbox.report(delivery.pk, "sent", external_id="SMlate")
    outbox.report(delivery.pk, "sent", external_id="SMother")

    delivery.refresh_from_db()
    assert (delivery.state, delivery.external_id) == ("delivered", "SMlate")


def test_a_text_of_which_the_provider_told_is_not_sent_again_though_its_answer_was_lost(line: Line, monkeypatch):
    a_text("SM1")
    deliver_due()
    told(line, Delivery.objects.get(), "sent")
    Command.objects.update(attempts=1, due_at=timezone.now())
    monkeypatch.setattr(Provider, "texts", lambda self, **more: [])  # whatever it lists by now

    assert line.carry(lambda: Command.objects.get().done_at)
    assert line.network.texts == []


@pytest.mark.parametrize("delivery", ["987654", "", "x", "²", "9" * 40])
def test_what_is_told_of_a_text_that_we_never_sent_changes_nothing(line: Line, delivery: str):
    form = {"MessageSid": "SM9", "MessageStatus": "delivered"}

    assert line.network.webhooks.post(f"/ivr/sms-status?delivery={quote(delivery)}", form).status_code == 204


def test_a_text_after_a_call_is_on_the_call_s_request():
    call = calls.begin("CA1", number=NUMBER, line=an_office().phone)
    a_text("SM1")

    assert Interaction.objects.get(external_id="SM1").ticket == call.ticket


@pytest.mark.parametrize("why", ["shared", "two open", "solved", "another number"])
def test_where_it_is_not_sure_a_text_is_a_request_of_its_own(why):
    a_text("SM1")
    first = Ticket.objects.get()
    if why == "shared":
        ContactPoint.objects.update(shared=True)
    if why == "two open":
        call = calls.begin("CA1", number="+33639980002", line=an_office().phone)
        Ticket.objects.filter(pk=call.ticket_id).update(answer_to=first.answer_to)
    if why == "solved":
        Ticket.objects.update(state="solved", solved_at=first.opened_at)

    a_text("SM2", number="+33639980009" if why == "another number" else NUMBER)

    assert Interaction.objects.get(external_id="SM2").ticket != first


def test_a_receipt_by_text_carries_the_number_and_nothing_of_the_matter(line: Line):
    a_text("SM1", "Je m'appelle Ana Fictive, ma carte de séjour est volée")
    deliver_due()

    assert line.carry(lambda: line.network.texts)
    said = line.network.texts[0].body
    reference = Ticket.objects.get().reference
    assert reference in said.replace(" ", "").replace("\N{NO-BREAK SPACE}", "").replace("\N{NARROW NO-BREAK SPACE}", "")
    assert not any(word in said for word in ("Ana", "Fictive", "carte", "séjour", "volée"))


def test_where_a_text_cannot_be_answered_it_says_whom_to_call(line: Line, settings):
    settings.CC_SMS_SENDERS = {"+33": "ACCUEIL"}
    a_text("SM1")
    deliver_due()

    assert line.carry(lambda: line.network.texts)
    said = line.network.texts[0].body
    assert "On ne peut pas répondre à ce SMS. Appelez le" in said
    assert segments(said).alphabet == "gsm7"


def test_where_a_text_can_be_answered_it_says_nothing_of_it(line: Line):
    a_text("SM1")
    deliver_due()

    assert line.carry(lambda: line.network.texts)
    assert "répondre à ce SMS" not in line.network.texts[0].body


def test_a_text_whose_answer_was_lost_is_not_sent_twice_and_its_like_is(line: Line, monkeypatch):
    a_text("SM1")
    deliver_due()
    send = Provider.text

    def loses_its_answer(self: Provider, **form: str) -> str:
        send(self, **form)
        raise ProviderError("ReadTimeout", passing=True)

    with monkeypatch.context() as patched:
        patched.setattr(Provider, "text", loses_its_answer)
        carry_due(Provider())
    Command.objects.update(due_at=timezone.now())

    assert line.carry(lambda: Command.objects.get().done_at)
    (told,) = line.network.texts
    delivery = Delivery.objects.get()
    assert delivery.state in ("sent", "delivered")  # the provider may have told the second before the first
    Delivery.objects.update(external_id=told.sid)
    Command.objects.create(  # the same words to the same person, said on purpose
        kind=Command.Kind.SMS, key="again", argument=delivery.to, delivery_id=_like(delivery).pk, attempts=1
    )
    assert line.carry(lambda: len(line.network.texts) == 2)


def _like(delivery: Delivery) -> Delivery:
    return Delivery.objects.create(
        ticket=delivery.ticket,
        purpose=delivery.purpose,
        means="sms",
        channel="phone",
        to=delivery.to,
        text=delivery.text,
        language=delivery.language,
        state="sending",
    )
