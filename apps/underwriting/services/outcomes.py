from datetime import datetime
from typing import TYPE_CHECKING

from apps.core.money import Money
from apps.underwriting.models import Outcome

if TYPE_CHECKING:
    from apps.underwriting.models import Assessment


def tell_outcome(assessment: "Assessment", kind: str, amount: Money, at: datetime) -> None:
    """How the advance of this assessment ended; told twice it counts once, the first time's sum.

    `amount` is what was settled, recovered, disputed or lost, in the assessment's currency.
    """
    row = Outcome(
        merchant_id=assessment.merchant_id,
        assessment=assessment,
        shopper_mark_id=assessment.shopper_mark_id,
        kind=kind,
        currency=assessment.currency,
        at=at,
    )
    row.amount = amount
    Outcome.objects.bulk_create([row], ignore_conflicts=True)
