"""Lists of orders and their CSV imports."""

from dataclasses import dataclass
from datetime import datetime

from django.core.files import File
from rest_framework import serializers

from apps.api.common.fields import CountryField, StrictCharField, StrictDateTimeField
from apps.api.common.forms import Form
from apps.api.common.pages import NEWEST_FIRST, Ordering, PageForm
from apps.orders import choices

FLAGS = ("any", "totals_differ", "line_with_return_edited", "line_with_return_removed")
FLAG_HELP = "Orders to be looked at: their parts do not add up, or they were edited under a return."


@dataclass(frozen=True, slots=True)
class OrderFilters:
    """`q` is an order number, an e-mail, a part of a name, or a SKU."""

    q: str = ""
    store: str = ""
    country: str = ""
    placed_from: datetime | None = None
    placed_until: datetime | None = None
    flag: str = ""


class OrdersPage(PageForm):
    into = OrderFilters
    orderings = (Ordering("placed_at"), Ordering("placed_at", descending=False))
    q = serializers.CharField(required=False, max_length=254)
    store = serializers.CharField(required=False, max_length=60)
    country = CountryField(required=False)
    placed_from = StrictDateTimeField(required=False)
    placed_until = StrictDateTimeField(required=False)
    flag = serializers.ChoiceField(choices=FLAGS, required=False, help_text=FLAG_HELP)


@dataclass(frozen=True, slots=True)
class Upload:
    file: File[bytes]
    store: str


class ImportForm(Form[Upload]):
    """Multipart: `file`, a CSV of at most 5 MB, and `store`, the slug of its store."""

    into = Upload
    file = serializers.FileField(allow_empty_file=True)
    store = StrictCharField(max_length=60)


@dataclass(frozen=True, slots=True)
class JobFilters:
    store: str = ""
    status: str = ""


class ImportsPage(PageForm):
    into = JobFilters
    orderings = (NEWEST_FIRST,)
    store = serializers.CharField(required=False, max_length=60)
    status = serializers.ChoiceField(choices=choices.ImportJob.Status.choices, required=False)


@dataclass(frozen=True, slots=True)
class IssueFilters:
    kind: str = ""


class IssuesPage(PageForm):
    into = IssueFilters
    orderings = (Ordering("line_number", descending=False),)
    kind = serializers.ChoiceField(choices=["refused", "unmatched", "flagged"], required=False)
