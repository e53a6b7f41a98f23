"""Money is looked at here and moved by services only."""

from typing import TYPE_CHECKING, Any

from django.db import models
from django.http import HttpRequest
from unfold.admin import ModelAdmin, TabularInline

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin as BaseAdmin
    from django.contrib.admin import TabularInline as BaseInline
else:
    BaseAdmin, BaseInline = ModelAdmin, TabularInline


class ReadOnly:
    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnlyAdmin[M: models.Model](ReadOnly, BaseAdmin[M]):
    show_full_result_count = False


class ReadOnlyInline[C: models.Model, P: models.Model](ReadOnly, BaseInline[C, P]):
    extra = 0
