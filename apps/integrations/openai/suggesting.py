"""An address made of a free text: our own rules first, the model where they are unsure."""

from collections.abc import Callable

from apps.integrations.addresses import choices
from apps.integrations.addresses.checking import worth_a_look
from apps.integrations.addresses.dtos import Suggestion
from apps.integrations.addresses.parsing import in_order, parse
from apps.integrations.openai.client import NoAnswer
from apps.integrations.openai.connectors import OpenAIConnector


def suggest(text: str, country: str, may_ask: Callable[[], bool]) -> Suggestion:
    """For a person to confirm; changes nothing and never fails. `country` may be empty; `may_ask`
    spends one of the store's questions, and is called only where one would be put."""
    mine = parse(text, country)
    connector = OpenAIConnector.configured()
    if not mine.is_unsure or connector is None or not may_ask():
        return mine
    try:
        told = connector.parse_address(text, country)
    except NoAnswer:
        return mine
    address, odd = worth_a_look(told)
    # The model is worth the doubt only where it leaves no more open than we do.
    if len(odd) > len(mine.look_at):
        return mine
    return Suggestion(address, choices.Source.MODEL, in_order(odd))
