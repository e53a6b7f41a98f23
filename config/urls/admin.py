"""URLs of the admin host, for staff."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth.models import Group
from django.urls import include, path

# Their pages would show session tokens and second factors to staff; groups are not used.
for model in (Authenticator, EmailAddress, Group, UserSession):
    admin.site.unregister(model)

urlpatterns = [path("", include("apps.api.common.urls")), path("", admin.site.urls)]
