"""The import contracts of pyproject.toml, tried on a small house with every kind of break-in."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

COMMAND = "from importlinter.cli import lint_imports_command; lint_imports_command()"
ROOT = Path(__file__).resolve().parents[2]
APPS = (
    *("api", "billing", "metrics", "notifications", "deliveries", "payments", "orders"),
    *("integrations", "underwriting", "accounts", "users", "events", "core"),
)
VENDORS = ("apps.integrations.shopify", "apps.integrations.woocommerce")
HOSTS = ("merchants", "returns", "customers", "platforms", "public", "common")

FLOORS = "An app imports only the floors below it"
CONFIG = "Nobody imports config"
HOST = "A host imports its own folder and common, never another host"
ROOMS = "A file imports only the rooms under its own"
MODULES = "Modules of orders do not know each other"
CARRIERS = "Carriers do not know each other"
GATEWAYS = "Gateways do not know each other"
PLATFORMS = "Platforms do not know each other"
STRIPE = "Only the Stripe gateway speaks to stripe"
SHOPIFY = "Only the Shopify folder speaks to shopify"
OPENAI = "Only the OpenAI folder speaks to openai"
HTTP = "HTTP goes through apps.core.http"
DOCUMENTS = "reportlab draws labels and payment documents, lxml writes SEPA files"

BREAK_INS = [
    (FLOORS, "apps.orders.services", "apps.payments.services"),
    (FLOORS, "apps.deliveries.services", "apps.payments.services"),
    (FLOORS, "apps.accounts.models", "apps.integrations.dtos"),
    (CONFIG, "apps.core.clock", "config.hosts"),
    (HOST, "apps.api.returns.views", "apps.api.merchants.serializers"),
    (HOST, "apps.api.models", "apps.api.common.ids"),
    (HOST, "apps.api.common.views", "apps.api.public.views"),
    (ROOMS, "apps.orders.models", "apps.orders.services"),
    (ROOMS, "apps.orders.mixins.approval", "apps.orders.tasks"),
    (ROOMS, "apps.orders.choices", "apps.orders.dtos"),
    (ROOMS, "apps.orders.calculator.lines", "apps.orders.modules.discounts"),
    (MODULES, "apps.orders.modules.discounts.services", "apps.orders.modules.inventory.services"),
    (CARRIERS, "apps.deliveries.providers.seur.client", "apps.deliveries.providers.gls.client"),
    (GATEWAYS, "apps.payments.gateways.stripe.models", "apps.payments.gateways.sepa.models"),
    (PLATFORMS, "apps.integrations.woocommerce.mappers", "apps.integrations.shopify.mappers"),
    (STRIPE, "apps.payments.services", "stripe"),
    (SHOPIFY, "apps.integrations.woocommerce.client", "shopify"),
    (OPENAI, "apps.underwriting.services", "openai"),
    (HTTP, "apps.notifications.services", "httpx2"),
    (HTTP, "apps.integrations.woocommerce.client", "requests"),
    (DOCUMENTS, "apps.orders.services", "reportlab"),
    (DOCUMENTS, "apps.billing.services", "lxml"),
]
ALLOWED = [
    ("apps.api.merchants.views", "apps.api.common.views"),
    ("apps.payments.services", "apps.orders.services"),
    ("apps.orders.mixins.approval", "apps.orders.models"),
    ("apps.payments.gateways.stripe.client", "stripe"),
    ("apps.integrations.shopify.client", "shopify"),
    ("apps.integrations.openai.client", "openai"),
    ("apps.core.http", "httpx2"),
    ("apps.api.tasks", "apps.api.merchants.tasks"),
    ("apps.orders.modules.discounts.tests.test_terms", "apps.orders.services"),
    ("apps.api.common.idempotency", "apps.api.models"),
    ("apps.api.returns.views", "apps.api.tasks"),
    ("apps.deliveries.providers.gls.provider", "apps.deliveries.providers.base"),
    ("apps.deliveries.providers.registry", "apps.deliveries.providers.base"),
    ("apps.deliveries.providers.gls.labels", "reportlab"),
    ("apps.payments.documents", "lxml"),
    ("config.urls", "apps.api.returns.views"),
]


def build(house: Path, imports: list[tuple[str, str]]) -> None:
    for name in (
        "config",
        *VENDORS,
        *(f"apps.{app}" for app in APPS),
        *(f"apps.api.{h}" for h in HOSTS),
    ):
        write(house, name, "")
    write(house, "apps.core.clock", "")
    for importer, imported in imports:
        if imported.partition(".")[0] in {"apps", "config"}:
            write(house, imported, "")
        write(house, importer, f"import {imported}\n")


def write(house: Path, module: str, line: str) -> None:
    """Append to a module, which is a package here, as are all its parents."""
    folder = house.joinpath(*module.split("."))
    folder.mkdir(parents=True, exist_ok=True)
    for package in (folder, *folder.parents):
        if package == house:
            break
        (package / "__init__.py").touch()
    with (folder / "__init__.py").open("a") as file:
        file.write(line)


def lint(house: Path) -> str:
    shutil.copy(ROOT / "pyproject.toml", house)
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command as c; c()",
            "--no-cache",
        ],
        cwd=house,
        env={"PYTHONPATH": str(house), "NO_COLOR": "1", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The report on a house with every break-in, by the name of the contract."""
    house = tmp_path_factory.mktemp("broken")
    build(house, [(importer, imported) for _, importer, imported in BREAK_INS])
    report = lint(house).partition("Broken contracts")[2]
    parts = re.split(r"^(.+)\n-{10,}\n", report, flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


class ImportContractsTest:
    @pytest.mark.parametrize(("contract", "importer", "imported"), BREAK_INS)
    def test_finds_the_break_in(
        self, broken: dict[str, str], contract: str, importer: str, imported: str
    ) -> None:
        assert f"{importer} -> {imported} " in broken[contract]

    def test_keeps_every_contract_of_a_tidy_house(self, tmp_path: Path) -> None:
        build(tmp_path, ALLOWED)
        assert "Contracts: 13 kept, 0 broken." in lint(tmp_path)

    def test_an_app_without_a_floor_is_refused(self, tmp_path: Path) -> None:
        build(tmp_path, [("apps.loyalty.models", "apps.core.clock")])
        report = lint(tmp_path)
        assert "apps.loyalty" in report or "loyalty" in report.partition("Broken")[2]
