"""Buttons over chosen rows that take a word with them: a reason, a reference, a bank's code."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest

from apps.core.errors import DomainError
from apps.users.models import User

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin
    from django.contrib.admin.helpers import ActionForm
else:
    from unfold.forms import ActionForm


class WithWords(ActionForm):
    words = forms.CharField(
        required=False, max_length=300, label="Reason, reference or code", empty_value=""
    )


def words_of(request: HttpRequest) -> str:
    """What was written beside the button, at most 300 characters."""
    return " ".join(request.POST.get("words", "").split())[:300]


def staff_of(request: HttpRequest) -> User:
    return User.objects.get(pk=str(request.user.pk))


def for_each[R](
    admin: "ModelAdmin[Any]",
    request: HttpRequest,
    rows: Iterable[R],
    act: Callable[[R], str],
    *,
    needs_words: str = "",
) -> None:
    """Tell of each row what `act` says or why it was refused; `needs_words` names what is wanted.

    The rows are told apart: one that is refused leaves the others as they are.
    """
    if needs_words and not words_of(request):
        admin.message_user(request, f"Write {needs_words} beside the button", messages.ERROR)
        return
    for row in rows:
        try:
            done = act(row)
        except DomainError as refusal:
            admin.message_user(request, f"{row}: {refusal}", messages.ERROR)
        else:
            admin.message_user(request, f"{row}: {done}", messages.SUCCESS)
