"""OpenAI as a reader of addresses: never trusted, never needed (C-22)."""

import hashlib
import hmac
import logging
from dataclasses import dataclass
from typing import Self

from django.conf import settings

from apps.integrations.addresses.cleaning import clean
from apps.integrations.addresses.deriving import not_derivable
from apps.integrations.addresses.dtos import MOST, ParsedAddress
from apps.integrations.openai import mappers
from apps.integrations.openai.client import Client, NoAnswer

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class OpenAIConnector:
    client: Client

    @classmethod
    def configured(cls) -> Self | None:
        """None where no key is set: then nobody is ever asked."""
        if not settings.OPENAI_API_KEY:
            return None
        return cls(
            Client(
                key=settings.OPENAI_API_KEY,
                base_url=settings.OPENAI_API_BASE,
                model=settings.OPENAI_MODEL,
                seconds=settings.OPENAI_SECONDS,
                effort=settings.OPENAI_EFFORT,
            )
        )

    def parse_address(self, text: str, country: str = "") -> ParsedAddress:
        """Raises NoAnswer for whatever did not come, does not fit the schema, or holds a word that
        `text` does not. Sent are the text and the country, and nothing of the tenant."""
        told = clean(text)
        try:
            return self._parsed(told, country)
        except NoAnswer as reason:
            logger.warning("no model for %s: %s", digest(told), reason)
            raise

    def _parsed(self, told: str, country: str) -> ParsedAddress:
        if not 0 < len(told) <= MOST:
            raise NoAnswer("too long, or empty")
        answer = self.client.answer(mappers.instructions(country), told, mappers.FORMAT)
        address = mappers.address_of(answer)
        made_up = not_derivable(address, told, country)
        if made_up:
            raise NoAnswer(f"made up: {', '.join(sorted(made_up))}")
        logger.info("the model read %s", digest(told))
        return address


def digest(text: str) -> str:
    """What a log may say of an address: nobody can try out addresses without the key."""
    key = settings.IDENTITY_KEY.encode()
    return hmac.new(key, f"address text:{text}".encode(), hashlib.sha256).hexdigest()[:16]
