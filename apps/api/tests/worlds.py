"""A merchant with one row of everything that a route can name, and credentials for each host."""

from dataclasses import dataclass
from typing import Any, Self

from django.core.files.base import ContentFile
from rest_framework.test import APIClient

from apps.accounts.tests.factories import CustomerFactory, LocationFactory, StoreFactory
from apps.api.conftest import DOMAIN
from apps.api.models.sessions import digest
from apps.api.tests.factories import (
    CustomerSessionFactory,
    EvidenceFactory,
    LoginCodeFactory,
    PortalSessionFactory,
    ProofFactory,
)
from apps.api.tests.test_every_route import NAMES, owner_session
from apps.billing.tests.factories import (
    BUYER,
    BillingProfileFactory,
    FeeFactory,
    InvoiceFactory,
)
from apps.core import clock
from apps.core.ids import uuid7
from apps.deliveries.tests.factories import (
    DropOffPointFactory,
    LabelFactory,
    ReturnMethodFactory,
    ShipmentFactory,
)
from apps.integrations.tests.factories import PlatformActionFactory, SyncRefusalFactory
from apps.orders.dtos import MethodChoice, QuoteRequest, UnitWish
from apps.orders.modules.privacy.tests.factories import PrivacyRequestFactory
from apps.orders.modules.recoveries.tests.factories import RecoveryFactory
from apps.orders.services import quote_return
from apps.orders.tests.factories import (
    ImportIssueFactory,
    OrderFactory,
    PolicyRuleFactory,
    ReturnFactory,
    ReturnReasonFactory,
    StockLevelFactory,
)
from apps.payments.tests.factories import (
    BankFileFactory,
    BankTransferItemFactory,
    DebtorFactory,
    LedgerEntryFactory,
    ManualRefundFactory,
    PaymentMethodTokenFactory,
    StoreCreditAccountFactory,
)
from apps.underwriting.tests.factories import UnderwritingPolicyFactory
from apps.users.tests.factories import SECRET, ApiKeyFactory


@dataclass(slots=True)
class World:
    """`ids` by the word that stands before them in a path; every text of it carries `name`."""

    name: str
    store: Any
    order: Any
    ret: Any
    ids: dict[str, str]
    credentials: dict[str, dict[str, str]]

    @classmethod
    def build(cls, name: str) -> Self:
        merchant = DebtorFactory.create(name=f"{name} S.L.", slug=name)
        store = StoreFactory.create(merchant=merchant, name=f"{name} shop", slug=name)
        customer = CustomerFactory.create(
            merchant=merchant, name=f"Ana {name}", email=f"ana@{name}.example"
        )
        order = OrderFactory.create(store=store, customer=customer, number=f"#{name}-1")
        ret = ReturnFactory.create(
            order=order, number=f"R-{name}", lines=[{"line_item": order.lines.all()[0]}]
        )
        world = cls(name, store, order, ret, {}, {})
        world.ids = {"stores": store.slug, "orders": str(order.pk), **world._rows()}
        world.credentials = world._credentials()
        return world

    def _rows(self) -> dict[str, str]:
        store, order, ret, merchant = self.store, self.order, self.ret, self.store.merchant
        transfer = BankTransferItemFactory.create(payment__order=order)
        method = ReturnMethodFactory.create(store=store, code=f"{self.name}-post")
        DropOffPointFactory.create(store=store, name=f"{self.name} counter")
        shipment = ShipmentFactory.create(ret=ret, method=method)
        LabelFactory.create(
            parcel=shipment.parcels.get(), file=ContentFile(b"%PDF", "label.pdf"), size=4
        )
        session = PortalSessionFactory.create(order=order, token_hash=digest(f"other {self.name}"))
        unit = UnitWish(order.lines.all()[1].pk, 1, "refund")
        request = QuoteRequest((unit,), MethodChoice(id=method.pk, code=method.code), "shopper")
        StockLevelFactory.create(store=store, variant_id=f"{self.name}-m", title=self.name)
        entry = LedgerEntryFactory.create(transaction__merchant=merchant)
        LedgerEntryFactory.create(
            transaction=entry.transaction, account=entry.account, amount_minor=-entry.amount_minor
        )
        BillingProfileFactory.create(merchant=merchant, legal_name=f"{self.name} S.L.")
        invoice = InvoiceFactory.create(merchant=merchant, buyer={**BUYER, "name": self.name})
        FeeFactory.create(merchant=merchant, description=self.name)
        quote = quote_return(order, request, clock.now())
        PaymentMethodTokenFactory.create(ret=ret, quote=quote)
        made: dict[str, Any] = {
            "invoices": invoice,
            "imports": ImportIssueFactory.create(
                job__store=store, job__file_name=f"{self.name}.csv", message=self.name
            ).job,
            "reasons": ReturnReasonFactory.create(store=store, labels={"en": self.name}),
            "policies": PolicyRuleFactory.create(policy__store=store, code=self.name).policy,
            "underwriting-policies": UnderwritingPolicyFactory.create(
                merchant=store.merchant, name=self.name
            ),
            "return-methods": method,
            "refunds": ManualRefundFactory.create(order=order, ret=ret),
            "store-credit": StoreCreditAccountFactory.create(store=store),
            "payouts": transfer.batch,
            "transfers": transfer,
            "bank-files": BankFileFactory.create(merchant=merchant, message_id=self.name),
            "proofs": ProofFactory.create(store=store, session=session),
            "evidence": EvidenceFactory.create(order=order),
            "line": ret.lines.get(),
            "order-line": order.lines.all()[1],
            "quote": quote,
            "quotes": quote,
            "location": LocationFactory.create(merchant=merchant, name=f"{self.name} depot"),
            "tender": order.tenders.get(),
            "code": LoginCodeFactory.create(store=store, email=order.customer.email),
            "payment": transfer.payment,
            "syncs": SyncRefusalFactory.create(sync__store=store, detail=self.name).sync,
            "platform-actions": PlatformActionFactory.create(
                store=store, ret_id=ret.pk, why=self.name
            ),
            "privacy-requests": PrivacyRequestFactory.create(
                store=store, customer=order.customer, source="shopper", reference=self.name
            ),
            "recoveries": RecoveryFactory.create(ret=ret),
            "returns": ret,
            "rets": ret,
        }
        return {word: str(row.pk) for word, row in made.items()}

    def _credentials(self) -> dict[str, dict[str, str]]:
        key = ApiKeyFactory.create(merchant=self.store.merchant)
        tokens = {host: f"{host}-{self.name}".ljust(43, "x") for host in ("returns", "customers")}
        PortalSessionFactory.create(
            order=self.order, proved=True, token_hash=digest(tokens["returns"])
        )
        CustomerSessionFactory.create(
            store=self.store,
            customer=self.order.customer,
            token_hash=digest(tokens["customers"]),
        )
        return {
            "public": {"authorization": f"Bearer {key.prefix}_{SECRET}"},
            "merchants": {"x-session-token": owner_session(self.store)},
            **{host: {"authorization": f"Bearer {token}"} for host, token in tokens.items()},
            "platforms": {},
        }

    def client(self, host: str, at: str = "") -> APIClient:
        """With the host's strongest credential; `at` sends it to another host."""
        client = APIClient(
            headers={
                "host": f"{NAMES[at or host]}.{DOMAIN}",
                "idempotency-key": str(uuid7()),
                **self.credentials[host],
            }
        )
        client.raise_request_exception = False
        return client
