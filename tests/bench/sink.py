"""A mail server in a process of its own that says OK, counts, and keeps nothing: the other half of the floor.

``python -m tests.bench.sink DESCRIPTOR COUNTS``: a bound socket as file descriptor, and the file that ``counts`` reads.
"""

import asyncio
import mmap
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

ROOT = Path(__file__).resolve().parents[2]
FIGURES = struct.Struct("qdd")
"""Messages taken; the monotonic second of the last one; seconds of processor that the sink has used."""


class CountingSink:
    """Counts in a file that another process reads while it runs."""

    def __init__(self, counts: mmap.mmap) -> None:
        self.counts, self.taken = counts, 0

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  # aiosmtpd's
        self.taken += 1
        FIGURES.pack_into(self.counts, 0, self.taken, time.monotonic(), time.process_time())
        return "250 OK"


class RunningSink:
    """What the measuring process knows of it."""

    def __init__(self, port: int, counts: mmap.mmap) -> None:
        self.port, self._counts = port, counts

    def taken(self) -> int:
        return int(FIGURES.unpack_from(self._counts)[0])

    def last_at(self) -> float:
        """Return the monotonic second in which the last message was taken."""
        return float(FIGURES.unpack_from(self._counts)[1])

    def cpu(self) -> float:
        return float(FIGURES.unpack_from(self._counts)[2])

    def wait_for(self, count: int, *, seconds: float) -> None:
        """Return when ``count`` messages were taken altogether."""
        until = time.monotonic() + seconds
        while self.taken() < count:
            assert time.monotonic() < until, f"{self.taken()} of {count} messages within {seconds:.0f} s"
            time.sleep(0.005)


@contextmanager
def running_sink(folder: Path) -> Iterator[RunningSink]:
    """A sink that ends with the block."""
    path = folder / "sink.counts"
    path.write_bytes(bytes(FIGURES.size))
    with socket.create_server(("127.0.0.1", 0)) as held, path.open("r+b") as file:
        number = held.fileno()
        command = [sys.executable, "-m", "tests.bench.sink", str(number), str(path)]
        child = subprocess.Popen(command, cwd=ROOT, pass_fds=(number,))
        try:
            yield RunningSink(held.getsockname()[1], mmap.mmap(file.fileno(), FIGURES.size))
        finally:
            child.terminate()
            child.wait(10)


async def serve(listening: socket.socket, counts: mmap.mmap) -> None:
    """Take mail until SIGTERM."""
    loop, over = asyncio.get_running_loop(), asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, over.set)
    sink = CountingSink(counts)
    async with await loop.create_server(lambda: SMTP(sink, enable_SMTPUTF8=True, loop=loop), sock=listening):
        await over.wait()


if __name__ == "__main__":
    with Path(sys.argv[2]).open("r+b") as shared:
        asyncio.run(serve(socket.socket(fileno=int(sys.argv[1])), mmap.mmap(shared.fileno(), FIGURES.size)))
