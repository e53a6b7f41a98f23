import os
from pathlib import Path

import pytest

from benchmarks.place import NUMBERS, Place


class PlaceTest:
    def test_databases_share_no_valkey_number_and_leave_theirs_to_the_next(
        self, tmp_path: Path
    ) -> None:
        place = Place("postgresql://127.0.0.1/none", os.environ["CACHE_URL"], tmp_path)
        taken = [place.number_of(f"shop_{number}") for number in range(5)]
        with pytest.raises(RuntimeError, match="no Valkey numbers"):
            place.number_of("one too many")
        place.release("shop_1")

        assert taken == [NUMBERS[0] + 3 * number for number in range(5)]
        assert place.number_of("another") == taken[1]
        assert place.number_of("shop_2") == taken[2]
