"""Photos: the only upload of this host, and the signed way to look at one."""

from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.common import photo_links
from apps.api.common.operations import operation
from apps.api.models import Evidence
from apps.api.returns import limits, photos
from apps.api.returns.base import PortalView, StoreView
from apps.api.returns.forms.evidence import SignedPhotoQuery, UploadForm
from apps.api.returns.limits import TooManyTries
from apps.api.returns.links import Links
from apps.api.returns.photos import NotAPhoto, PhotoTooLarge
from apps.api.returns.serializers import EvidenceSerializer
from apps.core import clock
from apps.core.errors import DomainError


class LinkExpired(DomainError):
    code = "link_expired"
    title = "The link is wrong or too old; ask for a new one"
    status = 403


class EvidenceView(PortalView):
    parser_classes = [MultiPartParser]

    @operation(
        "Upload a photo",
        form=UploadForm,
        shows={201: EvidenceSerializer},
        refusals=[NotAPhoto, PhotoTooLarge, TooManyTries],
    )
    def post(self, request: Request, slug: str) -> Response:
        """JPEG, PNG or WebP, at most 8 MB and 40 megapixels. It is made anew without metadata; its
        `id` goes into `images` of a quote."""
        file = self.judge(UploadForm).photo
        limits.spend(limits.photos(self.order.pk))
        photo = photos.redraw(file, file.size or 0)
        evidence = photos.keep(self.order, photo)
        shown = {
            "id": evidence.pk,
            "url": Links(request, self.store, clock.now()).photo(evidence.pk),
            "width": evidence.width,
            "height": evidence.height,
            "size": evidence.size,
        }
        return self.show(shown, status=201)


class PhotoView(StoreView):
    @operation(
        "See a photo",
        query=SignedPhotoQuery,
        shows={(200, "image/jpeg"): OpenApiTypes.BINARY},
        refusals=[LinkExpired],
    )
    def get(self, request: Request, slug: str, id: UUID) -> HttpResponse:
        signed = self.judge_query(SignedPhotoQuery)
        store = self.store
        if not photo_links.is_valid(store.pk, id, signed.expires, signed.signature, clock.now()):
            raise LinkExpired
        evidence = self.find(Evidence.objects.for_store(store), pk=id)
        with evidence.file.open() as file:
            return HttpResponse(
                file.read(),
                content_type="image/jpeg",
                headers={
                    "Content-Disposition": "attachment; filename=photo.jpg",
                    "Content-Security-Policy": "sandbox; default-src 'none'",
                },
            )
