from dataclasses import dataclass

from rest_framework import serializers

from apps.api.common.fields import is_clean
from apps.api.common.forms import QueryForm
from apps.api.returns.language import HELP


@dataclass(frozen=True, slots=True)
class MethodsWanted:
    language: str = ""
    postcode: str = ""


class MethodsQuery(QueryForm[MethodsWanted]):
    into = MethodsWanted
    language = serializers.CharField(required=False, max_length=20, help_text=HELP)
    postcode = serializers.CharField(
        required=False, max_length=12, help_text="Drop-off points near it; else near the order's."
    )

    def validate_postcode(self, postcode: str) -> str:
        if not is_clean(postcode, lines=False):
            raise serializers.ValidationError("Control characters are not taken.")
        return postcode
