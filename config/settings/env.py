"""The environment, read once and typed; a missing or malformed value stops the start."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

BASE_DIR = Path(__file__).resolve().parents[2]
DEVELOPMENT_SECRET = "development-only-secret-key-" + "x" * 40
# Of the secrets that stand in this repository, here and in .envs.
PUBLIC_SECRETS = ("development-only-", "tests-only-")
DEVELOPMENT_IDENTITY_KEY = "development-only-identity-key"
DEVELOPMENT_FIELD_KEY = "dev:" + "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="

DEVELOPMENT_SELLER = "ESB12345674"


class Env(BaseSettings):
    model_config = SettingsConfigDict(env_file=None, extra="ignore", case_sensitive=False)

    database_url: str = "postgresql://reveni:reveni@127.0.0.1:5432/reveni"
    cache_url: str = "redis://127.0.0.1:6379/1"
    broker_url: str = "redis://127.0.0.1:6379/0"
    secret_key: str = DEVELOPMENT_SECRET
    field_keys: Annotated[str, Field(description="kid:base64,kid:base64; first is current")] = (
        DEVELOPMENT_FIELD_KEY
    )
    identity_key: str = DEVELOPMENT_IDENTITY_KEY
    media_root: Path = BASE_DIR / "media"
    mail_dir: Path = BASE_DIR / ".embedded" / "mails"
    email_url: str = ""
    stripe_api_base: str = "https://api.stripe.com"
    stripe_read_seconds: float = 20
    stripe_platform_key: str = ""
    stripe_platform_webhook_secrets: str = ""
    portal_url: str = "https://returns.reveni.example"
    platforms_url: str = "https://platforms.reveni.example"
    paypal_api_base: str = ""
    adyen_api_base: str = ""
    mollie_api_base: str = ""
    gateway_read_seconds: float = 20
    easypost_api_base: str = ""
    carrier_read_seconds: float = 15
    bigcommerce_api_base: str = ""
    bigcommerce_login_base: str = ""
    bigcommerce_client_id: str = ""
    bigcommerce_client_secret: str = ""
    dashboard_url: str = "https://dashboard.reveni.example"
    host_domains: str = "reveni.localhost,reveni.local"
    num_proxies: int = 0
    db_role: Literal["web", "worker", "command"] = "command"
    db_pool_size: int = 4
    seller_name: str = "Reveni Development S.L."
    seller_address: str = "Calle de Ejemplo 1, 28001 Madrid, Spain"
    seller_vat_number: str = DEVELOPMENT_SELLER
    seller_email: str = "billing@reveni.example"
    seller_iban: str = "ES9121000418450200051332"
    seller_bic: str = "CAIXESBBXXX"
    seller_creditor_id: str = "ES97000B12345674"
    shopify_api_base: str = ""
    shopify_client_id: str = ""
    shopify_client_secrets: str = ""
    openai_api_key: str = ""
    openai_api_base: str = "https://api.openai.com/v1"
    openai_model: str = "gpt-5.4-mini"
    openai_seconds: float = 3
    openai_effort: str = ""
    openai_daily: int = 200
    pytest_xdist_worker: str = "gw0"

    @property
    def domains(self) -> tuple[str, ...]:
        return tuple(part.strip() for part in self.host_domains.split(",") if part.strip())

    @property
    def worker_number(self) -> int:
        return int(self.pytest_xdist_worker.removeprefix("gw"))


ENV = Env()
