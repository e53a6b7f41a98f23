"""Routes of the returns host."""

from django.urls import URLPattern, URLResolver, path

from apps.api.returns.views import (
    addresses,
    cards,
    entrance,
    evidence,
    keeping,
    order,
    quotes,
    recoveries,
    returns,
    schema,
)

STORE = "v1/stores/<slug:slug>"
RETURN = f"{STORE}/returns/<slug:number>"
RECOVERY = f"{RETURN}/recoveries/<uuid:id>"

urlpatterns: list[URLPattern | URLResolver] = [
    path("v1/schema", schema.SchemaView.as_view(), name="schema"),
    path(STORE, entrance.PortalStoreView.as_view(), name="store"),
    path(f"{STORE}/lookups", entrance.LookupsView.as_view(), name="lookups"),
    path(f"{STORE}/proofs", entrance.ProofsView.as_view(), name="proofs"),
    path(f"{STORE}/proofs/<uuid:id>/verify", entrance.VerifyView.as_view(), name="proof-verify"),
    path(f"{STORE}/order", order.OrderView.as_view(), name="order"),
    path(
        f"{STORE}/order/exchange-options",
        order.ExchangeOptionsView.as_view(),
        name="exchange-options",
    ),
    path(f"{STORE}/return-methods", order.MethodsView.as_view(), name="return-methods"),
    path(
        f"{STORE}/address-suggestions",
        addresses.AddressSuggestionsView.as_view(),
        name="address-suggestions",
    ),
    path(f"{STORE}/evidence", evidence.EvidenceView.as_view(), name="evidence"),
    path(f"{STORE}/evidence/<uuid:id>", evidence.PhotoView.as_view(), name="photo"),
    path(f"{STORE}/quotes", quotes.QuotesView.as_view(), name="quotes"),
    path(f"{STORE}/quotes/<uuid:id>/card", cards.CardView.as_view(), name="quote-card"),
    path(f"{STORE}/returns", returns.ReturnsView.as_view(), name="returns"),
    path(RETURN, returns.ReturnView.as_view(), name="return"),
    path(f"{RETURN}/label", returns.LabelView.as_view(), name="return-label"),
    path(f"{RETURN}/payment", returns.PaymentView.as_view(), name="return-payment"),
    path(f"{RETURN}/cancel", returns.CancelView.as_view(), name="return-cancel"),
    path(f"{RETURN}/keep", keeping.KeepView.as_view(), name="return-keep"),
    path(f"{RETURN}/tracking", returns.TrackingView.as_view(), name="return-tracking"),
    path(f"{RETURN}/recoveries", recoveries.RecoveriesView.as_view(), name="recoveries"),
    path(f"{RECOVERY}/contests", recoveries.ContestsView.as_view(), name="recovery-contests"),
    path(
        f"{RECOVERY}/instalments",
        recoveries.InstalmentsView.as_view(),
        name="recovery-instalments",
    ),
    path(f"{RECOVERY}/pay-link", recoveries.PayLinkView.as_view(), name="recovery-pay-link"),
]
