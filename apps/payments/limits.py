"""Above which sum a movement of money needs a second person (I-40)."""

from apps.core.money import Money

SECOND_PERSON_ABOVE = "200"


def needs_second_person(amount: Money) -> bool:
    return amount > Money.of(SECOND_PERSON_ABOVE, amount.currency)
