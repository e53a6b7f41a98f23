"""A user of the merchant at the dashboard, with a session as the login leaves it."""

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY as SHOWN
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from apps.users.tests.factories import MembershipFactory
from faults.client import Client
from faults.world import World

BACKEND = "django.contrib.auth.backends.ModelBackend"


def desk_of(world: World) -> Client:
    """The merchants API for an owner who showed a second factor; each call makes another user."""
    user = MembershipFactory.create(merchant=world.merchant, role__owner=True).user
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = BACKEND
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session[SHOWN] = [{"method": "mfa"}]
    session.save()
    headers = {"X-Session-Token": str(session.session_key)}
    return Client(world.rig.web().port, "merchants-api", headers)
