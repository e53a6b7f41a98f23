from datetime import datetime

from apps.underwriting.choices import Reason
from apps.underwriting.dtos import Facts, Finding, PolicyTerms
from apps.underwriting.modules.rules.base import stop, when


def judge(facts: Facts, terms: PolicyTerms, at: datetime) -> list[Finding]:
    """Categories are compared without case, as shops write them."""
    categories = {category.casefold() for category in facts.goods.categories}
    return [
        *stop(not categories.isdisjoint(terms.excluded_categories), Reason.CATEGORY_EXCLUDED),
        *when(not categories.isdisjoint(terms.risky_categories), Reason.CATEGORY_RISKY, 20),
    ]
