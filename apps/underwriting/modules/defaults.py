"""The terms that hold where no policy was published: version 0."""

from typing import Any

from apps.underwriting.modules.terms import read_terms

_SUMS: dict[str, Any] = {
    "value_steps": ["50", "100", "200", "400"],
    "most_asked": "1000",
    "most": {"pay_now": "300", "pay_at_scan": "500", "pay_at_delivery": "800"},
    "caps": {
        "shopper": {"amount": "600", "count": 3},
        "destination": {"amount": "600", "count": 3},
        "address": {"amount": "1200", "count": 6},
        "store": {"amount": "50000", "count": 1000},
        "merchant": {"amount": "100000", "count": 2000},
        "day": {"amount": "250000", "count": 5000},
    },
}
BUILT_IN = read_terms(
    {
        "steps": [
            {"up_to": 30, "rung": "pay_now"},
            {"up_to": 45, "rung": "pay_now", "percent": 50},
            {"up_to": 65, "rung": "pay_at_scan"},
            {"up_to": 85, "rung": "pay_at_delivery"},
        ],
        "sums": dict.fromkeys(("EUR", "GBP", "USD"), _SUMS),
        "excluded_categories": ["gift card", "gift cards"],
        "risky_categories": ["electronics", "jewellery", "jewelry", "watches"],
        "loss_rates": [
            {"up_to": 15, "basis_points": 50},
            {"up_to": 30, "basis_points": 150},
            {"up_to": 45, "basis_points": 400},
            {"up_to": 65, "basis_points": 900},
            {"up_to": 85, "basis_points": 1800},
            {"up_to": 1000, "basis_points": 3500},
        ],
    }
)
