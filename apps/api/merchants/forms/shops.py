"""Reading a shop's orders, and what was written back to it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from rest_framework import serializers

from apps.api.common.fields import StrictDateTimeField
from apps.api.common.forms import Form
from apps.api.common.pages import NEWEST_FIRST, Ordering, PageForm
from apps.integrations import choices


@dataclass(frozen=True, slots=True)
class SyncWanted:
    kind: str
    since: datetime | None = None


class SyncForm(Form[SyncWanted]):
    """`since`: without it, all orders, or what changed since the last time."""

    into = SyncWanted
    kind = serializers.ChoiceField(choices=choices.OrderSync.Kind.choices)
    since = StrictDateTimeField(required=False)


@dataclass(frozen=True, slots=True)
class SyncFilters:
    status: str = ""


class SyncsPage(PageForm):
    into = SyncFilters
    orderings = (NEWEST_FIRST,)
    status = serializers.ChoiceField(choices=choices.OrderSync.Status.choices, required=False)


class RefusalsPage(PageForm):
    """In the order in which they were met."""

    orderings = (Ordering("id", descending=False),)


@dataclass(frozen=True, slots=True)
class ActionFilters:
    store: str = ""
    status: str = ""
    kind: str = ""
    ret: UUID | None = None


class ActionsPage(PageForm):
    into = ActionFilters
    orderings = (NEWEST_FIRST,)
    store = serializers.CharField(required=False, max_length=60)
    status = serializers.ChoiceField(choices=choices.PlatformAction.Status.choices, required=False)
    kind = serializers.ChoiceField(choices=choices.PlatformAction.Kind.choices, required=False)
    ret = serializers.UUIDField(required=False, help_text="The id of a return.")
