"""The month's invoice: what the platform charges, what it owes the merchant, and how it is paid."""

import subprocess
import sys
from decimal import Decimal
from pathlib import Path

from scripts.demo.client import Json, new_key
from scripts.demo.merchant import Staff
from scripts.demo.telling import Storyteller, money, wait_for

FOLDER = Path(".demo")
PROFILE = {
    "legal_name": "Tienda Norte S.L.",
    "address": {
        "street": "Calle Mayor 1",
        "city": "Bilbao",
        "postcode": "48001",
        "country": "ES",
    },
    "email": "facturas@tienda-norte.example",
    "vat_number": "ESB12345674",
    "method": "bank_transfer",
}
SETTLED = ("merchant_receivable", "merchant_payable", "disbursements")


def close_the_month(story: Storyteller, owner: Staff) -> None:
    story.step("The month is over: the merchant's invoice")
    merchant = owner.merchant_slug()
    owner.desk.send("PUT", "/v1/billing/profile", PROFILE, new_key())
    code = _manage("close_sandbox_month", merchant)
    invoice = owner.invoice(code)
    path = FOLDER / f"invoice-{code}.pdf"
    FOLDER.mkdir(exist_ok=True)
    path.write_bytes(owner.invoice_pdf(invoice))
    _show(story, invoice)
    story.prove(path.read_bytes().startswith(b"%PDF"), "the invoice is a PDF")
    story.fact(f"invoice: {path}")
    _manage("close_sandbox_month", merchant, "--paid", code)
    paid = owner.invoice(code)
    story.fact(f"its money has come: the invoice is {paid['status']}")
    left = {each["account"]: each["balance"]["amount"] for each in owner.books()}
    story.prove(
        all(not Decimal(left.get(account, "0")) for account in SETTLED),
        f"in the books {', '.join(SETTLED)} are zero",
    )


def _show(story: Storyteller, invoice: Json) -> None:
    for line in invoice["lines"]:
        rate = f"VAT {line['vat_rate']} %" if Decimal(line["vat"]["amount"]) else "no VAT"
        named = f"{line['quantity']} x {line['description']}"
        story.fact(f"  {named:<45}{money(line['net']):>14}  {rate}")
    for name in ("net", "vat", "total"):
        story.fact(f"  {name:<45}{money(invoice[name]):>14}")
    taxed = [line for line in invoice["lines"] if line["vat_rate"] == "21.00"]
    base = sum((Decimal(line["net"]["amount"]) for line in taxed), Decimal(0))
    vat = (base * 21 / 100).quantize(Decimal("0.01"), "ROUND_HALF_UP")
    story.prove(Decimal(invoice["vat"]["amount"]) == vat, f"21 % of {base} is {vat}")
    owed = next(line for line in invoice["lines"] if line["kind"] == "reimbursed")
    story.prove(
        Decimal(owed["net"]["amount"]) == Decimal("-19.50") * owed["quantity"],
        "19.50 for each missing scarf are taken off, without VAT",
    )


def wait_for_the_fee(owner: Staff) -> None:
    """The worker may still be telling billing of the advance that ended."""

    def told() -> bool:
        kinds = [fee["kind"] for fee in owner.running_bill()["fees"]]
        return "reimbursed" in kinds

    wait_for("the reimbursement on the bill", told)


def _manage(*words: str) -> str:
    command = [sys.executable, "manage.py", *words]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return done.stdout.split()[-1]
