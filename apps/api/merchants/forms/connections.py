"""A store is connected to its platform."""

from dataclasses import dataclass

from apps.accounts import choices as accounts
from apps.api.common.fields import MetadataField, StrictCharField, StrictChoiceField
from apps.api.common.forms import Form
from apps.integrations.connecting import ConnectStore


class ConnectionForm(Form[ConnectStore]):
    """What `grant` holds differs by platform: docs/platforms.md."""

    into = ConnectStore
    platform = StrictChoiceField(choices=accounts.Store.Platform.choices)
    domain = StrictCharField(max_length=253, required=False)
    grant = MetadataField()


@dataclass(frozen=True, slots=True, kw_only=True)
class AskInstall:
    platform: str
    domain: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    claim: str


class InstallForm(Form[AskInstall]):
    into = AskInstall
    platform = StrictChoiceField(choices=accounts.Store.Platform.choices)
    domain = StrictCharField(max_length=253, required=False)


class ClaimForm(Form[Claimed]):
    into = Claimed
    claim = StrictCharField(max_length=80)
