from apps.users.models.api_key import ApiKey
from apps.users.models.membership import Membership
from apps.users.models.role import Role
from apps.users.models.user import User

__all__ = ["ApiKey", "Membership", "Role", "User"]
