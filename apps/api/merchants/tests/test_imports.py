from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from kombu.exceptions import OperationalError
from pytest_django import DjangoCaptureOnCommitCallbacks

from apps.accounts.models import Store
from apps.accounts.tests.factories import StoreFactory
from apps.api.merchants.tests.seats import LOGIN_QUERIES, Dashboard, code_of, seat_at
from apps.core import clock
from apps.orders import tasks
from apps.orders.models import ImportJob, Order
from apps.orders.tests.csv_files import SAMPLE, csv_of, row
from apps.orders.tests.factories import ImportJobFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def store() -> Store:
    return StoreFactory.create()


@pytest.fixture
def desk(store: Store) -> Dashboard:
    return seat_at(store.merchant, "editor")


def upload(desk: Dashboard, content: bytes, **fields: Any) -> Any:
    body = {"file": SimpleUploadedFile("orders.csv", content), **fields}
    return desk.client.post("/v1/imports", body, format="multipart")


class UploadTest:
    def test_from_upload_to_report(
        self,
        store: Store,
        desk: Dashboard,
        django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            taken = upload(desk, SAMPLE.read_bytes(), store=store.slug)
        shown = desk.get(f"imports/{taken.json()['id']}").json()

        assert taken.status_code == 202
        assert taken["Location"] == f"/v1/imports/{shown['id']}"
        assert taken.json()["status"] == "waiting"
        assert (shown["status"], shown["rows_done"], shown["rows_total"]) == ("done", 119, 119)
        assert shown["counts"]["rows_imported"] == 104
        assert Order.objects.for_store(store).count() == 31

    @pytest.mark.parametrize(
        ("content", "details"),
        [
            (b"a;b\n", "columns"),
            (b"", "columns"),
            (b"\xff\xff", "not_utf8"),
            (b"x" * 5_000_001, "too_large"),
        ],
    )
    def test_an_unreadable_file_is_refused_at_once(
        self, content: bytes, details: str, store: Store, desk: Dashboard
    ) -> None:
        response = upload(desk, content, store=store.slug)

        assert code_of(response) == (400, "unreadable_file")
        assert response.json()["details"]["reason"] == details
        assert ImportJob.objects.count() == 0

    def test_bad_forms(self, store: Store, desk: Dashboard) -> None:
        nothing = desk.client.post("/v1/imports", {"store": store.slug}, format="multipart")
        unknown = upload(desk, csv_of(row()), store=store.slug, colour="red")
        json = desk.send("imports", {"store": store.slug, "file": "orders.csv"})

        assert code_of(nothing) == (400, "invalid_form")
        assert code_of(unknown) == (400, "invalid_form")
        assert code_of(json) == (415, "unsupported_media_type")

    def test_a_store_of_another_merchant_is_none(self, desk: Dashboard) -> None:
        foreign = StoreFactory.create()

        assert code_of(upload(desk, csv_of(row()), store=foreign.slug)) == (404, "not_found")
        assert ImportJob.objects.count() == 0

    def test_readers_may_not(self, store: Store) -> None:
        reader = seat_at(store.merchant, "reader")

        assert upload(reader, csv_of(row()), store=store.slug).status_code == 403

    def test_a_name_is_cleaned(self, store: Store, desk: Dashboard) -> None:
        file = SimpleUploadedFile("a\tb.csv", csv_of(row()))
        body = {"file": file, "store": store.slug}
        shown = desk.client.post("/v1/imports", body, format="multipart").json()

        assert shown["file_name"] == "ab.csv"


class LostHintTest:
    @pytest.fixture
    def no_broker(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(*args: Any) -> None:
            raise OperationalError

        monkeypatch.setattr(tasks.import_orders, "delay", refuse)

    def test_without_a_broker_the_job_waits(
        self,
        store: Store,
        desk: Dashboard,
        no_broker: None,
        django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            taken = upload(desk, csv_of(row()), store=store.slug)

        assert taken.status_code == 202
        assert ImportJob.objects.get().status == "waiting"

    def test_what_was_left_behind_is_taken_up_once_a_minute(self, store: Store) -> None:
        old = clock.now() - timedelta(hours=1)
        named: dict[str, Any] = {"store": store, "file__data": csv_of(row())}
        lost = ImportJobFactory.create(**named, created_at=old)
        died = ImportJobFactory.create(**named, status="running", started_at=old)
        fresh = ImportJobFactory.create(**named)
        at_work = ImportJobFactory.create(**named, status="running", started_at=clock.now())

        assert tasks.resume_imports() == 2
        assert tasks.resume_imports() is None
        for job in (lost, died, fresh, at_work):
            job.refresh_from_db()
        assert [job.status for job in (lost, died, fresh, at_work)] == [
            "done",
            "done",
            "waiting",
            "running",
        ]


class ListsTest:
    def test_jobs_newest_first_with_filters(self, store: Store, desk: Dashboard) -> None:
        other = StoreFactory.create(merchant=store.merchant)
        first = ImportJobFactory.create(store=store, status="done")
        second = ImportJobFactory.create(store=other)
        ImportJobFactory.create()

        def ids(**query: str) -> list[str]:
            return [job["id"] for job in desk.get("imports", **query).json()["data"]]

        assert ids() == [str(second.pk), str(first.pk)]
        assert ids(store=store.slug) == [str(first.pk)]
        assert ids(status="waiting") == [str(second.pk)]

    def test_issues_in_the_order_of_the_file(self, store: Store, desk: Dashboard) -> None:
        job = ImportJobFactory.create(
            store=store, file__data=csv_of(row(sku=""), row(), row("C1", quantity=-1, customer=""))
        )
        tasks.import_orders(str(job.pk))
        path = f"imports/{job.pk}/issues"
        shown = desk.get(path).json()["data"]

        assert [(issue["line_number"], issue["code"]) for issue in shown] == [
            (2, "sku_missing"),
            (4, "no_customer"),
        ]
        assert [i["line_number"] for i in desk.get(path, kind="unmatched").json()["data"]] == [4]
        page = desk.get(path, limit=1).json()
        rest = desk.get(path, limit=1, cursor=page["next_cursor"]).json()
        assert [i["line_number"] for i in (*page["data"], *rest["data"])] == [2, 4]

    def test_another_merchants_job_is_not_there(self, desk: Dashboard) -> None:
        foreign = ImportJobFactory.create()

        assert code_of(desk.get(f"imports/{foreign.pk}")) == (404, "not_found")
        assert code_of(desk.get(f"imports/{foreign.pk}/issues")) == (404, "not_found")

    @pytest.mark.parametrize("rows", [1, 5])
    def test_queries(self, rows: int, store: Store, desk: Dashboard) -> None:
        lines = [row(sku="") for _ in range(rows)]
        jobs = ImportJobFactory.create_batch(rows, store=store, file__data=csv_of(*lines))
        tasks.import_orders(str(jobs[0].pk))

        assert desk.queries("imports") == LOGIN_QUERIES + 1
        assert desk.queries(f"imports/{jobs[0].pk}") == LOGIN_QUERIES + 1
        assert desk.queries(f"imports/{jobs[0].pk}/issues") == LOGIN_QUERIES + 2
