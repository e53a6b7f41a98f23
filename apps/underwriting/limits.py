"""Above which value an override needs a second person."""

from apps.core.money import Money

SECOND_PERSON_ABOVE = "200"


def needs_second_person(value: Money) -> bool:
    return value > Money.of(SECOND_PERSON_ABOVE, value.currency)
