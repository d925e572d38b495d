"""A lean SMTP load: some connections, each sending mail after mail."""

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Lock

CONNECTIONS = 10


def send(port: int, mails: list[bytes]) -> int:
    """Send every mail; how many got their 250."""
    shared, lock = iter(mails), Lock()

    def one_connection(_number: int) -> int:
        taken = 0
        with _conversation(port) as sock:
            while True:
                with lock:
                    mail = next(shared, None)
                if mail is None:
                    return taken
                taken += _sent(sock, mail)

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        return sum(pool.map(one_connection, range(CONNECTIONS)))


@contextmanager
def _conversation(port: int) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", port), timeout=60) as sock:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        _heard(sock)
        _asked(sock, b"EHLO bench\r\n")
        yield sock
        sock.sendall(b"QUIT\r\n")


def _sent(sock: socket.socket, mail: bytes) -> bool:
    _asked(sock, b"MAIL FROM:<someone@example.org>\r\n")
    _asked(sock, b"RCPT TO:<contact@demo.example>\r\n")
    _asked(sock, b"DATA\r\n")
    stuffed = mail.replace(b"\r\n.", b"\r\n..")
    return _asked(sock, stuffed + b".\r\n").startswith(b"250")


def _asked(sock: socket.socket, line: bytes) -> bytes:
    sock.sendall(line)
    return _heard(sock)


def _heard(sock: socket.socket) -> bytes:
    """One answer, however many lines it has."""
    heard = b""
    while True:
        received = sock.recv(4096)
        if not received:
            raise ConnectionError("the mail listener hung up")
        heard += received
        last = heard.rstrip(b"\r\n").rpartition(b"\n")[2]
        if heard.endswith(b"\n") and last[3:4] != b"-":
            return heard
