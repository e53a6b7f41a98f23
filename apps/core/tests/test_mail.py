import email
import smtplib
from pathlib import Path
from unittest.mock import Mock

import pytest
import time_machine
from django.core.mail import EmailMessage
from pytest_django import Settings

from apps.core.mail import OneFilePerMail, SentAndKept


def message(subject: str) -> EmailMessage:
    return EmailMessage(subject, "Hello", "shop@reveni.example", ["ana@example.com"])


class OneFilePerMailTest:
    @time_machine.travel("2026-03-01T10:00:00+00:00", tick=False)
    def test_writes_one_readable_file_a_mail(self, tmp_path: Path) -> None:
        folder = tmp_path / "new" / "mails"
        backend = OneFilePerMail(file_path=folder)
        assert backend.send_messages([message("One"), message("Two")]) == 2
        files = sorted(folder.glob("20260301-100000-*.eml"))
        assert len(files) == 2
        mails = [email.message_from_bytes(file.read_bytes()) for file in files]
        assert {mail["Subject"] for mail in mails} == {"One", "Two"}
        assert mails[0]["To"] == "ana@example.com"

    def test_takes_the_folder_of_the_settings(self, tmp_path: Path, settings: Settings) -> None:
        settings.EMAIL_FILE_PATH = tmp_path
        OneFilePerMail().send_messages([message("One")])
        assert len(list(tmp_path.iterdir())) == 1


class SentAndKeptTest:
    def test_only_what_the_server_took_is_a_file(
        self, tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        settings.EMAIL_FILE_PATH = tmp_path
        server = Mock(spec=smtplib.SMTP)
        monkeypatch.setattr(SentAndKept, "connection_class", lambda *args, **kwargs: server)

        assert SentAndKept().send_messages([message("One")]) == 1
        server.sendmail.side_effect = smtplib.SMTPServerDisconnected
        with pytest.raises(smtplib.SMTPServerDisconnected):
            SentAndKept().send_messages([message("Two")])

        (file,) = tmp_path.iterdir()
        assert email.message_from_bytes(file.read_bytes())["Subject"] == "One"
        assert server.sendmail.call_args_list[0].args[:2] == (
            "shop@reveni.example", ["ana@example.com"],
        )  # fmt: skip
