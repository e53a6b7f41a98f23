import os
import socket
import stat
from pathlib import Path

import pytest

from scripts.runtime_state import (
    RuntimeRefused,
    State,
    choose_port,
    locked,
    port_is_free,
)


class StateTest:
    def test_comes_back_as_saved(self, tmp_path: Path) -> None:
        State("secret", home=None, postgres_port=5, valkey_port=6, web_port=7).save(tmp_path)
        assert State.load(tmp_path) == State("secret", None, 5, 6, 7)

    def test_one_of_before_there_was_a_shop_is_read(self, tmp_path: Path) -> None:
        State("secret", shop_port=8).save(tmp_path)
        path = tmp_path / "state.json"
        path.write_text(path.read_text().replace('"shop_port": 8', '"other": 8'))

        assert State.load(tmp_path) == State("secret")

    def test_only_its_owner_reads_it(self, tmp_path: Path) -> None:
        State("secret").save(tmp_path)
        assert stat.S_IMODE((tmp_path / "state.json").stat().st_mode) == 0o600

    def test_a_new_one_has_a_password_of_its_own(self, tmp_path: Path) -> None:
        first, second = State.load(tmp_path), State.load(tmp_path)
        assert first.password != second.password
        assert len(first.password) >= 24

    @pytest.mark.parametrize("text", ["", "{", "[]", '{"password": "x"}'])
    def test_a_broken_file_is_refused_with_what_to_do(self, tmp_path: Path, text: str) -> None:
        (tmp_path / "state.json").write_text(text)
        with pytest.raises(RuntimeRefused, match=r"remove .* and start again"):
            State.load(tmp_path)


class LockTest:
    def test_names_the_command_that_holds_it(self, tmp_path: Path) -> None:
        with (
            locked(tmp_path),
            pytest.raises(RuntimeRefused, match=rf"pid {os.getpid()}\) has held"),
            locked(tmp_path, seconds=0.15),
        ):
            pass

    def test_is_free_again_after_an_error(self, tmp_path: Path) -> None:
        with pytest.raises(KeyError), locked(tmp_path):
            raise KeyError
        with locked(tmp_path, seconds=0):
            assert (tmp_path / "lock").read_text() == str(os.getpid())


class PortTest:
    def test_the_preferred_one_is_taken_when_free(self) -> None:
        free = choose_port()
        assert choose_port(0, free) == free

    def test_a_held_one_is_passed_over(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as holder:
            held = holder.getsockname()[1]
            assert not port_is_free(held)
            assert choose_port(held) != held
