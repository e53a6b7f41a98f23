"""Our app is installed: begun at the dashboard, or by somebody who found it at Shopify."""

import hmac
from collections.abc import Mapping
from datetime import timedelta
from secrets import token_urlsafe

from apps.accounts.models import Store
from apps.integrations import tickets
from apps.integrations.connecting import ConnectStore
from apps.integrations.connectors import Declined
from apps.integrations.installing import (
    Ask,
    Grant,
    Opened,
    Outcome,
    Step,
    Unclaimed,
    Visit,
    address,
)
from apps.integrations.shopify import oauth

PLATFORM = "shopify"
BEGIN = tickets.Kind("ticket", timedelta(minutes=10))
STATE = tickets.Kind("state", timedelta(minutes=10))


def begun(store: Store, domain: str) -> str:
    """A page of ours comes first: the browser that goes to Shopify must have our cookie."""
    return address(
        PLATFORM, "begin", ticket=tickets.issue(BEGIN, store, shop=oauth.domain_of(domain))
    )


def begin(visit: Visit) -> Outcome:
    """Raises Declined."""
    ticket = tickets.opened(BEGIN, visit.query.get("ticket", ""))
    return _ask(ticket.facts["shop"], ticket.store)


def app(visit: Visit) -> Outcome:
    """Shopify sends everybody here who opens or installs our app in a shop's admin; an install
    has no session yet. Raises Declined unless Shopify signed the query."""
    oauth.assert_from_shopify(visit.query, visit.at)
    domain = oauth.domain_of(visit.query.get("shop", ""))
    at_home = Store.objects.filter(platform=PLATFORM, domain=domain)
    if any(store.is_connected for store in at_home):
        return Opened(PLATFORM, domain)
    return _ask(domain, None)


def callback(visit: Visit) -> Outcome:
    """Raises Declined unless Shopify signed it, this browser began it lately, and it is the shop
    that it was begun for; then nothing was asked of the shop."""
    oauth.assert_from_shopify(visit.query, visit.at)
    state = visit.query.get("state", "")
    if not state or not hmac.compare_digest(state.encode(), visit.state.encode()):
        raise Declined("state_differs")
    ticket = tickets.opened(STATE, state)
    domain = oauth.domain_of(visit.query.get("shop", ""))
    if domain != ticket.facts["shop"]:
        raise Declined("other_shop")
    if not visit.query.get("code"):
        raise Declined("denied")
    if ticket.store is not None:
        return Grant(ticket.store, ConnectStore(PLATFORM, domain, visit.query))
    secrets = oauth.from_code(domain, visit.query["code"], visit.at)
    return Unclaimed(PLATFORM, domain, domain, secrets)


STEPS: Mapping[str, Step] = {"begin": begin, "app": app, "callback": callback}


def _ask(domain: str, store: Store | None) -> Ask:
    state = tickets.issue(STATE, store, shop=domain, nonce=token_urlsafe(16))
    url = oauth.authorize_url(domain, state, address(PLATFORM, "callback"))
    return Ask(url=url, state=state, shop=domain, store=store)
