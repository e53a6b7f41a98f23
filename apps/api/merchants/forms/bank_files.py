"""Files of the bank, as staff hand them in and leaf through them."""

from dataclasses import dataclass

from django.core.files.base import File
from rest_framework import serializers

from apps.api.common.forms import Form
from apps.api.common.pages import NEWEST_FIRST, PageForm
from apps.payments.gateways.bank_transfer import choices


@dataclass(frozen=True, slots=True)
class BankUpload:
    file: File[bytes]


class BankFileForm(Form[BankUpload]):
    """Multipart: `file`, a pain.002 or camt.054 of at most 5 MB."""

    into = BankUpload
    file = serializers.FileField(allow_empty_file=True)


@dataclass(frozen=True, slots=True)
class BankFileFilters:
    kind: str = ""


class BankFilesPage(PageForm):
    into = BankFileFilters
    orderings = (NEWEST_FIRST,)
    kind = serializers.ChoiceField(choices=choices.BankFile.Kind.choices, required=False)


@dataclass(frozen=True, slots=True)
class BankEntryFilters:
    outcome: str = ""


class BankEntriesPage(PageForm):
    into = BankEntryFilters
    orderings = (NEWEST_FIRST,)
    outcome = serializers.ChoiceField(choices=choices.BankFile.Outcome.choices, required=False)
