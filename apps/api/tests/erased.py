"""A shopper of whom something is known everywhere, and with whom nothing is open."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Self

from apps.accounts.models import Customer
from apps.accounts.tests.factories import CustomerFactory
from apps.api.tests.factories import (
    CustomerSessionFactory,
    EvidenceFactory,
    IdempotencyRecordFactory,
    LoginCodeFactory,
    PortalSessionFactory,
)
from apps.core import clock
from apps.deliveries.tests.factories import LabelFactory, ShipmentFactory, TrackingEventFactory
from apps.events.tests.factories import EventFactory, InboxMessageFactory
from apps.integrations.tests.factories import PlatformActionFactory
from apps.orders.models import Order, PrivacyRequest, Return
from apps.orders.modules.privacy import choices
from apps.orders.modules.privacy.tests.factories import PrivacyRequestFactory
from apps.orders.modules.recoveries.tests.factories import RecoveryFactory
from apps.orders.services.privacy import Asked, ask
from apps.orders.tests.factories import (
    ImportIssueFactory,
    OrderFactory,
    QuoteFactory,
    ReturnFactory,
)
from apps.payments.models import Payment
from apps.payments.tests.factories import (
    DebtorFactory,
    ManualRefundFactory,
    PaymentMethodTokenFactory,
    PayoutDestinationFactory,
)
from apps.underwriting.tests.factories import OverrideFactory

# The first four letters fit where the last digits of a card stand.
MARK = "zqxw"
EMAIL = f"{MARK}.kanarienvogel@example.test"
LONG_AGO = timedelta(days=40)


@dataclass(slots=True)
class Shopper:
    customer: Customer
    order: Order
    ret: Return
    paid: Payment

    @classmethod
    def build(cls) -> Self:
        merchant = DebtorFactory.create()
        customer = CustomerFactory.create(merchant=merchant, email=EMAIL)
        order = OrderFactory.create(store__merchant=merchant, customer=customer, email=EMAIL)
        ret = ReturnFactory.create(order=order, accepted=True, decided_at=clock.now() - LONG_AGO)
        paid = ManualRefundFactory.create(
            order=order, ret=ret, status="succeeded", provider_ref="till-1", reference="till-1"
        )
        shopper = cls(customer, order, ret, paid)
        shopper._at_the_hosts()
        shopper._on_the_way()
        shopper._in_money()
        return shopper

    def asks(self, kind: str) -> PrivacyRequest:
        source = choices.PrivacyRequest.Source.MERCHANT
        asked = Asked(kind=kind, source=source, reference=f"ticket-{kind}", email=EMAIL)
        return ask(self.order.merchant, asked, clock.now())

    def _at_the_hosts(self) -> None:
        store, merchant = self.order.store, self.order.merchant
        CustomerSessionFactory.create(store=store, customer=self.customer)
        PortalSessionFactory.create(order=self.order)
        EvidenceFactory.create(order=self.order)
        LoginCodeFactory.create(store=store, email=EMAIL)
        IdempotencyRecordFactory.create(merchant=merchant, status=201)
        InboxMessageFactory.create(merchant_id=merchant.pk, account=str(store.pk), status="done")
        ImportIssueFactory.create(job__store=store, job__status="done")
        PrivacyRequestFactory.create(store=store, customer=self.customer, status="refused")

    def _on_the_way(self) -> None:
        shipment = ShipmentFactory.create(ret=self.ret)
        LabelFactory.create(parcel=shipment.parcels.get())
        TrackingEventFactory.create(shipment=shipment)
        store = self.order.store
        PlatformActionFactory.create(store=store, ret_id=self.ret.pk, status="done")
        EventFactory.create(
            merchant_id=store.merchant_id,
            subject_id=self.ret.pk,
            payload={"reason": EMAIL, "net": "10.00"},
        )

    def _in_money(self) -> None:
        quote = QuoteFactory.create(order=self.order)
        gone = {"status": "dropped", "removed_at": clock.now()}
        PaymentMethodTokenFactory.create(ret=self.ret, quote=quote, **gone)
        PayoutDestinationFactory.create(ret=self.ret)
        RecoveryFactory.create(ret=self.ret, recovered=True)
        decided = {"store": self.order.store, "order_id": self.order.pk}
        OverrideFactory.create(**{f"assessment__{name}": each for name, each in decided.items()})
