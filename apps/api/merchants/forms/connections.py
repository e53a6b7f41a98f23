"""A store is connected to its platform."""

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
