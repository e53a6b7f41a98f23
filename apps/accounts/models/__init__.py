from apps.accounts.models.customer import Customer
from apps.accounts.models.location import Location
from apps.accounts.models.merchant import Merchant, MerchantPreferences
from apps.accounts.models.store import Store, StorePreferences

__all__ = [
    "Customer",
    "Location",
    "Merchant",
    "MerchantPreferences",
    "Store",
    "StorePreferences",
]
