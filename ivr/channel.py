"""The plug: calls come in by webhook; texts and calls go out as commands to the provider."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contactcenter.accounts.principal import Principal
from contactcenter.channel import DeliveryError, Fragment, Outbound, Preview, PromisedHour, Sent
from contactcenter.offices.models import Office
from contactcenter.procedures.selectors import current
from contactcenter.routing.models import WorkItem
from contactcenter.tickets.models import Attachment, Ticket
from ivr.models import Call, CallState, Command
from ivr.panel import panel
from ivr.previewing import shown
from ivr.reading import call_named, facts_of, of_interactions, talked_s, with_a_message
from ivr.services import conversations, holds, legs, outgoing, slots
from ivr.services.agent_lines import is_usable, line_of
from ivr.services.orders import order

if TYPE_CHECKING:
    from ninja import Router


class PhoneChannel:
    """The telephone, by calls and texts."""

    name = "phone"
    label = gettext_lazy("telephone")
    urls = "ivr.urls"

    @property
    def api_router(self) -> "Router":
        """Calls in the API."""
        from ivr.api import router  # no process but the one with pages needs it and what stands behind it

        return router

    def panel(self, request: HttpRequest, ticket: Ticket, by: Principal) -> Fragment:
        """The ticket's live call, or the button that calls its person."""
        return Fragment(html=panel(request, ticket, by))

    def is_line(self, text: str) -> bool:
        """Whether an agent can be called at this."""
        return is_usable(text)

    def must_see(self, named: Mapping[str, str], by: Principal) -> None:
        """NotFoundError where the call that a path names is not there to see."""
        if "sid" in named:
            call_named(named["sid"], by)

    def send(self, outbound: Outbound) -> Sent:
        """A text becomes a command, which the `voice` process carries and reports."""
        if outbound.means != "sms":
            raise DeliveryError("only texts are sent by themselves", permanent=True)
        order(
            Command.Kind.SMS,
            f"sms-{outbound.delivery_id}",
            argument=outbound.to,
            delivery_id=outbound.delivery_id,
            rank=6,
        )
        return Sent(state="sending")

    def preview(self, outbound: Outbound) -> Preview:
        """A text with its sender and its segments counted; of a callback, what the agent will say."""
        return shown(outbound)

    def connect(self, work_item_id: int, agent_id: int | None) -> None:
        """Bring the agent and the person together."""
        legs.connect(work_item_id, agent_id, line_of(agent_id))

    def hold(self, work_item_id: int) -> None:
        """The person hears the hold music."""
        self._held(work_item_id, on=True)

    def resume(self, work_item_id: int) -> None:
        """Person and agent hear each other again."""
        self._held(work_item_id, on=False)

    def _held(self, work_item_id: int, *, on: bool) -> None:
        call = Call.objects.filter(work_item_id=work_item_id).exclude(state=CallState.ENDED).first()
        if call:
            verb = conversations.hold if on else conversations.resume
            verb(call, Principal.of_service())

    def hang_up(self, work_item_id: int) -> None:
        """End the conversation."""
        legs.hang_up(work_item_id)

    def let_go(self, work_item_id: int) -> None:
        """The agent gave the call back; the person waits again."""
        legs.let_go(work_item_id)

    def may_call(self, number: str) -> bool:
        """Whether a person's number is one that we call at all."""
        return outgoing.may_call(number)

    def free_hours(self, office: Office) -> Iterator[datetime]:
        """Hours that can be promised for a callback, the soonest first."""
        return slots.free(office, timezone.now())

    def promise(self, work_item_id: int, at: datetime) -> None:
        """A callback was promised for this hour."""
        item = WorkItem.objects.select_related("ticket__office").get(pk=work_item_id)
        slots.promise(item.ticket.office, item.pk, at)

    def promised_hours(self, start: datetime, end: datetime, offices: Collection[int] | None) -> list[PromisedHour]:
        """The hours that were named for a callback, and which of them went by without one."""
        return slots.between(start, end, offices)

    def held_s(self, work_items: Iterable[int]) -> dict[int, float]:
        """For how many seconds the person was on hold, for each of these work items; until now where they still are."""
        return holds.seconds(work_items)

    def timeline(self, interaction_ids: list[int]) -> dict[int, Fragment]:
        """How long each call waited, what became of it, and its audio."""
        calls = of_interactions(interaction_ids)
        spoken = with_a_message(calls)
        return {
            pk: Fragment(
                html=format_html(
                    "<p>{}</p>{}{}{}", _sentence(call, pk in spoken), _chosen(call), _keyed(call), _audio(pk)
                )
            )
            for pk, call in calls.items()
        }

    def voice_messages(self, interaction_ids: Collection[int]) -> set[int]:
        """Those of these interactions that are calls whose person left a message."""
        return with_a_message(of_interactions(interaction_ids))

    def details(self, interaction_ids: list[int]) -> dict[int, Mapping[str, object]]:
        """The calls of these interactions, field by field."""
        return {pk: facts_of(call) for pk, call in of_interactions(interaction_ids).items()}


def _sentence(call: Call, left_a_message: bool) -> str:
    return _of_ours(call) if call.outgoing else _of_theirs(call, left_a_message)


def _of_ours(call: Call) -> str:
    """What became of a call that we made."""
    talked = talked_s(call)
    if call.ended_at is None:
        return _("Conversation under way.") if talked is not None else _("The person is being called.")
    if talked is not None:
        return _("Reached; talked for %(talked)d s.") % {"talked": talked}
    return _("Not reached.") if call.missed else _("Given up before anybody answered.")


def _of_theirs(call: Call, left_a_message: bool) -> str:
    if call.connected_at:
        waited = (call.connected_at - (call.waiting_since or call.started_at)).total_seconds()
        if call.ended_at is None:
            return _("Conversation under way, after %(seconds)d s of waiting.") % {"seconds": waited}
        talked = talked_s(call) or 0
        return _("Answered after %(waited)d s; talked for %(talked)d s.") % {"waited": waited, "talked": talked}
    if call.ended_at is None:
        return _("On the line, in the queue.") if call.waiting_since else _("On the line, in the menu.")
    if call.waiting_since:
        waited = (call.ended_at - call.waiting_since).total_seconds()
        if left_a_message:
            return _("Waited %(waited)d s, then left a message.") % {"waited": waited}
        return _("Waited %(waited)d s and was not connected.") % {"waited": waited}
    return _("Left a message.") if left_a_message else _("Ended in the menu.")


def _audio(interaction_id: int) -> SafeString:
    rows = Attachment.objects.filter(interaction=interaction_id, content_type__startswith="audio/")
    return format_html_join(
        "",
        '<audio controls preload="none" src="{}"></audio>',
        ((reverse("desk:attachment", args=[row.pk]),) for row in rows),
    )


def _chosen(call: Call) -> SafeString:
    """What the caller said in the menu that they ring about, where the request was there before and is about more."""
    version = current(call.about) if call.about else None
    return format_html("<p>{}: {}</p>", _("Chosen in the menu"), version.named()) if version else SafeString("")


def _keyed(call: Call) -> SafeString:
    """What the caller keyed of themselves, and whether it is what we hold; the agent decides what it is worth."""
    names = {"birth_date": _("Birth date keyed"), "foreigner_number": _("Foreigner number keyed")}
    return format_html_join(
        "",
        "<p>{}: {} ({})</p>",
        (
            (names[claim.kind], claim.value, _("as we hold it") if claim.agrees else _("not what we hold, or unknown"))
            for claim in call.claims.all()
        ),
    )
