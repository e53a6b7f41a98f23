"""One file a family: `judge(facts, terms, at)` gives findings and reads nothing else."""

from collections.abc import Callable
from datetime import datetime

from apps.underwriting.choices import Family
from apps.underwriting.dtos import Facts, Finding, PolicyTerms
from apps.underwriting.modules.rules import (
    address,
    carrier,
    category,
    country,
    email,
    exposure,
    history,
    lists,
    merchant,
    value,
    velocity,
)

type Rule = Callable[[Facts, PolicyTerms, datetime], list[Finding]]

RULES: tuple[tuple[str, Rule], ...] = (
    (Family.MERCHANT, merchant.judge),
    (Family.LISTS, lists.judge),
    (Family.VALUE, value.judge),
    (Family.HISTORY, history.judge),
    (Family.VELOCITY, velocity.judge),
    (Family.ADDRESS, address.judge),
    (Family.EMAIL, email.judge),
    (Family.CATEGORY, category.judge),
    (Family.CARRIER, carrier.judge),
    (Family.COUNTRY, country.judge),
    (Family.EXPOSURE, exposure.judge),
)
