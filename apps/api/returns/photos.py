"""Photos of goods: judged by the header, decoded by three decoders only, made anew (C-21)."""

import hashlib
import io
import secrets
import threading
from dataclasses import dataclass
from typing import IO

from django.core.files.base import ContentFile
from PIL import Image, ImageOps

from apps.api.models import Evidence
from apps.core.errors import DomainError
from apps.orders.models import Order

FORMATS = ("JPEG", "PNG", "WEBP")
LARGEST = 8 * 1024 * 1024
MOST_PIXELS = 40_000_000
LONGEST_SIDE = 2048
QUALITY = 85
# What Pillow raises on files made to break it; a truncated file is an OSError.
_BROKEN = (OSError, SyntaxError, ValueError, TypeError, EOFError, Image.DecompressionBombError)
# A decoded photo takes up to 160 MB: one at a time in each process.
_decoder = threading.BoundedSemaphore(1)


class NotAPhoto(DomainError):
    code = "not_a_photo"
    title = "Only JPEG, PNG and WebP photos are taken"
    status = 400


class PhotoTooLarge(DomainError):
    code = "photo_too_large"
    title = "A photo has at most 8 MB and 40 megapixels"
    status = 413


@dataclass(frozen=True, slots=True)
class Photo:
    """`content` is a JPEG without metadata, no side longer than 2048 pixels."""

    content: bytes
    width: int
    height: int


def redraw(file: IO[bytes], size: int) -> Photo:
    """Raises PhotoTooLarge before anything is decoded, or NotAPhoto."""
    if size > LARGEST:
        raise PhotoTooLarge
    try:
        with _decoder, Image.open(file, formats=FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:
                raise PhotoTooLarge
            return _redrawn(image)
    except _BROKEN:
        raise NotAPhoto from None


def _redrawn(image: Image.Image) -> Photo:
    # JPEG is decoded straight to about the wanted size.
    image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    upright = ImageOps.exif_transpose(image)
    ground = Image.new("RGB", upright.size, "white")
    if upright.has_transparency_data:
        upright = upright.convert("RGBA")
        ground.paste(upright, mask=upright)
    else:
        ground.paste(upright.convert("RGB"))
    out = io.BytesIO()
    ground.save(out, "JPEG", quality=QUALITY)
    return Photo(out.getvalue(), ground.width, ground.height)


def keep(order: Order, photo: Photo) -> Evidence:
    """Under a random name: nothing of what the shopper's file was called is kept."""
    evidence = Evidence(
        merchant_id=order.merchant_id,
        store_id=order.store_id,
        order=order,
        sha256=hashlib.sha256(photo.content).hexdigest(),
        size=len(photo.content),
        width=photo.width,
        height=photo.height,
    )
    name = f"evidence/{order.merchant_id}/{secrets.token_hex(16)}.jpg"
    evidence.file.save(name, ContentFile(photo.content), save=False)
    evidence.save(force_insert=True)
    return evidence
