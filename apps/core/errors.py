"""Refusals the product makes on purpose: each has a code, a title and an HTTP status."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

type Detail = str | int | bool | Sequence[Detail] | Mapping[str, Detail] | None


class DomainError(Exception):
    """Raise a subclass with the facts as keywords; the API shows them under `details`."""

    code: ClassVar[str] = "refused"
    title: ClassVar[str] = "The request was refused"
    status: ClassVar[int] = 409

    def __init__(self, **details: Detail) -> None:
        super().__init__(self.title)
        self.details = details

    def __str__(self) -> str:
        facts = ", ".join(f"{name}={value}" for name, value in self.details.items())
        return f"{self.code}: {self.title}" + (f" ({facts})" if facts else "")
