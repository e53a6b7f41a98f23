"""One call to the Responses API with a strict schema. The SDK is loaded with the first of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from apps.core import http

if TYPE_CHECKING:
    from openai import OpenAI

# Of the answer, in which a model that thinks first counts its thoughts.
MOST_TOKENS = 1_000
MOST_BYTES = 200_000


class NoAnswer(Exception):
    """Nothing that can be used came back; the text says why, and never what was asked."""


@dataclass(frozen=True, slots=True)
class Client:
    """`effort` is empty for models that take none. Calls are never repeated."""

    key: str = field(repr=False)
    base_url: str
    model: str
    seconds: float
    effort: str = ""

    def answer(self, instructions: str, data: str, format_: Mapping[str, Any]) -> Any:
        """The whole answer as JSON; raises NoAnswer. Nothing is kept at the vendor."""
        import openai

        asked: dict[str, Any] = {
            "model": self.model,
            "instructions": instructions,
            "input": [{"role": "user", "content": [{"type": "input_text", "text": data}]}],
            "text": {"format": format_},
            "max_output_tokens": MOST_TOKENS,
            "store": False,
        }
        if self.effort:
            asked["reasoning"] = {"effort": self.effort}
        http.assert_no_transaction()
        try:
            raw = _sdk(self.key, self.base_url, self.seconds).responses.with_raw_response.create(
                **asked
            )
            return raw.http_response.json()
        except openai.APIStatusError as bad:
            raise NoAnswer(f"answered {bad.status_code}") from None
        except openai.OpenAIError as error:
            raise NoAnswer(str(error.__cause__ or type(error).__name__)) from None
        except (ValueError, RecursionError):
            raise NoAnswer("no JSON") from None


@cache
def _sdk(key: str, base_url: str, seconds: float) -> "OpenAI":
    """One for the process; our own transport opens a connection for each call."""
    import openai

    from apps.integrations.openai.wire import through

    limits = http.Limits(
        connect=min(1, seconds), read=seconds, total=seconds, answer_bytes=MOST_BYTES, attempts=1
    )
    return openai.OpenAI(
        api_key=key,
        base_url=base_url,
        max_retries=0,
        timeout=seconds,
        http_client=through(base_url, limits),
    )
