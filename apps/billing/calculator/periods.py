"""Months of billing: a month is named by its first day, and days are the seller's own."""

from datetime import date, timedelta

from apps.core.money import Money


def month_of(day: date) -> date:
    return day.replace(day=1)


def month_after(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)


def days_in(month: date) -> int:
    return (month_after(month) - month).days


def days_covered(month: date, starts_on: date, ends_on: date | None) -> int:
    """Days of `month` from `starts_on` to before `ends_on`; None runs on."""
    first = max(month, starts_on)
    last = month_after(month) if ends_on is None else min(month_after(month), ends_on)
    return max((last - first).days, 0)


def prorated(price: Money, month: date, days: int) -> Money:
    """10.00 for 10 of 30 days is 3.33; a whole month is the whole price."""
    return price.share(days, days_in(month))


def months_from(first: date, before: date) -> list[date]:
    """Every month from that of `first` to the last one that is over on `before`."""
    months, month = [], month_of(first)
    while month_after(month) <= before:
        months.append(month)
        month = month_after(month)
    return months
