"""A small clamd on a real socket: it speaks INSTREAM, knows one virus, and can be told to misbehave."""

import contextlib
import socket
import struct
import threading

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
SIGNATURE = "Eicar-Test-Signature"


class SmallClamd:
    """``address`` is where it listens. ``largest`` bytes are taken; ``hangs_up`` breaks off after the first chunk."""

    def __init__(self, *, largest=25 * 1024 * 1024, hangs_up=False):
        self.largest, self.hangs_up, self.seen = largest, hangs_up, 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._listener.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_fault):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)

    def _serve(self):
        while True:
            try:
                link, _ = self._listener.accept()
            except OSError:
                return
            with link, contextlib.suppress(OSError):
                link.settimeout(5)
                self._answer(link)

    def _answer(self, link):
        assert _exactly(link, 10) == b"zINSTREAM\0"
        content = b""
        while length := struct.unpack("!L", _exactly(link, 4))[0]:
            if len(content) + length > self.largest:
                link.sendall(b"INSTREAM size limit exceeded. ERROR\0")
                return
            content += _exactly(link, length)
            if self.hangs_up:
                return
        self.seen += 1
        link.sendall(b"stream: %s\0" % (f"{SIGNATURE} FOUND".encode() if EICAR in content else b"OK"))


def _exactly(link, length):
    heard = b""
    while len(heard) < length:
        more = link.recv(length - len(heard))
        if not more:
            raise ConnectionError
        heard += more
    return heard


def nobody_listens():
    """An address of this machine where nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"127.0.0.1:{listener.getsockname()[1]}"
