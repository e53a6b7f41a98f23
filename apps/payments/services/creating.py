"""Making the row of a payment in its gateway's class, key fixed before anything is called."""

from apps.orders.models import OrderTender
from apps.payments import choices
from apps.payments.gateways.adyen.models import AdyenRefund
from apps.payments.gateways.bank_transfer.models import BankTransferPayout, PayoutDestination
from apps.payments.gateways.bank_transfer.sealing import open_account
from apps.payments.gateways.base import VendorRefund
from apps.payments.gateways.manual.models import ManualRefund
from apps.payments.gateways.mollie.models import MollieRefund
from apps.payments.gateways.paypal.models import PayPalRefund
from apps.payments.gateways.platform.models import PlatformRefund
from apps.payments.gateways.shop_credit.models import ShopCreditRefund
from apps.payments.gateways.store_credit.models import StoreCreditRefund
from apps.payments.gateways.stripe.models import (
    StripeCheckoutPayment,
    StripeRecoveryCharge,
    StripeRefund,
)
from apps.payments.models import Payment

CLASSES: dict[str, type[Payment]] = {
    choices.Payment.Gateway.STORE_CREDIT: StoreCreditRefund,
    choices.Payment.Gateway.BANK_TRANSFER: BankTransferPayout,
    choices.Payment.Gateway.MANUAL: ManualRefund,
    choices.Payment.Gateway.STRIPE: StripeRefund,
    choices.Payment.Gateway.PAYPAL: PayPalRefund,
    choices.Payment.Gateway.ADYEN: AdyenRefund,
    choices.Payment.Gateway.MOLLIE: MollieRefund,
    choices.Payment.Gateway.PLATFORM: PlatformRefund,
    choices.Payment.Gateway.SHOP_CREDIT: ShopCreditRefund,
}

# Money in; each is made by a service of its own.
COLLECTIONS: tuple[type[Payment], ...] = (StripeCheckoutPayment, StripeRecoveryCharge)


def write(payment: Payment) -> Payment:
    """Insert it and tell that it is promised; inside the transaction that claims the sum."""
    payment.idempotency_key = payment.key_for(payment.generation)
    if isinstance(payment, BankTransferPayout):
        known = PayoutDestination.objects.filter(ret_id=payment.ret_id).first()
        if known is not None:
            payment.pay_to(open_account(known.account, known))
    gives_back = isinstance(payment, StripeRefund) and payment.gives_back_id is not None
    if isinstance(payment, StripeRefund | VendorRefund | PlatformRefund) and not gives_back:
        payment.draw_on_tender()
    payment.save(force_insert=True)
    if payment.AT_SHOP and payment.tender_id:
        OrderTender.objects.expect_at_shop(payment.tender_id, payment.amount)
    payment.record(choices.Event.REFUND_PROMISED)
    return payment
