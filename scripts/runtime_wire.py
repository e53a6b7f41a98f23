"""Just enough of two protocols to ask a server on a loopback port who it is."""

import socket
import struct

USER = DATABASE = "reveni"
ANSWER_SECONDS = 2.0


def ask_postgres(port: int, password: str, query: str) -> str | None:
    """First column of the first row ("" for none), or None when no such server lets us in."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=ANSWER_SECONDS) as connection:
            return _converse(connection, password, query)
    except (OSError, EOFError, ValueError, struct.error):
        return None


def _converse(peer: socket.socket, password: str, query: str) -> str | None:
    """Version 3 of PostgreSQL's protocol, as much as one simple query needs."""
    names = f"user\0{USER}\0database\0postgres\0\0".encode()
    peer.sendall(struct.pack("!ii", len(names) + 8, 196608) + names)
    if _rows_until_ready(peer, password) is None:
        return None
    _send(peer, b"Q", query)
    rows = _rows_until_ready(peer, password)
    peer.sendall(b"X\0\0\0\4")
    return None if rows is None else next(iter(rows), "")


def _rows_until_ready(peer: socket.socket, password: str) -> list[str] | None:
    """The first column of every row; None after an error."""
    rows: list[str] = []
    while True:
        kind, body = _message(peer)
        if kind == b"E":
            return None
        if kind == b"Z":
            return rows
        if kind == b"R" and struct.unpack_from("!i", body)[0] == 3:
            _send(peer, b"p", password)
        if kind == b"D":
            (length,) = struct.unpack_from("!i", body, 2)
            rows.append(body[6 : 6 + max(length, 0)].decode())


def _send(peer: socket.socket, kind: bytes, text: str) -> None:
    body = text.encode() + b"\0"
    peer.sendall(kind + struct.pack("!i", len(body) + 4) + body)


def _message(peer: socket.socket) -> tuple[bytes, bytes]:
    head = _exactly(peer, 5)
    (length,) = struct.unpack("!i", head[1:])
    if not 4 <= length <= 1 << 20:
        raise ValueError("not a PostgreSQL server")
    return head[:1], _exactly(peer, length - 4)


def _exactly(peer: socket.socket, size: int) -> bytes:
    got = b""
    while len(got) < size:
        piece = peer.recv(size - len(got))
        if not piece:
            raise EOFError
        got += piece
    return got


def ask_valkey(port: int, password: str, *command: str) -> list[str]:
    """The answer's words; empty when no such server lets us in."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=ANSWER_SECONDS) as connection:
            stream = connection.makefile("rwb")
            for words in (("AUTH", password), command):
                stream.write(f"*{len(words)}\r\n".encode())
                for word in words:
                    stream.write(f"${len(word.encode())}\r\n{word}\r\n".encode())
            stream.flush()
            if stream.readline(200) != b"+OK\r\n":
                return []
            head = stream.readline(200)
            if head.startswith(b"$"):
                return [stream.read(int(head[1:])).decode()]
            count = int(head[1:]) if head.startswith(b"*") else 0
            sizes_and_words = [stream.readline(65_000) for _ in range(2 * count)]
            return [word.decode().removesuffix("\r\n") for word in sizes_and_words[1::2]]
    except (OSError, ValueError):
        return []
