"""Routes of the merchants host for money, settings and rules."""

from django.urls import URLPattern, path

from apps.api.merchants.views import ledger, payouts

TRANSFER = "v1/payouts/<uuid:id>/transfers/<uuid:transfer>"

urlpatterns: list[URLPattern] = [
    path("v1/payouts", payouts.PayoutsView.as_view(), name="payouts"),
    path("v1/payouts/<uuid:id>", payouts.PayoutView.as_view(), name="payout"),
    path("v1/payouts/<uuid:id>/approve", payouts.ApproveView.as_view(), name="payout-approve"),
    path("v1/payouts/<uuid:id>/file", payouts.FileView.as_view(), name="payout-file"),
    path("v1/payouts/<uuid:id>/settle", payouts.SettleView.as_view(), name="payout-settle"),
    path("v1/payouts/<uuid:id>/cancel", payouts.CancelView.as_view(), name="payout-cancel"),
    path(f"{TRANSFER}/reject", payouts.RejectTransferView.as_view(), name="transfer-reject"),
    path(f"{TRANSFER}/return", payouts.ReturnTransferView.as_view(), name="transfer-return"),
    path("v1/ledger/accounts", ledger.AccountsView.as_view(), name="ledger-accounts"),
    path("v1/ledger/statement", ledger.StatementView.as_view(), name="ledger-statement"),
    path("v1/ledger/entries", ledger.EntriesView.as_view(), name="ledger-entries"),
    path("v1/ledger/exceptions", ledger.ExceptionsView.as_view(), name="ledger-exceptions"),
]
