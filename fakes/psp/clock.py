import threading
import time


class Clock:
    """Seconds since 1970, moved by `offset`: 25 hours later is one call away."""

    def __init__(self) -> None:
        self.offset = 0.0
        self._last = 0
        self._lock = threading.Lock()

    def now(self) -> float:
        return time.time() + self.offset

    def seconds(self) -> int:
        return int(self.now())

    def number(self) -> int:
        """Rises with every call, also over a restart: the order of ids is the order of making."""
        with self._lock:
            self._last = max(self._last + 1, time.time_ns() // 1000)
            return self._last
