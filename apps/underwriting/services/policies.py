from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Max

from apps.underwriting.models import UnderwritingPolicy
from apps.underwriting.modules.terms import read_terms, terms_json

if TYPE_CHECKING:
    from apps.accounts.models import Merchant


def draft_policy(
    merchant: "Merchant | None", terms: dict[str, Any], name: str = ""
) -> UnderwritingPolicy:
    """The next version, for one merchant or (None) for the platform; raises TermsInvalid."""
    judged = terms_json(read_terms(terms))
    with transaction.atomic():
        ours = UnderwritingPolicy.objects.filter(merchant=merchant)
        last = ours.aggregate(last=Max("version"))["last"]
        policy = UnderwritingPolicy(
            merchant=merchant, version=(last or 0) + 1, terms=judged, name=name
        )
        policy.save(force_insert=True)
    return policy
