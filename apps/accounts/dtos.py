from dataclasses import dataclass

from apps.accounts import choices


@dataclass(frozen=True, slots=True)
class StoreDetails:
    """`currency` "" is the merchant's; `languages` are ISO 639-1, the first is the portal's own."""

    name: str
    slug: str
    platform: str = choices.Store.Platform.API
    currency: str = ""
    languages: tuple[str, ...] = ("en",)
    time_zone: str = "Europe/Madrid"
    domain: str = ""


@dataclass(frozen=True, slots=True)
class OpenMerchantRequest:
    """`address` has the keys of integrations.dtos.Address and becomes the default location's."""

    name: str
    slug: str
    legal_name: str
    country: str
    currency: str
    owner_email: str
    address: dict[str, str]
    owner_name: str = ""
    tax_id: str = ""
    plan: str = choices.Merchant.Plan.BASIC
    iban: str = ""
    bic: str = ""


@dataclass(frozen=True, slots=True)
class CustomerDetails:
    """A shopper as a platform or form names them; "" where it says nothing."""

    email: str = ""
    external_id: str = ""
    name: str = ""
    phone: str = ""
    language: str = ""
