from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.common.operations import operation
from apps.api.common.permissions import Authenticated
from apps.api.merchants.auth import Seat
from apps.api.merchants.base import MerchantsView
from apps.api.merchants.serializers import SeatSerializer


class MeView(MerchantsView):
    permission_classes = [Authenticated]

    @operation("See who I am here", shows={200: SeatSerializer})
    def get(self, request: Request) -> Response:
        """The user, the merchant that the session acts in, and what the role may do."""
        user, merchant, role = self.user, self.merchant, self.membership.role
        seat = request.auth
        return self.show(
            {
                "user": {"id": user.pk, "name": user.name, "email": user.email},
                "merchant": {
                    "id": merchant.pk,
                    "name": merchant.name,
                    "slug": merchant.slug,
                    "currency": merchant.currency,
                    "country": merchant.country,
                    "status": merchant.status,
                },
                "role": {"name": role.name, "is_owner": role.is_owner, **role.rights},
                "second_factor": isinstance(seat, Seat) and seat.second_factor,
            }
        )
