"""Kinds and statuses of fees, invoices and their collection, with the moves that are allowed."""

from collections.abc import Mapping

from django.db import models


class Event(models.TextChoices):
    SUBSCRIPTION_STARTED = "subscription.started", "Subscription started"
    SUBSCRIPTION_ENDED = "subscription.ended", "Subscription ended"
    PROFILE_CHANGED = "billing_profile.changed", "Billing profile changed"
    INVOICE_ISSUED = "invoice.issued", "Invoice issued"
    INVOICE_PAYMENT_RECEIVED = "invoice.payment_received", "Payment of an invoice received"
    INVOICE_PAYMENT_RETURNED = "invoice.payment_returned", "Payment of an invoice came back"
    INVOICE_PAID = "invoice.paid", "Invoice paid"
    INVOICE_OVERDUE = "invoice.overdue", "Invoice overdue"
    INVOICE_DUNNED = "invoice.dunned", "Invoice dunned"
    INVOICE_CREDITED = "invoice.credited", "Invoice credited"
    INVOICE_WRITE_OFF_ASKED = "invoice.write_off_asked", "Write-off waits for a second person"
    INVOICE_UNCOLLECTIBLE = "invoice.uncollectible", "Invoice given up"
    INVOICE_DEBITED = "invoice.debited", "Direct debit sent to the bank"
    INVOICE_DEBIT_REFUSED = "invoice.debit_refused", "Direct debit refused"
    INVOICE_CHARGE_REFUSED = "invoice.charge_refused", "Charge of the saved card refused"
    CARD_CONSENTED = "billing_card.consented", "Consent to charge a card for invoices"
    CARD_SAVED = "billing_card.saved", "Card for invoices saved"
    CARD_DROPPED = "billing_card.dropped", "Card for invoices dropped"
    CREDIT_NOTE_DRAFTED = "credit_note.drafted", "Credit note waits for a second person"
    CREDIT_NOTE_ISSUED = "credit_note.issued", "Credit note issued"
    CREDIT_NOTE_REFUNDED = "credit_note.refunded", "Credit note paid out"
    PAYOUT_OWED = "merchant_payout.owed", "Money is to be transferred to the merchant"
    PAYOUT_APPROVED = "merchant_payout.approved", "Transfer to the merchant approved"
    PAYOUT_PAID = "merchant_payout.paid", "Transferred to the merchant"


def _moves(table: Mapping[str, tuple[str, ...]]) -> Mapping[str, frozenset[str]]:
    return {str(source): frozenset(map(str, targets)) for source, targets in table.items()}


class Fee:
    class Kind(models.TextChoices):
        """In the order in which an invoice lists them."""

        PLAN = "plan", "Plan"
        REQUEST = "request", "Return requests"
        INSTANT = "instant", "Instant refunds"
        LOGISTICS = "logistics", "Return labels"
        TOP_UP = "top_up", "Top-up to the monthly minimum"
        CARRIED = "carried", "Credit carried to the next month"
        CREDIT = "credit", "Credit"
        DISBURSEMENT = "disbursement", "Advances paid to shoppers"
        REIMBURSED = "reimbursed", "Goods paid for and not returned"
        TAKEN_BACK = "taken_back", "Reimbursements taken back"
        PAID_OUT = "paid_out", "Transferred to you"

    # What counts towards the monthly minimum: use, and nothing that is owed in any case.
    USAGE = (Kind.REQUEST, Kind.INSTANT, Kind.LOGISTICS)
    # What the merchant owes of others' money, and what the platform owes the merchant.
    PASSED_ON = (Kind.DISBURSEMENT, Kind.TAKEN_BACK)
    OWED = (Kind.REIMBURSED, Kind.PAID_OUT)
    OUTSIDE = (*PASSED_ON, *OWED)
    BELOW_ZERO = (Kind.CREDIT, Kind.REIMBURSED)


class Vat:
    class Class(models.TextChoices):
        SERVICE = "service", "Service"
        OUTSIDE = "outside", "Outside VAT"

    class Treatment(models.TextChoices):
        DOMESTIC = "domestic", "Domestic"
        REVERSE_CHARGE = "reverse_charge", "Reverse charge"
        EU_NO_NUMBER = "eu_no_number", "EU without a VAT number"
        EXPORT = "export", "Outside the EU"


class Profile:
    class Method(models.TextChoices):
        BANK_TRANSFER = "bank_transfer", "Bank transfer"
        DIRECT_DEBIT = "direct_debit", "SEPA direct debit"
        CARD = "card", "Saved card"


class Invoice:
    class Kind(models.TextChoices):
        INVOICE = "invoice", "Invoice"
        CREDIT_NOTE = "credit_note", "Credit note"

    PREFIXES: Mapping[str, str] = {Kind.INVOICE: "F", Kind.CREDIT_NOTE: "R"}

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        ISSUED = "issued", "Issued"
        PAID = "paid", "Paid"
        OVERDUE = "overdue", "Overdue"
        CREDITED = "credited", "Credited"
        UNCOLLECTIBLE = "uncollectible", "Uncollectible"

    OPEN = (Status.ISSUED, Status.OVERDUE)
    TRANSITIONS = _moves(
        {
            # Straight to paid where nothing is due: a sum of zero, a credit that is set off.
            Status.DRAFT: (Status.ISSUED, Status.PAID),
            Status.ISSUED: (Status.PAID, Status.OVERDUE, Status.CREDITED),
            Status.OVERDUE: (Status.PAID, Status.CREDITED, Status.UNCOLLECTIBLE),
            # A direct debit may come back for eight weeks, and what is paid may be credited.
            Status.PAID: (Status.ISSUED, Status.CREDITED),
            Status.UNCOLLECTIBLE: (Status.OVERDUE, Status.PAID),
        }
    )

    class Dunning(models.TextChoices):
        NONE = "none", "Not dunned"
        REMINDER_1 = "reminder_1", "First reminder"
        REMINDER_2 = "reminder_2", "Second reminder"
        FINAL = "final", "Final notice"
        SUSPENDED = "suspended", "Suspended"

    DUNNING_TRANSITIONS = _moves(
        {
            Dunning.NONE: (Dunning.REMINDER_1,),
            Dunning.REMINDER_1: (Dunning.REMINDER_2, Dunning.NONE),
            Dunning.REMINDER_2: (Dunning.FINAL, Dunning.NONE),
            Dunning.FINAL: (Dunning.SUSPENDED, Dunning.NONE),
            Dunning.SUSPENDED: (Dunning.NONE,),
        }
    )
    # Days after the due date from which each step is taken.
    DUNNING_DAYS: tuple[tuple[int, str], ...] = (
        (3, Dunning.REMINDER_1),
        (10, Dunning.REMINDER_2),
        (20, Dunning.FINAL),
        (30, Dunning.SUSPENDED),
    )


class InvoicePayment:
    class Method(models.TextChoices):
        BANK_TRANSFER = "bank_transfer", "Bank transfer"
        DIRECT_DEBIT = "direct_debit", "SEPA direct debit"
        STRIPE = "stripe", "On a page of Stripe's"
        CARD = "card", "Saved card"

    BY_STRIPE = (Method.STRIPE, Method.CARD)


class InvoicePage:
    class Status(models.TextChoices):
        OPENING = "opening", "Being opened"
        OFFERED = "offered", "May be paid"
        PAID = "paid", "Paid"
        EXPIRED = "expired", "Closed unpaid"
        FAILED = "failed", "Not opened"
        SURPLUS = "surplus", "Paid, and nothing was due"

    OPEN = (Status.OPENING, Status.OFFERED)
    TRANSITIONS = _moves(
        {
            Status.OPENING: (Status.OFFERED, Status.FAILED),
            Status.OFFERED: (Status.PAID, Status.EXPIRED, Status.SURPLUS),
        }
    )


class MerchantCard:
    class Status(models.TextChoices):
        CONSENTED = "consented", "Consented, no card yet"
        READY = "ready", "Ready"
        REFUSED = "refused", "Refused for good"
        DROPPED = "dropped", "Dropped"

    TRANSITIONS = _moves(
        {
            Status.CONSENTED: (Status.READY, Status.DROPPED),
            Status.READY: (Status.REFUSED, Status.DROPPED),
        }
    )


class InvoiceCharge:
    class Status(models.TextChoices):
        OPEN = "open", "Asked for, outcome unknown"
        PAID = "paid", "Paid"
        REFUSED = "refused", "Refused"
        FAILED = "failed", "Never made"
        SURPLUS = "surplus", "Paid, and nothing was due"

    # After these the same card is not charged for the same invoice again.
    FINAL = (Status.REFUSED, Status.SURPLUS)
    TRANSITIONS = _moves(
        {Status.OPEN: (Status.PAID, Status.REFUSED, Status.FAILED, Status.SURPLUS)}
    )


class MerchantPayout:
    class Status(models.TextChoices):
        WAITING = "waiting", "To be transferred"
        PAID = "paid", "Transferred"

    TRANSITIONS = _moves({Status.WAITING: (Status.PAID,)})


class DirectDebit:
    class Status(models.TextChoices):
        SENT = "sent", "Sent to the bank"
        COLLECTED = "collected", "Collected"
        REFUSED = "refused", "Refused by the bank"
        RETURNED = "returned", "Came back"

    TRANSITIONS = _moves(
        {
            Status.SENT: (Status.COLLECTED, Status.REFUSED),
            Status.COLLECTED: (Status.RETURNED,),
        }
    )
