"""In which language the portal answers: `?language=`, then Accept-Language, then the store's."""

from dataclasses import dataclass

from django.utils.translation.trans_real import parse_accept_lang_header
from rest_framework import serializers
from rest_framework.request import Request

from apps.accounts.models import Store
from apps.api.common.forms import QueryForm
from apps.api.returns.texts.words import LANGUAGES

LONGEST_HEADER = 200
HELP = "Comes before Accept-Language; one that is not spoken is passed over."


@dataclass(frozen=True, slots=True)
class Language:
    language: str = ""


class LanguageQuery(QueryForm[Language]):
    into = Language
    language = serializers.CharField(required=False, max_length=20, help_text=HELP)


def language_of(request: Request, store: Store) -> str:
    """One that the store offers or the portal speaks; never fails."""
    header = request.headers.get("Accept-Language", "")[:LONGEST_HEADER]
    wanted = [request.query_params.get("language", "")]
    wanted += [tag for tag, _ in parse_accept_lang_header(header.lower())]
    spoken = [*map(str, store.languages), *LANGUAGES]
    known = {each.lower(): each for each in spoken}
    for tag in wanted:
        full = tag.strip().lower()
        found = known.get(full) or known.get(full.partition("-")[0])
        if found:
            return found
    return spoken[0]
