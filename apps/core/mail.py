"""Mails of a development machine: one .eml file each, named by time and recipient."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, override

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends import smtp
from django.core.mail.backends.base import BaseEmailBackend

from apps.core import clock
from apps.core.ids import uuid7


class OneFilePerMail(BaseEmailBackend):
    def __init__(self, fail_silently: bool = False, **kwargs: Any) -> None:
        super().__init__(fail_silently=fail_silently)
        self.folder = Path(kwargs.get("file_path") or settings.EMAIL_FILE_PATH)

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        self.folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            stamp = clock.now().strftime("%Y%m%d-%H%M%S")
            path = self.folder / f"{stamp}-{str(uuid7())[-8:]}.eml"
            path.write_bytes(message.message().as_bytes())
        return len(email_messages)


class SentAndKept(smtp.EmailBackend):
    """For a server of test mails: what it has taken is a file too, which the demo reads."""

    @override
    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        sent = super().send_messages(email_messages)
        OneFilePerMail().send_messages(email_messages)
        return sent
