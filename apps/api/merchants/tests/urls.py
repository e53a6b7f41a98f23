"""Routes of tests only: one for each permission of the host."""

from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.common.operations import operation
from apps.api.merchants.base import MerchantsView
from apps.api.merchants.permissions import MayApprovePayouts, MayRefund, SecondFactor, allows
from apps.events import actors
from apps.users import choices


class SeatView(MerchantsView):
    permission_classes = [allows(choices.Role.Area.RETURNS)]

    @operation("See the seat", shows={200: None})
    def get(self, request: Request) -> Response:
        return self.show(
            {
                "merchant": str(self.merchant.pk),
                "actor": [actors.current().kind, actors.current().id],
                "family": self.family,
            }
        )

    @operation("Change the seat", shows={204: None})
    def post(self, request: Request) -> Response:
        return self.show()


class PayoutView(SeatView):
    permission_classes = [MayApprovePayouts]


class RefundView(SeatView):
    permission_classes = [MayRefund]


class SecondFactorView(SeatView):
    permission_classes = [SecondFactor]


class ReadEverythingView(SeatView):
    permission_classes = [allows(choices.Role.Area.RETURNS, choices.Role.Level.READ)]


urlpatterns = [
    path("v1/seat", SeatView.as_view()),
    path("v1/payouts", PayoutView.as_view()),
    path("v1/refunds", RefundView.as_view()),
    path("v1/second-factor", SecondFactorView.as_view()),
    path("v1/everything", ReadEverythingView.as_view()),
]
