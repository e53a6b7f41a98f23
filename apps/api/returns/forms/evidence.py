from dataclasses import dataclass

from django.core.files.uploadedfile import UploadedFile
from rest_framework import serializers

from apps.api.common.forms import Form, QueryForm


@dataclass(frozen=True, slots=True)
class Upload:
    photo: "UploadedFile[bytes]"


@dataclass(frozen=True, slots=True)
class SignedPhoto:
    expires: int
    signature: str


class UploadForm(Form[Upload]):
    """Multipart, one part `photo`; its name and type are not believed."""

    into = Upload
    photo = serializers.FileField()


class SignedPhotoQuery(QueryForm[SignedPhoto]):
    into = SignedPhoto
    expires = serializers.IntegerField(min_value=0, max_value=2**40)
    signature = serializers.RegexField(r"^[0-9a-f]{64}$", max_length=64)
