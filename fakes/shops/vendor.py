"""What each platform's fake says in its own way."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar
from urllib.parse import parse_qsl

from fakes.psp.refusals import Refusal
from fakes.shops.book import Book
from fakes.shops.figures import Row


@dataclass(frozen=True)
class Raw:
    """A call as it stands on the wire; header names in lower case, `path` without the query."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes

    @property
    def params(self) -> dict[str, str]:
        return dict(parse_qsl(self.query, keep_blank_values=True))


@dataclass(frozen=True)
class Reply:
    """`body` is JSON, or text and bytes that go out as they are."""

    body: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "application/json"


@dataclass(frozen=True)
class Hook:
    """A webhook about to leave: the platform's own topic, and the bytes that get signed."""

    topic: str
    body: bytes
    id: str
    headers: Mapping[str, str] = field(default_factory=dict)


class Vendor(ABC):
    """`shop_of` names the book that a call belongs to: "main" unless a fake keeps several shops."""

    # Keys that `schema_break` takes out of the answer, wherever they stand.
    NEEDED: ClassVar[frozenset[str]] = frozenset({"currency", "id"})

    @abstractmethod
    def shop_of(self, raw: Raw, book_of: Callable[[str], Book]) -> str:
        """Raises Refusal (401) where the credentials are wrong."""

    @abstractmethod
    def answer(self, raw: Raw, book: Book) -> Reply:
        """Raises Refusal."""

    @abstractmethod
    def refused(self, refusal: Refusal, raw: Raw) -> Reply:
        """A refusal of the book or of a fault, in the platform's shape."""

    @abstractmethod
    def hooks(self, topic: str, row: Row, book: Book) -> list[Hook]:
        """The platform's messages of one change; `topic` is orders, refunds, returns, fulfilments,
        stock or uninstalled, `row` the book's own."""

    @abstractmethod
    def signed(self, hook: Hook, subscription: Row, at: float) -> dict[str, str]:
        """Headers of one delivery; `subscription` has `secret`, `url`, `topic`."""

    def operation(self, raw: Raw) -> str:
        """The word by which modes and tests know the call, beside its path."""
        return ""

    def control(self, book: Book, asked: Row) -> Any:
        """What only this platform's desk does: POST /_control/vendor."""
        raise KeyError(asked.get("step"))
