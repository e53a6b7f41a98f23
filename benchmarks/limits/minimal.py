"""Minimal DRF and ORM: serializers, no rule, no rights, no price worked out, no key claimed."""

import hashlib
import uuid
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils.timezone import now  # noqa: TID251 - nothing of the product is used here
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from benchmarks.limits import bare
from benchmarks.limits.models import Line, Order, Session, Tender
from benchmarks.limits.written import Event, Quote, Return, ReturnLine


class LineSerializer(serializers.ModelSerializer[Line]):
    class Meta:
        model = Line
        exclude = ("order", "merchant_id", "created_at", "updated_at", "position")


class TenderSerializer(serializers.ModelSerializer[Tender]):
    class Meta:
        model = Tender
        exclude = ("id", "order", "merchant_id", "created_at", "updated_at")


class OrderSerializer(serializers.ModelSerializer[Order]):
    store = serializers.CharField(source="store.slug")
    lines = LineSerializer(many=True)
    payments = TenderSerializer(many=True)

    class Meta:
        model = Order
        exclude = ("customer_id", "merchant_id")


class OrderView(APIView):
    def get(self, request: Request, id: uuid.UUID) -> Response:  # noqa: A002
        orders = Order.objects.select_related("store").prefetch_related("lines", "payments")
        order = orders.filter(pk=id).first()
        if order is None:
            raise Http404
        return Response(OrderSerializer(order).data)


class OrdersView(APIView):
    def get(self, request: Request) -> Response:
        orders = Order.objects.select_related("store").prefetch_related("lines", "payments")
        page = orders.order_by("-placed_at", "-id")[: int(request.query_params["limit"])]
        return Response({"data": OrderSerializer(page, many=True).data})


class HookView(APIView):
    def post(self, request: Request) -> Response:
        if not bare.is_signed(request._request):
            return Response(status=401)
        return Response({"id": bare.keep(request._request)}, 202)


class UnitSerializer(serializers.Serializer[Any]):
    line = serializers.UUIDField()
    quantity = serializers.IntegerField(min_value=1)
    wish = serializers.CharField()
    reason = serializers.CharField()


class WantedSerializer(serializers.Serializer[Any]):
    units = UnitSerializer(many=True)
    method = serializers.CharField()


class QuoteSerializer(serializers.ModelSerializer[Quote]):
    class Meta:
        model = Quote
        fields = ("id", "currency", "request", "options", "expires_at")


class OpeningSerializer(serializers.Serializer[Any]):
    quote = serializers.UUIDField()
    refund_method = serializers.CharField()


class ReturnLineSerializer(serializers.ModelSerializer[ReturnLine]):
    class Meta:
        model = ReturnLine
        exclude = ("ret", "merchant_id")


class ReturnSerializer(serializers.ModelSerializer[Return]):
    lines = ReturnLineSerializer(many=True)

    class Meta:
        model = Return
        exclude = ("order", "store_id", "customer_id", "merchant_id")


def session_of(request: Request) -> Session:
    token = request.headers["Authorization"].removeprefix("Bearer ")
    sessions = Session.objects.select_related("order")
    return sessions.get(token_hash=hashlib.sha256(token.encode()).hexdigest())


class QuotesView(APIView):
    def post(self, request: Request) -> Response:
        order = session_of(request).order
        wanted = WantedSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        lines = {str(line.pk): line for line in order.lines.all()}
        units = [{**unit, "line": str(unit["line"])} for unit in wanted.validated_data["units"]]
        total = sum(lines[unit["line"]].unit_price_minor for unit in units)
        quote = Quote.objects.create(
            merchant_id=order.merchant_id,
            store_id=order.store_id,
            order=order,
            currency=order.currency,
            request={"units": units},
            options=[{"method": "original", "net": total}],
            expires_at=now() + timedelta(minutes=30),
        )
        return Response(QuoteSerializer(quote).data, 201)


class ReturnsView(APIView):
    def post(self, request: Request) -> Response:
        order = session_of(request).order
        opening = OpeningSerializer(data=request.data)
        opening.is_valid(raise_exception=True)
        with transaction.atomic():
            Order.objects.select_for_update().get(pk=order.pk)
            quotes = Quote.objects.select_for_update()
            quote = quotes.get(pk=opening.validated_data["quote"], order=order, used_at=None)
            ret = self._open(order, quote, opening.validated_data["refund_method"])
        return Response(ReturnSerializer(ret).data, 201)

    def _open(self, order: Order, quote: Quote, method: str) -> Return:
        quote.used_at = now()
        quote.save(update_fields=["used_at", "updated_at"])
        ret = Return.objects.create(
            merchant_id=order.merchant_id,
            store_id=order.store_id,
            order=order,
            number=f"X-{uuid.uuid4().hex[:12]}",
            refund_method=method,
            currency=order.currency,
            net_minor=quote.options[0]["net"],
            expires_at=now() + timedelta(days=28),
        )
        wanted = {unit["line"]: unit for unit in quote.request["units"]}
        for line in order.lines.select_for_update().filter(pk__in=list(wanted)):
            line.returned_quantity += wanted[str(line.pk)]["quantity"]
            line.save(update_fields=["returned_quantity", "updated_at"])
            ReturnLine.objects.create(
                merchant_id=order.merchant_id,
                ret=ret,
                line_item=line,
                quantity=wanted[str(line.pk)]["quantity"],
                currency=order.currency,
                amount_minor=line.unit_price_minor,
                tax_minor=0,
                reception="awaiting",
                decision="pending",
            )
        Event.objects.create(
            id=uuid.uuid4(),
            merchant_id=order.merchant_id,
            subject_type="orders.return",
            subject_id=ret.pk,
            kind="return.opened",
        )
        return ret
