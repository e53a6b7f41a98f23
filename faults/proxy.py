"""A TCP proxy that a test puts between the product and a server, and then makes worse.

`with Proxy(target_port) as proxy` listens on `proxy.port` and passes everything on; its attributes
may be changed while connections live.
"""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from contextlib import suppress
from types import TracebackType
from typing import Self

PIECE = 65_536


class Proxy:
    """`latency` seconds a piece; `black_hole` swallows both ways; `half_open` only the answers;
    `byte_limit` cuts a connection after so many bytes of answers.
    """

    def __init__(self, target_port: int) -> None:
        self.target_port = target_port
        self.port = 0
        self.latency = 0.0
        self.black_hole = False
        self.half_open = False
        self.refuses = False
        self.byte_limit: int | None = None
        self.connections = 0
        self._writers: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self.port = self._call(self._listen)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._call(self._close)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    def cut(self) -> int:
        """Reset every connection that lives; new ones are welcome unless `refuses`."""
        return self._call(self._cut)

    def _call[R](self, act: Callable[[], Coroutine[None, None, R]]) -> R:
        return asyncio.run_coroutine_threadsafe(act(), self._loop).result(10)

    async def _listen(self) -> int:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def _close(self) -> None:
        self._server.close()
        await self._cut()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _cut(self) -> int:
        living = list(self._writers)
        for writer in living:
            writer.transport.abort()
        return len(living) // 2

    async def _serve(self, near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        if self.refuses:
            back.transport.abort()
            return
        self.connections += 1
        try:
            far, forth = await asyncio.open_connection("127.0.0.1", self.target_port)
        except OSError:
            back.transport.abort()
            return
        self._writers |= {back, forth}
        await asyncio.gather(self._ask(near, forth), self._answer(far, back))
        self._writers -= {back, forth}

    async def _ask(self, source: asyncio.StreamReader, to: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while piece := await source.read(PIECE):
                await self._hand_on(piece, to, swallow=self.black_hole)
        to.close()

    async def _answer(self, source: asyncio.StreamReader, to: asyncio.StreamWriter) -> None:
        passed = 0
        with suppress(OSError):
            while piece := await source.read(PIECE):
                passed += len(piece)
                if self.byte_limit is not None and passed > self.byte_limit:
                    to.transport.abort()
                    return
                await self._hand_on(piece, to, swallow=self.black_hole or self.half_open)
        to.close()

    async def _hand_on(self, piece: bytes, to: asyncio.StreamWriter, *, swallow: bool) -> None:
        await asyncio.sleep(self.latency)
        if not swallow:
            to.write(piece)
            await to.drain()
