"""F-28 in small: only clean photos are kept, and seen by a signed link only."""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from rest_framework.test import APIClient

from apps.accounts.tests.factories import StoreFactory
from apps.api.common import limiter
from apps.api.models import Evidence
from apps.api.returns import limits, photos
from apps.api.returns.tests.conftest import path_of
from apps.api.tests.factories import EvidenceFactory, PortalSessionFactory
from apps.core import clock

pytestmark = pytest.mark.django_db


def picture(
    kind: str = "JPEG", size: tuple[int, int] = (40, 30), mode: str = "RGB", **options: Any
) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, 0).save(out, kind, **options)
    return out.getvalue()


def noise() -> bytes:
    out = io.BytesIO()
    Image.effect_noise((400, 400), 50).save(out, "PNG")
    return out.getvalue()


def located() -> bytes:
    """A photo that stands on its side and says where it was taken."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "Calle Mayor 1"
    return picture(exif=exif)


def upload(client: APIClient, session: Any, content: bytes, name: str = "photo.jpg") -> Any:
    body = {"photo": SimpleUploadedFile(name, content, "image/jpeg")}
    return client.post(path_of(session, "evidence"), body, format="multipart")


class UploadTest:
    def test_a_photo_is_made_anew_and_seen_by_its_link(
        self, shopper: APIClient, visitor: APIClient
    ) -> None:
        session = PortalSessionFactory.create()
        response = upload(shopper, session, located(), "../../etc/passwd.php")
        evidence = Evidence.objects.get()
        seen = visitor.get(response.json()["url"])
        stored = Image.open(io.BytesIO(seen.content))

        assert response.status_code == 201
        assert response.json()["id"] == str(evidence.pk)
        # Turned upright by what the metadata said, which is gone.
        assert (response.json()["width"], response.json()["height"]) == (30, 40)
        assert (stored.format, stored.size, dict(stored.getexif())) == ("JPEG", (30, 40), {})
        assert b"Calle Mayor" not in seen.content
        assert evidence.order_id == session.order_id
        assert evidence.size == len(seen.content)
        assert str(evidence.file).startswith(f"evidence/{session.merchant_id}/")
        assert "passwd" not in str(evidence.file)
        assert str(evidence) == f"photo {evidence.pk}"
        assert seen["Content-Type"] == "image/jpeg"
        assert seen["Content-Disposition"] == "attachment; filename=photo.jpg"
        assert seen["Content-Security-Policy"] == "sandbox; default-src 'none'"

    @pytest.mark.parametrize(
        "content",
        [
            picture("PNG", mode="RGBA"),
            picture("PNG", mode="P"),
            picture("PNG", mode="1"),
            picture("PNG", mode="I;16"),
            picture("WEBP", mode="RGBA"),
            picture("JPEG", mode="CMYK"),
            picture("JPEG", mode="L"),
            picture("JPEG") + b"<?php evil() ?><script>alert(1)</script>",
            picture("WEBP", save_all=True, append_images=[Image.new("RGB", (40, 30), 9)]),
        ],
    )
    def test_every_clean_kind_becomes_a_jpeg(self, content: bytes, shopper: APIClient) -> None:
        response = upload(shopper, PortalSessionFactory.create(), content)
        kept = Evidence.objects.get().file.read()

        assert response.status_code == 201
        assert Image.open(io.BytesIO(kept)).format == "JPEG"
        assert b"script" not in kept

    def test_large_photos_are_made_smaller(self, shopper: APIClient) -> None:
        shown = upload(shopper, PortalSessionFactory.create(), picture(size=(5_000, 2_500))).json()

        assert (shown["width"], shown["height"]) == (2_048, 1_024)

    @pytest.mark.parametrize(
        ("content", "code", "status"),
        [
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not_a_photo", 400),
            (b"GIF89a<script>", "not_a_photo", 400),
            (picture("GIF"), "not_a_photo", 400),
            (picture("TIFF"), "not_a_photo", 400),
            (picture("BMP"), "not_a_photo", 400),
            (picture("JPEG", (400, 400))[:300], "not_a_photo", 400),
            (noise()[:20_000], "not_a_photo", 400),
            (picture("PNG")[:20] + b"\xff" * 40, "not_a_photo", 400),
            (b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, "not_a_photo", 400),
            (b"RIFF\xff\xff\xff\xffWEBPVP8 ", "not_a_photo", 400),
            (b"%PDF-1.7", "not_a_photo", 400),
            (picture("PNG", (8_000, 5_001), "1"), "photo_too_large", 413),
            (b"\xff\xd8\xff" + b"\x00" * (8 * 1024 * 1024), "photo_too_large", 413),
            (b"", "invalid_form", 400),
        ],
    )
    def test_everything_else_is_refused(
        self, content: bytes, code: str, status: int, shopper: APIClient
    ) -> None:
        response = upload(shopper, PortalSessionFactory.create(), content)

        assert (response.status_code, response.json()["code"]) == (status, code)
        assert not Evidence.objects.exists()

    def test_a_bomb_is_refused_by_its_header(self, shopper: APIClient) -> None:
        # 30,000 x 30,000 in a file of a few hundred bytes: more than Pillow itself would open.
        header = bytearray(picture("PNG", (8, 8), "1"))
        header[16:24] = (30_000).to_bytes(4) + (30_000).to_bytes(4)
        response = upload(shopper, PortalSessionFactory.create(), bytes(header))

        assert response.status_code in (400, 413)

    def test_only_multipart_with_one_photo(self, shopper: APIClient, visitor: APIClient) -> None:
        session = PortalSessionFactory.create()
        address = path_of(session, "evidence")
        extra = {"photo": SimpleUploadedFile("p.jpg", picture()), "order": "other"}

        assert shopper.post(address, {"photo": "x"}).status_code == 415
        assert shopper.post(address, {"photo": "x"}, format="multipart").status_code == 400
        assert shopper.post(address, {}, format="multipart").status_code == 400
        assert shopper.post(address, extra, format="multipart").status_code == 400
        assert upload(visitor, session, picture()).status_code == 401

    def test_sixty_a_day(self, shopper: APIClient) -> None:
        session = PortalSessionFactory.create()
        for _ in range(60):
            limiter.hit(limits.photos(session.order_id), guarded=True)
        response = upload(shopper, session, picture())

        assert response.status_code == 429
        assert response.json()["code"] == "too_many_tries"


class LinkTest:
    @pytest.fixture
    def link(self, shopper: APIClient) -> str:
        session = PortalSessionFactory.create()
        url: str = upload(shopper, session, picture()).json()["url"]
        return url

    def test_lives_ten_minutes(self, link: str, visitor: APIClient) -> None:
        with clock.moved(timedelta(minutes=9)):
            assert visitor.get(link).status_code == 200
        with clock.moved(timedelta(minutes=11)):
            late = visitor.get(link)

        assert late.status_code == 403
        assert late.json()["code"] == "link_expired"

    def test_is_bound_to_its_photo_store_and_time(self, link: str, visitor: APIClient) -> None:
        evidence = Evidence.objects.get()
        other = EvidenceFactory.create(order=PortalSessionFactory.create(token_hash="0").order)
        slug = StoreFactory.create().slug
        forged = [
            link.replace(str(evidence.pk), str(other.pk)),
            link.replace(evidence.store.slug, slug),
            link.replace("expires=", "expires=9"),
            link[:-1] + ("0" if link[-1] != "0" else "1"),
        ]

        assert [visitor.get(each).status_code for each in forged] == [403] * 4
        assert visitor.get(link.partition("?")[0]).status_code == 400

    def test_a_photo_that_is_gone_is_a_404(self, link: str, visitor: APIClient) -> None:
        Evidence.objects.all().delete()

        assert visitor.get(link).status_code == 404


class RedrawTest:
    def test_declared_size_is_judged_first(self) -> None:
        with pytest.raises(photos.PhotoTooLarge):
            photos.redraw(io.BytesIO(picture()), photos.LARGEST + 1)
