"""The fake shop of `make demo PLATFORM=...` on this machine; only local settings know it."""

from pydantic_settings import BaseSettings, SettingsConfigDict

from config.settings.env import ENV


class Sandbox(BaseSettings):
    model_config = SettingsConfigDict(env_file=None, extra="ignore", case_sensitive=False)

    port: int = 8000
    sandbox_shop_port: int = 8009


SANDBOX_ENV = Sandbox()
SANDBOX_SHOP = f"http://127.0.0.1:{SANDBOX_ENV.sandbox_shop_port}"
# Platforms whose address is not the merchant's to say; the real one where the environment names it.
SHOPIFY_API_BASE = ENV.shopify_api_base or f"{SANDBOX_SHOP}/{{shop}}"
BIGCOMMERCE_API_BASE = ENV.bigcommerce_api_base or SANDBOX_SHOP
if "platforms_url" not in ENV.model_fields_set:
    PLATFORMS_URL = f"http://platforms.reveni.localhost:{SANDBOX_ENV.port}"
