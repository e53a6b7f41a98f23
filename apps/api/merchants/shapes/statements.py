from typing import Any

from apps.billing.modules.documents.books import AccountPage, Statement


def statement_shape(statement: Statement) -> dict[str, Any]:
    return {
        "from": statement.since,
        "to": statement.until,
        "merchant": statement.merchant,
        "accounts": [_account(page) for page in statement.accounts],
    }


def _account(page: AccountPage) -> dict[str, Any]:
    return {
        "account": page.kind,
        "title": page.title,
        "nature": page.nature,
        "currency": page.currency,
        "opening": page.opening,
        "debit": page.debit,
        "credit": page.credit,
        "closing": page.closing,
        "movements": [
            {
                "at": each.at,
                "kind": each.kind,
                "source_type": each.source_type,
                "source_id": each.source_id,
                "amount": each.amount,
                "balance": each.balance,
            }
            for each in page.movements
        ],
    }
