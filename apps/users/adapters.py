"""What allauth asks the product."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Users are invited or made by the platform; nobody signs up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
