import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.core.ids import uuid7
from apps.core.status import IllegalTransition
from apps.core.tests.samples import Parcel, Shelf, ShelvedParcel, VerbFailed, create_tables


@pytest.fixture
def parcel(db: None) -> Parcel:
    create_tables(Shelf, Parcel)
    row = Parcel(merchant=uuid7(), label="new")
    row.save()
    return row


@pytest.fixture
def shelved(parcel: Parcel) -> ShelvedParcel:
    shelf = Shelf(merchant=parcel.merchant)
    shelf.save()
    row = ShelvedParcel(merchant=parcel.merchant, shelf=shelf)
    row.save()
    return row


def stored(row: Parcel) -> Parcel:
    return Parcel._base_manager.get(pk=row.pk)


def statements(context: CaptureQueriesContext, start: str) -> list[str]:
    return [query["sql"] for query in context if query["sql"].startswith(start)]


class VerbTest:
    def test_saves_what_it_changed_and_gives_back_what_it_says(self, parcel: Parcel) -> None:
        assert parcel.rename("fragile") == "now fragile"
        assert stored(parcel).label == "fragile"

    def test_locks_the_row_without_blocking_those_that_refer_to_it(self, parcel: Parcel) -> None:
        with CaptureQueriesContext(connection) as queries:
            parcel.rename("fragile")
        (read,) = statements(queries, "SELECT")
        assert read.endswith('FOR NO KEY UPDATE OF "core_parcel" SKIP LOCKED')

    def test_reads_again_what_somebody_else_wrote(self, parcel: Parcel) -> None:
        Parcel._base_manager.filter(pk=parcel.pk).update(label="theirs")
        assert parcel.look() == "theirs"

    def test_saves_only_the_columns_that_changed(self, parcel: Parcel) -> None:
        before = stored(parcel).updated_at
        with CaptureQueriesContext(connection) as queries:
            parcel.rename("fragile")
        (update,) = statements(queries, "UPDATE")
        changed = update.partition(" SET ")[2].partition(" WHERE ")[0]
        assert {part.split('"')[1] for part in changed.split(", ")} == {"label", "updated_at"}
        assert stored(parcel).updated_at > before

    def test_writes_nothing_when_nothing_changed(self, parcel: Parcel) -> None:
        with CaptureQueriesContext(connection) as queries:
            parcel.look()
        assert statements(queries, "UPDATE") == []

    def test_a_verb_inside_a_verb_shares_the_lock_and_the_save(self, parcel: Parcel) -> None:
        with CaptureQueriesContext(connection) as queries:
            parcel.send("fragile")
        assert len(statements(queries, "SELECT")) == 1
        assert len(statements(queries, "UPDATE")) == 1
        assert (stored(parcel).status, stored(parcel).label) == ("sent", "fragile")

    def test_a_failure_leaves_the_database_as_it_was(self, parcel: Parcel) -> None:
        with pytest.raises(VerbFailed):
            parcel.fail()
        assert stored(parcel).label == "new"

    def test_works_again_after_a_failure(self, parcel: Parcel) -> None:
        with pytest.raises(VerbFailed):
            parcel.fail()
        parcel.rename("whole")
        assert stored(parcel).label == "whole"

    def test_a_row_that_is_gone_cannot_act(self, parcel: Parcel) -> None:
        Parcel._base_manager.filter(pk=parcel.pk).delete()
        with pytest.raises(Parcel.DoesNotExist):
            parcel.rename("ghost")

    def test_locks_the_rows_that_come_before_it_first(self, shelved: ShelvedParcel) -> None:
        with CaptureQueriesContext(connection) as queries:
            shelved.rename("up there")
        locks = [
            sql.removesuffix(" SKIP LOCKED").rpartition(" ")[2]
            for sql in statements(queries, "SELECT")
            if "FOR NO KEY" in sql
        ]
        assert locks == ['"core_shelf"', '"core_parcel"']

    def test_keeps_the_row_that_was_locked_before_it(self, shelved: ShelvedParcel) -> None:
        shelf = shelved.shelf
        shelved.rename("up there")
        with CaptureQueriesContext(connection) as queries:
            assert shelved.shelf is shelf
        assert len(queries) == 0

    def test_forgets_that_row_when_it_points_elsewhere_by_now(self, shelved: ShelvedParcel) -> None:
        other = Shelf(merchant=shelved.merchant)
        other.save()
        assert shelved.shelf is not None
        ShelvedParcel._base_manager.filter(pk=shelved.pk).update(shelf=other)
        shelved.rename("over there")
        assert shelved.shelf == other

    def test_forgets_that_row_while_a_verb_is_at_work_on_it(self, shelved: ShelvedParcel) -> None:
        shelf = shelved.shelf
        assert shelf is not None
        shelf.__dict__["_acting"] = True
        shelved.rename("up there")
        assert shelved.shelf == shelf
        assert shelved.shelf is not shelf


class WithStatusTest:
    def test_moves_along_the_table(self, parcel: Parcel) -> None:
        assert parcel.can_become("sent")
        parcel.become("sent")
        assert parcel.status == "sent"
        assert not parcel.is_final

    @pytest.mark.parametrize(
        ("current", "wanted"), [("sent", "open"), ("lost", "sent"), ("open", "open")]
    )
    def test_refuses_what_the_table_does_not_list(self, current: str, wanted: str) -> None:
        row = Parcel(merchant=uuid7(), status=current)
        with pytest.raises(IllegalTransition) as caught:
            row.become(wanted)
        assert row.status == current
        assert caught.value.details == {"subject": "parcel", "current": current, "wanted": wanted}
        assert caught.value.status == 409

    def test_a_status_without_moves_is_final(self) -> None:
        assert Parcel(merchant=uuid7(), status="lost").is_final
