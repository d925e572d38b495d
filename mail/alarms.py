"""Tell supervisors by e-mail that a figure crossed its threshold, and that it came back."""

import asyncio
from datetime import timedelta
from email.errors import MessageError

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from contactcenter.accounts.models import User
from contactcenter.channel import DeliveryError, Outbound
from contactcenter.offices.models import Office
from contactcenter.reports.models import AlarmMail
from mail.channel import relay
from mail.compose import compose

AT_ONCE = 100
AGAIN = timedelta(minutes=2)  # until a mail that could not be handed on, or whose sender died, is tried again
PATIENCE = timedelta(days=1)  # after which nobody wants to know any more


def send_alarms() -> None:
    """Hand each mail that is due to the relay; one that fails is tried again every two minutes, for a day."""
    sender = Office.objects.exclude(email="").order_by("pk").first()
    if sender is None:
        return
    due = AlarmMail.objects.filter(sent_at=None, given_up_at=None, due_at__lte=timezone.now())
    for mail in due.select_related("alarm").order_by("pk")[:AT_ONCE]:
        if _claimed(mail):
            _send(mail, sender)


def _claimed(mail: AlarmMail) -> bool:
    """Whether it is ours to send: of several who read it as due, one puts it off."""
    now = timezone.now()
    mine = AlarmMail.objects.filter(pk=mail.pk, sent_at=None, given_up_at=None, due_at=mail.due_at)
    return bool(mine.update(due_at=now + AGAIN))


def _send(mail: AlarmMail, sender: Office) -> None:
    try:
        data = compose(_written(mail, sender), sender=sender.email, sender_name=sender.service, files=[])
        asyncio.run(relay(data, "", mail.to))
    except (DeliveryError, ValueError, IndexError, MessageError) as error:
        hopeless = not isinstance(error, DeliveryError) or error.permanent
        if hopeless or timezone.now() - mail.made_at > PATIENCE:
            mail.given_up_at = timezone.now()
        mail.error = str(error)[:200]
    else:
        mail.sent_at = timezone.now()
    mail.save(update_fields=["sent_at", "given_up_at", "error"])


def _reads(address: str) -> str:
    """The language of whoever works here under this address; the house's for an address we do not know."""
    users = User.objects.filter(email__iexact=address, is_active=True).order_by("pk")
    language = users.values_list("language", flat=True).first()
    return language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def _written(mail: AlarmMail, sender: Office) -> Outbound:
    language = _reads(mail.to)
    with override(language):
        at = f"{timezone.localtime(mail.alarm.closed_at if mail.over else mail.alarm.opened_at):%d/%m/%Y %H:%M}"
        subject = _("Right again: %(text)s") if mail.over else _("Alarm: %(text)s")
        since = _("Right again since %(at)s.") if mail.over else _("Since %(at)s.")
        board = _("The wallboard shows how things stand: %(address)s")
        sentence = mail.alarm.sentence
        parts = [sentence, since % {"at": at}, board % {"address": f"{settings.CC_PUBLIC_BASE_URL}/wallboard/"}]
        text = "\n\n".join(parts)
        subject %= {"text": sentence}
    return Outbound(
        delivery_id=0,
        ticket_id=0,
        reference="",
        purpose="notice",
        means="email",
        to=mail.to,
        subject=subject,
        text=text,
        language=language,
        message_id=f"<alarm-{mail.pk}@{sender.email.rpartition('@')[2]}>",  # the same, should it be sent twice
    )
