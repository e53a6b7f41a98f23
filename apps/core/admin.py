"""Bases of the staff's pages: bounded counts, raw ids, history, and no deletion."""

import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, override

from django.apps import apps
from django.contrib.admin import display, site
from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString

from apps.core.history import changes_of, is_tracked

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin, TabularInline
    from django.forms import ModelForm
else:
    from unfold.admin import ModelAdmin, TabularInline

MOST_COUNTED = 1000


class CappedPaginator(Paginator[Any]):
    """Counts to MOST_COUNTED and no further: an exact count of a large table takes seconds."""

    @cached_property
    @override
    def count(self) -> int:
        rows = self.object_list
        if isinstance(rows, models.QuerySet):
            return int(rows.order_by().values("pk")[:MOST_COUNTED].count())
        return len(rows)


class TenantAdmin[M: models.Model](ModelAdmin[M]):
    """Newest first, 50 a page, foreign keys as raw ids; rows are never deleted here.

    A subclass names `search_fields` and `list_select_related` for what `list_display` shows.
    """

    paginator = CappedPaginator
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    list_per_page = 50
    list_max_show_all = 50
    show_full_result_count = False
    list_select_related: ClassVar[bool | list[str] | tuple[str, ...]] = ("merchant",)
    ordering: ClassVar[tuple[str, ...]] = ("-pk",)
    always_readonly: ClassVar[tuple[str, ...]] = ()

    def __init__(self, model: type[M], admin_site: Any) -> None:
        keys = [field for field in model._meta.fields if isinstance(field, models.ForeignKey)]
        self.__dict__["raw_id_fields"] = [field.name for field in keys]
        super().__init__(model, admin_site)

    @override
    def get_readonly_fields(self, request: HttpRequest, obj: M | None = None) -> tuple[str, ...]:
        shown = [*super().get_readonly_fields(request, obj), *self.always_readonly]
        if obj is not None and is_tracked(self.model):
            shown.append("changes")
        return tuple(shown)

    @display(description="Changes")
    def changes(self, obj: M) -> str:
        """The newest 50 versions with who and where; escaped by the template."""
        return render_to_string("core/admin/changes.html", {"changes": changes_of(obj)})

    @override
    def save_model(self, request: HttpRequest, obj: M, form: "ModelForm[M]", change: bool) -> None:
        """Only what was edited is written, so that a stale form does not undo a verb."""
        if not change:
            obj.save()
        elif form.changed_data:
            obj.save(update_fields=[*form.changed_data, "updated_at"])

    @override
    def has_delete_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        return False


class ReadOnlyAdmin[M: models.Model](TenantAdmin[M]):
    """For money and events: staff look, and act through services only."""

    @override
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @override
    def has_change_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        return False


class ReadOnlyInline[M: models.Model, P: models.Model](TabularInline[M, P]):
    """Related rows on a page, each with a link to its own; `related` is what they show of others.

    `fields` may name columns, Money attributes and methods.
    """

    extra = 0
    max_num = 0
    can_delete = False
    show_title = False
    related: ClassVar[tuple[str, ...]] = ()

    @override
    def get_queryset(self, request: HttpRequest) -> models.QuerySet[M]:
        return super().get_queryset(request).select_related(*self.related)

    @override
    def get_fields(self, request: HttpRequest, obj: P | None = None) -> tuple[str, ...]:
        links = ("page",) if self.admin_site.is_registered(self.model) else ()
        return (*(str(name) for name in self.fields or ()), *links)

    @override
    def get_readonly_fields(self, request: HttpRequest, obj: P | None = None) -> tuple[str, ...]:
        return self.get_fields(request, obj)

    @display(description="")
    def page(self, row: M) -> SafeString:
        return link_to(row, "Open")

    @override
    def has_add_permission(self, request: HttpRequest, obj: P | None = None) -> bool:
        return False

    @override
    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def link_to(row: models.Model, words: str = "") -> SafeString:
    """To the row's own page; only for models that have one."""
    meta = row._meta
    address = reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=(row.pk,))
    return format_html('<a href="{}" class="text-link">{}</a>', address, words or row)


def link_by_id(label: str, key: object) -> str:
    """To the page of a row that is known by `app.model` and id; plain text where there is none."""
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError):
        return f"{label} {key}"
    if not site.is_registered(model):
        return f"{label} {key}"
    return link_to(model(pk=key), f"{str(model._meta.verbose_name).capitalize()} {key}")


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> SafeString:
    """Rows of cells; the template escapes them."""
    return render_to_string("core/admin/table.html", {"heads": heads, "rows": list(rows)})


def words(text: str) -> SafeString:
    """Text whose line breaks and indents count; the template escapes it."""
    return render_to_string("core/admin/words.html", {"text": text})


def pretty(value: object) -> SafeString:
    """JSON for a person, with its indents."""
    return words(json.dumps(value, indent=2, ensure_ascii=False, default=str))
