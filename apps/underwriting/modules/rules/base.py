"""Shorthands of the rules: findings, stops, and the order of buckets."""

from apps.underwriting.choices import Bucket, Rung
from apps.underwriting.dtos import Finding

_ORDER = tuple(Bucket.values)


def when(condition: bool, code: str, points: int) -> list[Finding]:
    return [Finding(code, points)] if condition else []


def stop(condition: bool, code: str, best: str = Rung.PAY_AT_INSPECTION) -> list[Finding]:
    """A hard stop: whatever the score, nothing better than `best`."""
    return [Finding(code, best=best)] if condition else []


def per_piece(code: str, pieces: int, points: int, most: int) -> list[Finding]:
    return when(pieces > 0, code, min(pieces * points, most))


def level(bucket: str) -> int:
    """0 for none up to 4 for many."""
    return _ORDER.index(bucket)


def at_least(bucket: str, least: str) -> bool:
    return level(bucket) >= level(least)
