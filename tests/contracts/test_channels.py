"""What every channel keeps to, whichever is plugged in."""

import inspect

import pytest
from django.test import Client
from django.urls import get_resolver
from django.utils.module_loading import import_string
from django.utils.translation import override

from contactcenter import channel
from contactcenter.channel import Channel, DeliveryError, LiveChannel, Outbound, Sent
from contactcenter.intake.services import receive
from contactcenter.outbox.models import CHANNEL_OF, Delivery
from contactcenter.tickets.models import Interaction
from tests.contracts.asking import Api
from tests.factories import a_ticket, an_inbound

CORE = {"phone", "email", "web", "paper"}
MEANS = {"phone": "sms", "email": "email", "web": "page", "paper": "letter"}
TO = {
    "sms": "+33639980001",
    "email": "ana@example.org",
    "page": "",
    "letter": "Ana Exemple\n1 rue de l'Exemple\n99000 Valmorin",
}
every_channel = pytest.mark.parametrize("name", sorted(channel.names()))


def an_outbound(name: str, *, means: str = "") -> Outbound:
    """An answer ready to be carried by this channel."""
    means = means or MEANS.get(name, "page")
    ticket = a_ticket(channel=name, receipt=False)
    delivery = Delivery.objects.create(
        ticket=ticket, purpose="reply", means=means, channel=name, to=TO.get(means, ""), text="Bonjour."
    )
    return Outbound(
        delivery_id=delivery.pk,
        ticket_id=ticket.pk,
        purpose="reply",
        means=means,
        to=delivery.to,
        subject="Votre demande",
        text="Bonjour.",
        language="fr",
        reference=ticket.reference,
        message_id="<one@example.org>",
    )


def test_the_four_channels_of_the_contract_are_plugged_in() -> None:
    assert set(channel.names()) >= CORE
    assert set(CHANNEL_OF.values()) <= set(channel.names())


@every_channel
def test_a_channel_has_the_shape_of_the_plug(name: str) -> None:
    plugged = channel.get(name)

    assert isinstance(plugged, Channel)
    assert plugged.name == name == name.lower()
    assert list(inspect.signature(plugged.send).parameters) == ["outbound"]


@every_channel
def test_a_channel_has_a_name_for_people_in_each_language(name: str) -> None:
    for language in ("fr", "en"):
        with override(language):
            assert str(channel.get(name).label).strip()


@every_channel
def test_the_addresses_of_a_channel_are_served(name: str) -> None:
    urls = channel.get(name).urls
    if not urls:
        return

    patterns = import_string(f"{urls}.urlpatterns")

    served = {
        getattr(one.urlconf_name, "__name__", "") for one in get_resolver().url_patterns if hasattr(one, "urlconf_name")
    }
    assert patterns
    assert urls in served


@every_channel
@pytest.mark.django_db
def test_a_message_by_any_channel_is_one_ticket_on_that_channel(name: str) -> None:
    inbound = an_inbound(channel=name)

    first, second = receive(inbound), receive(inbound)

    assert first == second
    assert first.channel == Interaction.objects.get().channel == name


@every_channel
@pytest.mark.django_db
def test_sending_ends_in_a_known_state_or_a_delivery_error(name: str) -> None:
    states = {"sent", "delivered", "sending"}
    try:
        ended = channel.get(name).send(an_outbound(name)).state
    except DeliveryError as error:
        ended = str(error)
        states.add(ended)

    assert ended
    assert ended in states


@every_channel
@pytest.mark.django_db
def test_sending_the_same_twice_does_no_harm(name: str) -> None:
    outbound = an_outbound(name)

    for _again in range(2):
        try:
            channel.get(name).send(outbound)
        except DeliveryError:
            continue

    assert Interaction.objects.filter(direction="in").count() == 1


@every_channel
@pytest.mark.django_db
def test_a_channel_shows_its_own_interactions_and_is_silent_on_others(name: str) -> None:
    timeline = getattr(channel.get(name), "timeline", None)
    if timeline is None:
        return
    ticket = a_ticket(channel=name)
    said = Interaction.objects.get(ticket=ticket)

    told = timeline([said.pk, said.pk + 1000])

    assert set(told) <= {said.pk}
    assert timeline([]) == {}


@every_channel
def test_a_live_channel_is_live_in_every_respect(name: str) -> None:
    plugged = channel.get(name)
    verbs = {"connect", "hold", "resume", "hang_up"}

    has = {verb for verb in verbs if hasattr(plugged, verb)}

    assert has in (set(), verbs)
    assert isinstance(plugged, LiveChannel) == (has == verbs)


@every_channel
@pytest.mark.django_db
def test_what_came_by_any_channel_can_be_read_through_the_api(name: str, api: Api) -> None:
    ticket = a_ticket(channel=name)

    listed = [one["reference"] for one in api.every("/tickets", channel=name)]
    story = api.get(f"/tickets/{ticket.reference}").json()

    assert listed == [ticket.reference]
    assert story["interactions"][0]["channel"] == name


def test_a_channel_of_somebody_elses_needs_no_more_than_its_plug(api: Api) -> None:
    class Pigeon:
        name, label, urls = "pigeon", "pigeon", ""

        def send(self, outbound: Outbound) -> Sent:
            return Sent(state="delivered")

    with channel.registered(Pigeon()):
        ticket = a_ticket(channel="pigeon")

        assert isinstance(channel.get("pigeon"), Channel)
        assert api.get(f"/tickets/{ticket.reference}").json()["channel"] == "pigeon"
    assert "pigeon" not in channel.names()


def test_an_unknown_address_below_a_channel_is_no_stack_trace() -> None:
    assert Client(raise_request_exception=False).get("/ivr/nowhere").status_code in (403, 404, 405)
