"""The chart of accounts; read it as `choices.Ledger`."""

from collections.abc import Mapping

from django.db import models


class Ledger:
    class Nature(models.TextChoices):
        ASSET = "asset", "Asset"
        LIABILITY = "liability", "Liability"
        INCOME = "income", "Income"
        EXPENSE = "expense", "Expense"

    class Account(models.TextChoices):
        REFUNDS_GRANTED = "refunds_granted", "Refunds granted"
        BONUS_EXPENSE = "bonus_expense", "Bonus granted"
        FEES_WITHHELD = "fees_withheld", "Fees withheld"
        EXCHANGE_GOODS = "exchange_goods", "Goods handed out in exchange"
        REFUNDS_PAYABLE = "refunds_payable", "Refunds payable"
        STORE_CREDIT_LIABILITY = "store_credit_liability", "Store credit outstanding"
        CREDIT_REDEEMED = "credit_redeemed", "Store credit redeemed"
        CREDIT_FORFEITED = "credit_forfeited", "Store credit voided or expired"
        BANK_IN_TRANSIT = "bank_in_transit", "Bank transfers in transit"
        BANK = "bank", "Bank"
        EXTERNAL_SETTLEMENT = "external_settlement", "Refunds made elsewhere"
        STRIPE_IN_TRANSIT = "stripe_in_transit", "Refunds on their way through Stripe"
        STRIPE_BALANCE = "stripe_balance", "Stripe balance"
        PAYPAL_IN_TRANSIT = "paypal_in_transit", "Refunds on their way through PayPal"
        PAYPAL_BALANCE = "paypal_balance", "PayPal balance"
        ADYEN_IN_TRANSIT = "adyen_in_transit", "Refunds on their way through Adyen"
        ADYEN_BALANCE = "adyen_balance", "Adyen balance"
        MOLLIE_IN_TRANSIT = "mollie_in_transit", "Refunds on their way through Mollie"
        MOLLIE_BALANCE = "mollie_balance", "Mollie balance"
        SHOP_IN_TRANSIT = "shop_in_transit", "Refunds on their way through the shop's platform"
        SHOP_BALANCE = "shop_balance", "The shop's platform balance"
        MERCHANT_RECEIVABLE = "merchant_receivable", "Invoices the merchant owes"
        FEES_REVENUE = "fees_revenue", "Fees of the platform"
        VAT_PAYABLE = "vat_payable", "VAT on fees"
        DISBURSEMENTS = "disbursements", "Advances to be invoiced"
        PLATFORM_BANK = "platform_bank", "Bank of the platform"
        BAD_DEBTS = "bad_debts", "Invoices given up"
        ADVANCES = "advances", "Advances paid by the platform"
        ADVANCES_PAYABLE = "advances_payable", "Advances promised by the platform"
        PLATFORM_IN_TRANSIT = "platform_in_transit", "Advances in transit"
        SHOPPER_RECEIVABLE = "shopper_receivable", "Owed by shoppers to the platform"
        ADVANCE_LOSSES = "advance_losses", "Advances given up"
        MERCHANT_PAYABLE = "merchant_payable", "Owed by the platform to the merchant"
        PRICE_DIFFERENCES = "price_differences", "Price differences and fees that shoppers paid"
        PLATFORM_STRIPE = "platform_stripe", "Stripe balance of the platform"
        PLATFORM_STRIPE_TRANSIT = "platform_stripe_transit", "In transit at the platform's Stripe"
        SHOP_CREDIT_LIABILITY = "shop_credit_liability", "Store credit given at the shop"

    NATURES: Mapping[str, str] = {
        **dict.fromkeys(Account.values, Nature.ASSET),
        Account.REFUNDS_GRANTED: Nature.EXPENSE,
        Account.BONUS_EXPENSE: Nature.EXPENSE,
        Account.FEES_WITHHELD: Nature.INCOME,
        Account.EXCHANGE_GOODS: Nature.INCOME,
        Account.REFUNDS_PAYABLE: Nature.LIABILITY,
        Account.STORE_CREDIT_LIABILITY: Nature.LIABILITY,
        Account.CREDIT_REDEEMED: Nature.INCOME,
        Account.CREDIT_FORFEITED: Nature.INCOME,
        Account.FEES_REVENUE: Nature.INCOME,
        Account.VAT_PAYABLE: Nature.LIABILITY,
        Account.BAD_DEBTS: Nature.EXPENSE,
        Account.ADVANCES_PAYABLE: Nature.LIABILITY,
        Account.ADVANCE_LOSSES: Nature.EXPENSE,
        Account.MERCHANT_PAYABLE: Nature.LIABILITY,
        Account.PRICE_DIFFERENCES: Nature.INCOME,
        Account.SHOP_CREDIT_LIABILITY: Nature.LIABILITY,
    }
    # What is booked here for one payment must leave again when the money arrives (I-32).
    CLEARING = (
        *(Account.BANK_IN_TRANSIT, Account.PLATFORM_IN_TRANSIT),
        *(Account.STRIPE_IN_TRANSIT, Account.PLATFORM_STRIPE_TRANSIT),
        *(Account.PAYPAL_IN_TRANSIT, Account.ADYEN_IN_TRANSIT, Account.MOLLIE_IN_TRANSIT),
        Account.SHOP_IN_TRANSIT,
    )
