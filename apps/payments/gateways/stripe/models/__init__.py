from apps.payments.gateways.stripe.models.account import StripeAccount
from apps.payments.gateways.stripe.models.card import PaymentMethodToken
from apps.payments.gateways.stripe.models.charge import StripeRecoveryCharge
from apps.payments.gateways.stripe.models.checkout import StripeCheckoutPayment
from apps.payments.gateways.stripe.models.refund import NotPaidByStripe, StripeRefund

__all__ = [
    "NotPaidByStripe",
    "PaymentMethodToken",
    "StripeAccount",
    "StripeCheckoutPayment",
    "StripeRecoveryCharge",
    "StripeRefund",
]
