"""Messages to shoppers: written down once for each event, then sent."""

import logging
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from apps.events.models import Event
from apps.notifications.models import Message
from apps.notifications.modules.mails.composing import Mail, compose

logger = logging.getLogger(__name__)
AT_ONCE = 200


def write_down(event: Event) -> Message:
    """A repeat gives the first one."""
    message, _ = Message.objects.get_or_create(
        merchant_id=event.merchant_id, event_id=event.pk, defaults={"kind": event.kind}
    )
    return message


def send_message(message_id: UUID, at: datetime) -> bool:
    """False when there is nothing to send, or it was sent. A process that dies between mail and row
    leaves it taken: after the lease it is sent again, which is better than never."""
    message = Message.objects.get(pk=message_id)
    if not message.take(at):
        return False
    mail = compose(Event.objects.get(pk=message.event_id))
    if mail is not None:
        _envelope(mail).send()
    message.finish(at, sent=mail is not None)
    return mail is not None


def send_left_behind(at: datetime) -> int:
    waiting = Message.objects.left_behind(at - settings.TASK_LEASE)[:AT_ONCE]
    return sum(_try(message.pk, at) for message in waiting)


def _try(message_id: UUID, at: datetime) -> bool:
    """One that cannot be sent does not keep the others waiting."""
    try:
        return send_message(message_id, at)
    except Exception:
        logger.exception("could not send message %s", message_id)
        return False


def _envelope(mail: Mail) -> EmailMultiAlternatives:
    envelope = EmailMultiAlternatives(subject=mail.subject, body=mail.text, to=[mail.to])
    envelope.attach_alternative(mail.html, "text/html")
    return envelope
