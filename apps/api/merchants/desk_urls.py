"""Routes of the merchants host for money, settings and rules."""

from django.urls import URLPattern, path

from apps.api.merchants.views import (
    bank_files,
    billing,
    billing_card,
    ledger,
    payouts,
    privacy,
    recoveries,
    refunds,
    shops,
    statements,
    store_credit,
    underwriting,
)

TRANSFER = "v1/payouts/<uuid:id>/transfers/<uuid:transfer>"

urlpatterns: list[URLPattern] = [
    path("v1/refunds", refunds.RefundsView.as_view(), name="refunds"),
    path("v1/refunds/<uuid:id>", refunds.RefundView.as_view(), name="refund"),
    path("v1/refunds/<uuid:id>/confirm", refunds.ConfirmView.as_view(), name="refund-confirm"),
    path("v1/refunds/<uuid:id>/retry", refunds.RetryView.as_view(), name="refund-retry"),
    path("v1/refunds/<uuid:id>/cancel", refunds.CancelView.as_view(), name="refund-cancel"),
    path(
        "v1/refunds/<uuid:id>/pay-another-way",
        refunds.PayAnotherWayView.as_view(),
        name="refund-pay-another-way",
    ),
    path(
        "v1/returns/<uuid:id>/manual-refund",
        refunds.ManualRefundView.as_view(),
        name="return-manual-refund",
    ),
    path("v1/store-credit", store_credit.CreditsView.as_view(), name="store-credits"),
    path("v1/store-credit/<uuid:id>", store_credit.CreditView.as_view(), name="store-credit"),
    path("v1/recoveries", recoveries.RecoveriesView.as_view(), name="recoveries"),
    path("v1/recoveries/<uuid:id>", recoveries.RecoveryView.as_view(), name="recovery"),
    path("v1/recoveries/<uuid:id>/pause", recoveries.PauseView.as_view(), name="recovery-pause"),
    path("v1/recoveries/<uuid:id>/resume", recoveries.ResumeView.as_view(), name="recovery-resume"),
    path("v1/recoveries/<uuid:id>/close", recoveries.CloseView.as_view(), name="recovery-close"),
    path(
        "v1/recoveries/<uuid:id>/write-off",
        recoveries.WriteOffView.as_view(),
        name="recovery-write-off",
    ),
    path("v1/payouts", payouts.PayoutsView.as_view(), name="payouts"),
    path("v1/payouts/<uuid:id>", payouts.PayoutView.as_view(), name="payout"),
    path("v1/payouts/<uuid:id>/approve", payouts.ApproveView.as_view(), name="payout-approve"),
    path("v1/payouts/<uuid:id>/file", payouts.FileView.as_view(), name="payout-file"),
    path("v1/payouts/<uuid:id>/settle", payouts.SettleView.as_view(), name="payout-settle"),
    path("v1/payouts/<uuid:id>/cancel", payouts.CancelView.as_view(), name="payout-cancel"),
    path(f"{TRANSFER}/reject", payouts.RejectTransferView.as_view(), name="transfer-reject"),
    path(f"{TRANSFER}/return", payouts.ReturnTransferView.as_view(), name="transfer-return"),
    path("v1/bank-files", bank_files.BankFilesView.as_view(), name="bank-files"),
    path("v1/bank-files/<uuid:id>", bank_files.BankFileView.as_view(), name="bank-file"),
    path(
        "v1/bank-files/<uuid:id>/entries",
        bank_files.BankEntriesView.as_view(),
        name="bank-file-entries",
    ),
    path("v1/ledger/accounts", ledger.AccountsView.as_view(), name="ledger-accounts"),
    path("v1/ledger/statement", ledger.StatementView.as_view(), name="ledger-statement"),
    path(
        "v1/ledger/statement/document",
        statements.StatementDocumentView.as_view(),
        name="ledger-statement-document",
    ),
    path(
        "v1/ledger/statement/csv",
        statements.StatementCsvView.as_view(),
        name="ledger-statement-csv",
    ),
    path(
        "v1/ledger/statement/pdf",
        statements.StatementPdfView.as_view(),
        name="ledger-statement-pdf",
    ),
    path("v1/ledger/entries", ledger.EntriesView.as_view(), name="ledger-entries"),
    path("v1/billing/invoices", billing.InvoicesView.as_view(), name="invoices"),
    path("v1/billing/invoices/<uuid:id>", billing.InvoiceView.as_view(), name="invoice"),
    path("v1/billing/invoices/<uuid:id>/pdf", billing.PdfView.as_view(), name="invoice-pdf"),
    path("v1/billing/invoices/<uuid:id>/pay", billing.PayView.as_view(), name="invoice-pay"),
    path("v1/billing/fees", billing.FeesView.as_view(), name="billing-fees"),
    path("v1/billing/current", billing.CurrentView.as_view(), name="billing-current"),
    path("v1/billing/card", billing_card.CardView.as_view(), name="billing-card"),
    path("v1/billing/profile", billing.ProfileView.as_view(), name="billing-profile"),
    path("v1/ledger/exceptions", ledger.ExceptionsView.as_view(), name="ledger-exceptions"),
    path(
        "v1/underwriting-policies",
        underwriting.UnderwritingPoliciesView.as_view(),
        name="underwriting-policies",
    ),
    path(
        "v1/underwriting-policies/<uuid:id>/simulate",
        underwriting.UnderwritingSimulateView.as_view(),
        name="underwriting-policy-simulate",
    ),
    path("v1/stores/<slug:slug>/syncs", shops.SyncsView.as_view(), name="store-syncs"),
    path("v1/syncs/<uuid:id>", shops.SyncView.as_view(), name="sync"),
    path("v1/syncs/<uuid:id>/refusals", shops.SyncRefusalsView.as_view(), name="sync-refusals"),
    path("v1/syncs/<uuid:id>/resume", shops.ResumeView.as_view(), name="sync-resume"),
    path("v1/platform-actions", shops.PlatformActionsView.as_view(), name="platform-actions"),
    path(
        "v1/platform-actions/<uuid:id>", shops.PlatformActionView.as_view(), name="platform-action"
    ),
    path(
        "v1/platform-actions/<uuid:id>/replay",
        shops.ReplayView.as_view(),
        name="platform-action-replay",
    ),
    path("v1/privacy-requests", privacy.PrivacyRequestsView.as_view(), name="privacy-requests"),
    path(
        "v1/privacy-requests/<uuid:id>",
        privacy.PrivacyRequestView.as_view(),
        name="privacy-request",
    ),
    path(
        "v1/privacy-requests/<uuid:id>/export",
        privacy.ExportView.as_view(),
        name="privacy-request-export",
    ),
    path(
        "v1/privacy-requests/<uuid:id>/refuse",
        privacy.RefuseView.as_view(),
        name="privacy-request-refuse",
    ),
]
