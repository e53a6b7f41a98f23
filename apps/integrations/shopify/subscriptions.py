"""Webhook subscriptions of one shop; those for privacy stand in the app's configuration."""

from apps.integrations import asking
from apps.integrations.payloads import Payload
from apps.integrations.shopify import answers
from apps.integrations.shopify.choices import TOPICS, header_of
from apps.integrations.shopify.client import Client


def check(client: Client, url: str) -> tuple[asking.Subscription, ...]:
    """Shopify deletes one that fails eight times: a missing one is how it tells."""
    found: list[asking.Subscription] = []
    after = ""
    while True:
        data = client.read("subscriptions", after=after or None)
        page, after = answers.told(_page, data)
        found += page
        if not after:
            return tuple(each for each in found if each.url == url)


def register(client: Client, url: str) -> tuple[asking.Subscription, ...]:
    there = check(client, url)
    known = {each.topic for each in there}
    missing = [topic for topic in TOPICS if header_of(topic) not in known]
    made = [client.change("subscribe", topic=each, input={"uri": url}) for each in missing]
    new = (answers.told(lambda told: _shown(told["webhookSubscription"]), each) for each in made)
    return (*there, *new)


def remove(client: Client, url: str) -> None:
    for each in check(client, url):
        client.change("unsubscribe", id=each.id)


def _page(data: Payload) -> tuple[list[asking.Subscription], str]:
    found = data["webhookSubscriptions"]
    return [_shown(each) for each in found["nodes"]], answers.next_page(found)


def _shown(each: Payload) -> asking.Subscription:
    return asking.Subscription(
        id=str(each["id"]), topic=header_of(str(each["topic"])), url=str(each["uri"])
    )
