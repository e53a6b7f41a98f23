"""Mails of the portal, which settings route to the queue `mail`; arguments are ids only."""

from uuid import UUID

from celery import shared_task
from django.conf import settings
from django.core.mail import EmailMessage

from apps.api.models import Proof
from apps.api.returns.texts.advice import MAIL
from apps.api.returns.texts.words import say
from apps.core import clock
from apps.orders.models import Order


@shared_task
def send_proof_code(proof_id: str) -> bool:
    """Once, to the order's e-mail; False for a decoy, and for a repeat."""
    proof = Proof.objects.select_related("store", "session__order").get(pk=UUID(proof_id))
    code = proof.redraw(clock.now())
    if not code or proof.session is None:
        return False
    _mail(proof, proof.session.order, code).send()
    proof.note_sent(clock.now())
    return True


def _mail(proof: Proof, order: Order, code: str) -> EmailMessage:
    minutes = int(settings.PROOF_CODE_LIFETIME.total_seconds()) // 60
    facts = {
        # One line: a name with a line break must not become a header of its own.
        "store": " ".join(proof.store.name.split()),
        "order": order.number,
        "code": code,
        "minutes": minutes,
    }
    return EmailMessage(
        subject=say(MAIL, "subject", proof.language, **facts),
        body=say(MAIL, "body", proof.language, **facts),
        to=[proof.email],
    )
