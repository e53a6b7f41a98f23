"""A code to the contact on the order, never to one that the visitor names (C-11)."""

from datetime import datetime

from django.db import transaction

from apps.accounts.models import Store
from apps.api import choices
from apps.api.common import limiter
from apps.api.models import PortalSession, Proof
from apps.api.models.sessions import digest
from apps.api.returns import limits, tasks
from apps.core.errors import DomainError

PROVED = choices.PortalSession.Level.PROVED


class CodeRefused(DomainError):
    code = "code_refused"
    title = "The code is wrong, was used, or is too old"
    status = 400


def ask_proof(store: Store, token: str, language: str, at: datetime) -> Proof:
    """A proof in any case; one for a token that opens nothing is a decoy. Raises TooManyTries."""
    token_hash = digest(token)
    limits.spend(limits.codes(token_hash))
    sessions = PortalSession.objects.for_store(store).select_related("order")
    session = sessions.filter(token_hash=token_hash).first()
    if session is not None and not session.is_open(at):
        session = None
    subject = str(session.order_id) if session else token_hash[:32]
    # Many look-ups of one order share its codes; a mailbox is not to be flooded.
    if not limits.has_room(limits.codes(f"order:{subject}")):
        session = None
    proof = Proof.ask(store, session, language, at)
    transaction.on_commit(lambda: tasks.send_proof_code.delay(str(proof.pk)), robust=True)
    return proof


def verify(proof: Proof, code: str, at: datetime) -> tuple[PortalSession, str]:
    """A `proved` session and its token; raises CodeRefused. Every try counts, also in parallel."""
    right = proof.try_code(code, at)
    if not right or proof.session is None:
        raise CodeRefused(tries_left=proof.tries_left)
    order = proof.session.order
    limiter.give_back(limits.codes(f"order:{order.pk}"), guarded=True)
    return PortalSession.open(order, PROVED, at)
