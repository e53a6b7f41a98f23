"""Payments promised as the services promise them, and the rows around them.

`AcceptedReturnFactory.create(refund_method="bank_transfer")` is decided and not yet settled.
"""

from datetime import timedelta
from uuid import UUID

import factory
from factory.django import DjangoModelFactory

from apps.accounts.tests.factories import MerchantFactory, StoreFactory
from apps.core import clock
from apps.core.fields import Sealed
from apps.core.ids import uuid7
from apps.orders import choices as orders
from apps.orders.tests.factories import OrderFactory, OrderTenderFactory, ReturnFactory
from apps.payments import choices
from apps.payments.dtos import BankAccount
from apps.payments.gateways.adyen.models import AdyenRefund
from apps.payments.gateways.bank_transfer import choices as bank
from apps.payments.gateways.bank_transfer.accounts import account_hash
from apps.payments.gateways.bank_transfer.models import (
    BankTransferBatch,
    BankTransferItem,
    BankTransferPayout,
    PayoutDestination,
)
from apps.payments.gateways.bank_transfer.received import BankEntry, BankFile
from apps.payments.gateways.bank_transfer.sealing import seal_account, seal_file
from apps.payments.gateways.manual.models import ManualRefund
from apps.payments.gateways.mollie.models import MollieRefund
from apps.payments.gateways.paypal.models import PayPalRefund
from apps.payments.gateways.platform.models import PlatformRefund
from apps.payments.gateways.shop_credit.models import ShopCreditRefund
from apps.payments.gateways.store_credit.account import aad
from apps.payments.gateways.store_credit.codes import code_hash
from apps.payments.gateways.store_credit.models import (
    StoreCreditAccount,
    StoreCreditMovement,
    StoreCreditRefund,
)
from apps.payments.gateways.stripe.models import (
    PaymentMethodToken,
    StripeAccount,
    StripeCheckoutPayment,
    StripeRecoveryCharge,
    StripeRefund,
)
from apps.payments.models import GatewayAccount, Payment
from apps.payments.modules.ledger.models import LedgerAccount, LedgerEntry, LedgerTransaction
from apps.users.tests.factories import UserFactory

IBAN = "ES9121000418450200051332"
OTHER_IBAN = "DE89370400440532013000"
ACCOUNT = BankAccount(iban=IBAN, bic="CAIXESBBXXX", holder="Ana López")
CODE = "AB12-CD34-EF56-GH78"


class DebtorFactory(MerchantFactory):
    """A merchant that pays transfers from an account of its own."""

    iban = "ES7921000813610123456789"
    bic = "CAIXESBBXXX"


class AcceptedReturnFactory(ReturnFactory):
    """100.00 EUR paid by card, every unit accepted; the merchant can pay transfers."""

    class Params:
        accepted = True

    order = factory.SubFactory(OrderFactory, store__merchant=factory.SubFactory(DebtorFactory))
    status = orders.Return.Status.ACCEPTED
    received_at = factory.LazyFunction(clock.now)
    decided_at = factory.LazyFunction(clock.now)


class PaymentFields[P: Payment](DjangoModelFactory[P]):
    class Meta:
        abstract = True

    order = factory.SubFactory(OrderFactory, store__merchant=factory.SubFactory(DebtorFactory))
    ret = None
    merchant = factory.SelfAttribute("order.merchant")
    store = factory.SelfAttribute("order.store")
    purpose = choices.Payment.Purpose.REFUND
    currency = factory.SelfAttribute("order.currency")
    amount_minor = 6000
    idempotency_key = factory.LazyAttribute(lambda payment: f"refund:{payment.id}:1")
    id = factory.LazyFunction(uuid7)


class StoreCreditRefundFactory(PaymentFields[StoreCreditRefund]):
    class Meta:
        model = StoreCreditRefund

    gateway = choices.Payment.Gateway.STORE_CREDIT


class ShopCreditRefundFactory(PaymentFields[ShopCreditRefund]):
    class Meta:
        model = ShopCreditRefund

    gateway = choices.Payment.Gateway.SHOP_CREDIT


class BankTransferPayoutFactory(PaymentFields[BankTransferPayout]):
    class Meta:
        model = BankTransferPayout

    class Params:
        to_account = factory.Trait(
            last_four=ACCOUNT.last_four,
            destination_hash=account_hash(ACCOUNT),
            account=factory.LazyAttribute(
                lambda payout: seal_account(ACCOUNT, BankTransferPayout(id=payout.id))
            ),
        )

    gateway = choices.Payment.Gateway.BANK_TRANSFER


class ManualRefundFactory(PaymentFields[ManualRefund]):
    class Meta:
        model = ManualRefund

    gateway = choices.Payment.Gateway.MANUAL


class PayoutDestinationFactory(DjangoModelFactory[PayoutDestination]):
    class Meta:
        model = PayoutDestination

    id = factory.LazyFunction(uuid7)
    ret = factory.SubFactory(AcceptedReturnFactory, refund_method="bank_transfer")
    merchant = factory.SelfAttribute("ret.merchant")
    account = factory.LazyAttribute(lambda row: seal_account(ACCOUNT, PayoutDestination(id=row.id)))
    last_four = ACCOUNT.last_four
    country = "ES"
    account_hash = account_hash(ACCOUNT)
    set_at = factory.LazyFunction(clock.now)


class BankTransferBatchFactory(DjangoModelFactory[BankTransferBatch]):
    class Meta:
        model = BankTransferBatch

    merchant = factory.SubFactory(DebtorFactory)
    total_minor = 6000
    transfers_count = 1
    needs_second_person = False
    requested_by = factory.SubFactory(UserFactory)


class BankTransferItemFactory(DjangoModelFactory[BankTransferItem]):
    class Meta:
        model = BankTransferItem

    batch = factory.SubFactory(
        BankTransferBatchFactory, merchant=factory.SelfAttribute("..payment.merchant")
    )
    payment = factory.SubFactory(BankTransferPayoutFactory, to_account=True)
    merchant = factory.SelfAttribute("payment.merchant")
    end_to_end_id = factory.LazyAttribute(lambda item: item.payment.reference)
    currency = factory.SelfAttribute("payment.currency")
    amount_minor = factory.SelfAttribute("payment.amount_minor")


class StoreCreditAccountFactory(DjangoModelFactory[StoreCreditAccount]):
    """60.00 EUR under CODE, with its movement and not in the books."""

    class Meta:
        model = StoreCreditAccount
        skip_postgeneration_save = True

    id = factory.LazyFunction(uuid7)
    store = factory.SubFactory(StoreFactory)
    merchant = factory.SelfAttribute("store.merchant")
    code = factory.LazyAttribute(lambda row: Sealed.seal(CODE, aad(row.id)))
    code_hash = code_hash(CODE)
    code_hint = CODE[-4:]
    currency = "EUR"
    issued_minor = 6000
    balance_minor = factory.SelfAttribute("issued_minor")
    expires_at = factory.LazyFunction(lambda: clock.now() + timedelta(days=730))
    movement = factory.RelatedFactory(
        "apps.payments.tests.factories.StoreCreditMovementFactory", "account"
    )


class StoreCreditMovementFactory(DjangoModelFactory[StoreCreditMovement]):
    class Meta:
        model = StoreCreditMovement

    account = factory.SubFactory(StoreCreditAccountFactory, movement=None)
    merchant = factory.SelfAttribute("account.merchant")
    kind = choices.StoreCredit.Movement.ISSUE
    reference = factory.Sequence(lambda n: f"issue-{n}")
    currency = factory.SelfAttribute("account.currency")
    amount_minor = factory.SelfAttribute("account.issued_minor")
    at = factory.LazyFunction(clock.now)


class LedgerAccountFactory(DjangoModelFactory[LedgerAccount]):
    class Meta:
        model = LedgerAccount

    merchant = factory.SubFactory(MerchantFactory)
    kind = choices.Ledger.Account.REFUNDS_PAYABLE
    nature = factory.LazyAttribute(lambda account: choices.Ledger.NATURES[account.kind])
    currency = "EUR"


class LedgerTransactionFactory(DjangoModelFactory[LedgerTransaction]):
    class Meta:
        model = LedgerTransaction

    merchant = factory.SubFactory(MerchantFactory)
    source_type = "orders.return"
    source_id = factory.LazyFunction(uuid7)
    kind = "promised"
    at = factory.LazyFunction(clock.now)


class LedgerEntryFactory(DjangoModelFactory[LedgerEntry]):
    class Meta:
        model = LedgerEntry

    transaction = factory.SubFactory(LedgerTransactionFactory)
    account = factory.SubFactory(
        LedgerAccountFactory, merchant=factory.SelfAttribute("..transaction.merchant")
    )
    merchant = factory.SelfAttribute("transaction.merchant")
    currency = factory.SelfAttribute("account.currency")
    amount_minor = -1000


class StripeAccountFactory(DjangoModelFactory[StripeAccount]):
    class Meta:
        model = StripeAccount

    class Params:
        key = "sk_test_shop"
        hook = "whsec_shop"
        # In the books of a merchant; its keys are in the settings.
        platform = factory.Trait(
            account_id="platform", is_platform=True, secret_key=None, webhook_secrets=None
        )

    id = factory.LazyFunction(uuid7)
    merchant = factory.SubFactory(DebtorFactory)
    store = None
    environment = choices.Payment.Environment.TEST
    account_id = factory.Sequence(lambda n: f"acct_{n}")
    secret_key = factory.LazyAttribute(lambda row: Sealed.seal(row.key, _stripe_aad(row.id)))
    webhook_secrets = factory.LazyAttribute(
        lambda row: Sealed.seal([row.hook], _stripe_aad(row.id))
    )


class StripeRefundFactory(PaymentFields[StripeRefund]):
    """60.00 EUR out of a payment intent that the fake must know as `paid_by`."""

    class Meta:
        model = StripeRefund

    gateway = choices.Payment.Gateway.STRIPE
    environment = choices.Payment.Environment.TEST
    stripe_account = factory.SubFactory(
        StripeAccountFactory, merchant=factory.SelfAttribute("..merchant")
    )
    tender = factory.SubFactory(
        OrderTenderFactory,
        order=factory.SelfAttribute("..order"),
        external_id=factory.LazyFunction(lambda: f"pi_{uuid7().hex}"),
    )
    paid_by = factory.SelfAttribute("tender.external_id")


class WaitingReturnFactory(ReturnFactory):
    """An exchange for which 12.95 EUR are to be paid first, by tomorrow."""

    order = factory.SubFactory(OrderFactory, store__merchant=factory.SubFactory(DebtorFactory))
    status = orders.Return.Status.REQUESTED
    due_minor = 1295
    pay_until = factory.LazyFunction(lambda: clock.now() + timedelta(hours=23))


class CollectionFields[P: Payment](DjangoModelFactory[P]):
    class Meta:
        abstract = True

    id = factory.LazyFunction(uuid7)
    order = factory.SelfAttribute("ret.order")
    merchant = factory.SelfAttribute("ret.merchant")
    store = factory.SelfAttribute("ret.store")
    gateway = choices.Payment.Gateway.STRIPE
    environment = choices.Payment.Environment.TEST
    direction = choices.Payment.Direction.IN
    currency = factory.SelfAttribute("ret.currency")
    idempotency_key = factory.LazyAttribute(lambda each: f"{each.purpose}:{each.id}:1")


class StripeCheckoutPaymentFactory(CollectionFields[StripeCheckoutPayment]):
    """12.95 EUR of a return that waits for them."""

    class Meta:
        model = StripeCheckoutPayment

    ret = factory.SubFactory(WaitingReturnFactory)
    purpose = choices.Payment.Purpose.PRICE_DIFFERENCE
    amount_minor = 1295
    stripe_account = factory.SubFactory(
        StripeAccountFactory, merchant=factory.SelfAttribute("..merchant")
    )
    link_until = factory.LazyFunction(lambda: clock.now() + timedelta(hours=23))


class PaymentMethodTokenFactory(DjangoModelFactory[PaymentMethodToken]):
    """A card that may be charged up to 60.00 EUR within 30 days."""

    class Meta:
        model = PaymentMethodToken

    ret = factory.SubFactory(AcceptedReturnFactory)
    merchant = factory.SelfAttribute("ret.merchant")
    stripe_account = factory.SubFactory(
        StripeAccountFactory, platform=True, merchant=factory.SelfAttribute("..merchant")
    )
    status = choices.SavedCard.Status.READY
    consent_text = "You may charge me up to 60.00 EUR if the goods do not come back."
    consent_version = "2026-11"
    consented_at = factory.LazyFunction(clock.now)
    currency = "EUR"
    cap_minor = 6000
    charge_until = factory.LazyFunction(lambda: clock.now() + timedelta(days=30))
    link_until = factory.LazyFunction(lambda: clock.now() + timedelta(hours=23))
    customer_ref = "cus_1"
    method_ref = "pm_1"
    brand = "visa"
    last4 = "4242"


class StripeRecoveryChargeFactory(CollectionFields[StripeRecoveryCharge]):
    """The first attempt at 30.00 EUR."""

    class Meta:
        model = StripeRecoveryCharge

    card = factory.SubFactory(PaymentMethodTokenFactory)
    ret = factory.SelfAttribute("card.ret")
    stripe_account = factory.SelfAttribute("card.stripe_account")
    purpose = choices.Payment.Purpose.RECOVERY
    recovery_id = factory.LazyFunction(uuid7)
    attempt = 1
    amount_minor = 3000


def _stripe_aad(pk: UUID) -> str:
    return StripeAccount(id=pk).aad


def credentials_of(gateway: str, name: str) -> dict[str, str]:
    """Of the account of this name at the vendor's fake."""
    return {
        "paypal": {"client_id": name, "secret": f"secret of {name}", "webhook_id": "WH-1"},
        "adyen": {
            "api_key": f"AQE-{name}",
            "merchant_account": "ShopECOM",
            "report_user": "report@Company.Shop",
            "report_password": f"report of AQE-{name}",
        },
        "mollie": {
            "api_key": f"test_{name}",
            "organization_token": f"access_test_{name}",
        },
    }[gateway]


HMAC_KEY = "44782DEF547AAA06C910C43932B1EB0C71FC68D9D0C057550C48EC2ACF6BA056"


class GatewayAccountFactory(DjangoModelFactory[GatewayAccount]):
    """A test account that the fake of its vendor knows."""

    class Meta:
        model = GatewayAccount

    class Params:
        shop_name = "shop"

    id = factory.LazyFunction(uuid7)
    merchant = factory.SubFactory(DebtorFactory)
    store = None
    gateway = choices.Payment.Gateway.PAYPAL
    environment = choices.Payment.Environment.TEST
    account_id = "ShopECOM"
    credentials = factory.LazyAttribute(
        lambda row: Sealed.seal(
            credentials_of(row.gateway, row.shop_name), GatewayAccount(id=row.id).aad
        )
    )
    webhook_secrets = factory.LazyAttribute(
        lambda row: Sealed.seal([HMAC_KEY], GatewayAccount(id=row.id).aad)
    )


class VendorRefundFields[P: Payment](PaymentFields[P]):
    """60.00 EUR out of a payment that the fake must know as `paid_by`."""

    class Meta:
        abstract = True

    environment = choices.Payment.Environment.TEST
    gateway_account = factory.SubFactory(
        GatewayAccountFactory,
        merchant=factory.SelfAttribute("..merchant"),
        gateway=factory.SelfAttribute("..gateway"),
    )
    tender = factory.SubFactory(
        OrderTenderFactory,
        order=factory.SelfAttribute("..order"),
        gateway=factory.SelfAttribute("..gateway"),
        external_id=factory.LazyFunction(lambda: f"tr_{uuid7().hex}"),
    )
    paid_by = factory.SelfAttribute("tender.external_id")


class PayPalRefundFactory(VendorRefundFields[PayPalRefund]):
    class Meta:
        model = PayPalRefund

    gateway = choices.Payment.Gateway.PAYPAL


class AdyenRefundFactory(VendorRefundFields[AdyenRefund]):
    class Meta:
        model = AdyenRefund

    gateway = choices.Payment.Gateway.ADYEN


class MollieRefundFactory(VendorRefundFields[MollieRefund]):
    class Meta:
        model = MollieRefund

    gateway = choices.Payment.Gateway.MOLLIE


class PlatformRefundFactory(PaymentFields[PlatformRefund]):
    class Meta:
        model = PlatformRefund

    gateway = choices.Payment.Gateway.PLATFORM
    tender = factory.SubFactory(OrderTenderFactory, order=factory.SelfAttribute("..order"))


class BankFileFactory(DjangoModelFactory[BankFile]):
    """Read, with one entry that is about nothing of ours."""

    class Meta:
        model = BankFile
        skip_postgeneration_save = True

    id = factory.LazyFunction(uuid7)
    merchant = factory.SubFactory(DebtorFactory)
    kind = bank.BankFile.Kind.BOOKINGS
    message_id = factory.Sequence(lambda n: f"BANK-{n}")
    file = factory.LazyAttribute(lambda row: seal_file(b"<Document/>", BankFile(id=row.id)))
    file_hash = factory.LazyFunction(lambda: uuid7().hex)
    counts = factory.Dict({"unmatched": 1})
    read_at = factory.LazyFunction(clock.now)
    entry = factory.RelatedFactory("apps.payments.tests.factories.BankEntryFactory", "file")


class BankEntryFactory(DjangoModelFactory[BankEntry]):
    class Meta:
        model = BankEntry

    file = factory.SubFactory(BankFileFactory, entry=None)
    merchant = factory.SelfAttribute("file.merchant")
    position = 0
    end_to_end_id = "somebody-elses"
    word = bank.BankFile.Word.EXECUTED
    currency = "EUR"
    amount_minor = 1200
    outcome = bank.BankFile.Outcome.UNMATCHED
