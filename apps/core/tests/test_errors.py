from apps.core.errors import DomainError


class TooLate(DomainError):
    code = "too_late"
    title = "The window is closed"
    status = 422


class DomainErrorTest:
    def test_carries_its_facts(self) -> None:
        error = TooLate(days=31, order="1001")
        assert error.details == {"days": 31, "order": "1001"}
        assert str(error) == "too_late: The window is closed (days=31, order=1001)"

    def test_needs_no_facts(self) -> None:
        assert str(TooLate()) == "too_late: The window is closed"
