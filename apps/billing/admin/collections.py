from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from apps.billing import services
from apps.billing.models import DirectDebit, DirectDebitFile
from apps.core import clock
from apps.core.admin import ReadOnlyAdmin, ReadOnlyInline
from apps.users.acting import WithWords, for_each, words_of


class DebitInline(ReadOnlyInline[DirectDebit, DirectDebitFile]):
    model = DirectDebit
    verbose_name_plural = "Direct debits"
    related = ("invoice",)
    fields = ("invoice", "amount", "status", "failure_code", "end_to_end_id")


@admin.register(DirectDebitFile)
class DirectDebitFileAdmin(ReadOnlyAdmin[DirectDebitFile]):
    list_display = ("created_at", "collect_on", "debits_count", "total", "made_by")
    list_select_related = ("made_by",)
    search_fields = ("=message_id",)
    exclude = ("file",)
    inlines = (DebitInline,)
    actions = ("download",)

    def has_bill_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("billing.change_invoice"))

    @admin.action(description="Download the file for the bank", permissions=["bill"])
    def download(
        self, request: HttpRequest, queryset: QuerySet[DirectDebitFile]
    ) -> HttpResponse | None:
        if queryset.count() != 1:
            self.message_user(request, "Choose one file", messages.ERROR)
            return None
        file = queryset.get()
        headers = {"Content-Disposition": f'attachment; filename="{file.message_id}.xml"'}
        xml = services.file_of(file)
        return HttpResponse(xml, content_type="application/xml", headers=headers)


@admin.register(DirectDebit)
class DirectDebitAdmin(ReadOnlyAdmin[DirectDebit]):
    action_form = WithWords
    list_display = ("end_to_end_id", "invoice", "merchant", "amount", "status", "failure_code")
    list_filter = ("status",)
    list_select_related = ("merchant", "invoice")
    search_fields = ("=end_to_end_id", "invoice__code", "merchant__name")
    actions = ("collected", "refused")

    def has_bill_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("billing.change_invoice"))

    @admin.action(description="The bank has collected them", permissions=["bill"])
    def collected(self, request: HttpRequest, queryset: QuerySet[DirectDebit]) -> None:
        def confirm(debit: DirectDebit) -> str:
            services.confirm_debit(debit, clock.now())
            return "collected"

        for_each(self, request, queryset, confirm)

    @admin.action(description="Refused or returned (the bank's code)", permissions=["bill"])
    def refused(self, request: HttpRequest, queryset: QuerySet[DirectDebit]) -> None:
        code = words_of(request)[:60]

        def refuse(debit: DirectDebit) -> str:
            services.refuse_debit(debit, code, clock.now())
            return str(debit.status)

        for_each(self, request, queryset, refuse, needs_words="the bank's code")
