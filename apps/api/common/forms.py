"""Forms judge what came in and answer with one frozen dataclass (C-04)."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, ClassVar, override

from django.http import QueryDict
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError


class Form[Judged](serializers.Serializer[Any]):
    """`into` is the frozen dataclass; its fields are the form's, nested forms come judged too.

    A field that may be left out needs a default in the form or in the dataclass.
    """

    into: ClassVar[Any]
    UNKNOWN: ClassVar[str] = "This field is not known here."

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        into = cls.__dict__.get("into")
        parameters = getattr(into, "__dataclass_params__", None)
        if into is not None and not (parameters and parameters.frozen):
            raise TypeError(f"{cls.__name__}.into must be a frozen dataclass")

    @classmethod
    def list_of(cls, *, max_length: int, min_length: int = 1, **kwargs: Any) -> Any:
        """A field that is a JSON array of this form."""
        kwargs |= {"max_length": max_length, "min_length": min_length}
        return cls(many=True, **kwargs)

    def judged(self) -> Judged:
        """Raises ValidationError, which the API shows as 400 `invalid_form`."""
        self.is_valid(raise_exception=True)
        result: Judged = self.validated_data
        return result

    def build(self, values: dict[str, Any]) -> Judged:
        """From checked values to the dataclass; override where the two have other fields."""
        known = {field.name for field in fields(self.into)}
        result: Judged = self.into(**{name: values[name] for name in values if name in known})
        return result

    @override
    def run_validation(self, data: Any = serializers.empty) -> Any:
        values = super().run_validation(data)
        return values if values is None else self.build(dict(values))

    @override
    def to_internal_value(self, data: Any) -> Any:
        errors = self._unknown(data) if isinstance(data, Mapping) else {}
        try:
            values = super().to_internal_value(data)
        except ValidationError as refused:
            errors.update(refused.detail)  # type: ignore[arg-type]
        if errors:
            raise ValidationError(errors)
        return values

    def _unknown(self, data: Mapping[str, Any]) -> dict[str, Any]:
        writable = {name for name, field in self.fields.items() if not field.read_only}
        names = [str(name) for name in data if name not in writable]
        # A body may hold thousands of them: the first few tell enough.
        return {name[:60]: [ErrorDetail(self.UNKNOWN, "unknown_field")] for name in names[:20]}


class QueryForm[Judged](Form[Judged]):
    """Judges a query string: each parameter once, DRF's own (reading) fields with limits."""

    @override
    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, QueryDict):
            twice = [name for name, values in data.lists() if len(values) > 1]
            if twice:
                message = "This parameter may be given once."
                raise ValidationError(
                    {name[:60]: [ErrorDetail(message, "repeated")] for name in twice[:20]}
                )
            data = data.dict()
        return super().to_internal_value(data)
