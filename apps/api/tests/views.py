"""Small views that use everything the common package offers."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg.errors
from django.core import exceptions as django_errors
from django.db import DataError, IntegrityError, InternalError, OperationalError
from django.http import Http404
from rest_framework import serializers
from rest_framework.exceptions import ParseError
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.models import Customer
from apps.accounts.tests.factories import CustomerFactory
from apps.api.common.fields import MetadataField, StrictCharField, StrictListField
from apps.api.common.forms import Form
from apps.api.common.idempotency import Keys, Work
from apps.api.common.open_views import OpenView
from apps.api.common.operations import operation
from apps.api.common.pages import NEWEST_FIRST, Ordering, PageForm
from apps.api.public.base import PublicView
from apps.api.public.permissions import scoped
from apps.core.errors import DomainError
from apps.events import actors
from apps.users import choices

WRITE = scoped(choices.ApiKey.Scope.RETURNS_WRITE)


class NotToday(DomainError):
    code = "not_today"
    title = "Not today"
    status = 409


class NotYours(DomainError):
    code = "not_yours"
    title = "Not yours"
    status = 404


@dataclass(frozen=True, slots=True)
class Wish:
    do: str = "make"
    notes: tuple[str, ...] = ()
    extra: dict[str, str] | None = None


class WishForm(Form[Wish]):
    into = Wish
    do = StrictCharField(max_length=20, required=False)
    notes = StrictListField(child=StrictCharField(max_length=2_000), max_length=5, required=False)
    extra = MetadataField(required=False)


class ShownSerializer(serializers.Serializer[Any]):
    email = serializers.CharField()


class EchoView(PublicView):
    permission_classes = [WRITE]

    @operation("Echo", form=WishForm, shows={200: ShownSerializer})
    def post(self, request: Request) -> Response:
        wish = self.judge(WishForm)
        return self.show({"do": wish.do, "notes": wish.notes, "actor": actors.current().kind})


class OpenEchoView(OpenView):
    host = "public"

    @operation("Echo for everyone", form=WishForm, shows={200: ShownSerializer})
    def post(self, request: Request) -> Response:
        return self.show({"do": self.judge(WishForm).do})


class CustomerView(PublicView):
    permission_classes = [scoped()]
    with_etag = True

    @operation("Get a customer", shows={200: ShownSerializer})
    def get(self, request: Request, pk: UUID) -> Response:
        return self.show(
            ShownSerializer(self.find(Customer.objects.for_merchant(self.merchant), pk=pk))
        )


class CustomersPage(PageForm):
    orderings = (NEWEST_FIRST, Ordering("email", descending=False))


class CustomersListView(PublicView):
    permission_classes = [scoped()]

    @operation(
        "List customers", query=CustomersPage, shows={200: ShownSerializer(many=True)}, paged=True
    )
    def get(self, request: Request) -> Response:
        page_request = self.judge_query(CustomersPage)
        rows = Customer.objects.for_merchant(self.merchant).values("id", "email")
        page = page_request.page(page_request.rows(rows))
        return self.show(page.show(list(page.rows)))


class LocalView(PublicView):
    """Makes a customer, then does what the wish says."""

    permission_classes = [WRITE]
    keys = Keys.REQUIRED
    money = True

    @operation("Make", form=WishForm, shows={201: ShownSerializer}, refusals=[NotToday])
    def post(self, request: Request) -> Response:
        wish = self.judge(WishForm)
        customer = CustomerFactory.create(merchant=self.merchant)
        match wish.do:
            case "refuse":
                raise NotToday(customer=str(customer.pk))
            case "hide":
                raise NotYours
            case "crash":
                raise ZeroDivisionError
            case "unavailable":
                return self.show({"sorry": True}, status=503)
        location = {"Location": f"/v1/customers/{customer.pk}"}
        return self.show(ShownSerializer(customer), status=201, headers=location)


class RemoteView(LocalView):
    work = Work.REMOTE


class OptionalView(LocalView):
    keys = Keys.OPTIONAL
    money = False


def _caused[E: Exception](error: E, cause: Exception) -> E:
    error.__cause__ = cause
    return error


ERRORS: dict[str, Exception] = {
    "data": DataError("value too long"),
    "unicode": UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates not allowed"),
    "recursion": RecursionError(),
    "overflow": OverflowError(),
    "core-validation": django_errors.ValidationError("not a uuid"),
    "lock": _caused(OperationalError(), psycopg.errors.LockNotAvailable()),
    "deadlock": _caused(OperationalError(), psycopg.errors.DeadlockDetected()),
    "statement": _caused(OperationalError(), psycopg.errors.QueryCanceled()),
    "gone": OperationalError("server closed the connection"),
    "read-only": _caused(InternalError(), psycopg.errors.ReadOnlySqlTransaction()),
    "unique": IntegrityError("duplicate key"),
    "missing": Customer.DoesNotExist(),
    "missing-page": Http404(),
    "forbidden": django_errors.PermissionDenied(),
    "too-big": django_errors.RequestDataTooBig(),
    "suspicious": django_errors.SuspiciousOperation(),
    "parse": ParseError({"why": ["because"]}),
    "domain": NotToday(reason="rain"),
    "bug": ZeroDivisionError(),
}


class RaiseView(OpenView):
    host = "public"

    @operation("Raise", shows={204: None})
    def get(self, request: Request, kind: str) -> Response:
        if kind in ERRORS:
            raise ERRORS[kind]
        return self.show()
