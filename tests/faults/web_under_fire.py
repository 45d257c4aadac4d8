"""The web server as ``make run`` starts it, that a test can kill; its socket outlives it, as a service manager's does."""

import http.client
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from portal.embedded.run import ROOT, web_server
from tests.faults.killable import Killable


class Web(Killable):
    """Gunicorn with the portal's own sizes, on a socket that stays bound while nobody answers it."""

    def __init__(self, env: Mapping[str, str], held: socket.socket, log: Path) -> None:
        super().__init__()
        self._host, self.log = f"127.0.0.1:{held.getsockname()[1]}", log
        self.base = f"http://{self._host}"
        self._program = web_server(env, held)

    def start(self) -> None:
        program = self._program
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                program.command,
                cwd=ROOT,
                env=program.env,
                pass_fds=program.pass_fds,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def wait(self) -> None:
        """Return when a page comes."""
        until = time.monotonic() + 60
        while True:
            try:
                with closing(http.client.HTTPConnection(self._host, timeout=60)) as connection:
                    connection.request("GET", "/healthz")
                    connection.getresponse()
            except OSError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.1)
            else:
                return


@contextmanager
def web(env: Mapping[str, str], log: Path) -> Iterator[Web]:
    """A web server that ends with the block, whatever happens in it."""
    with socket.create_server(("127.0.0.1", 0)) as held:
        made = Web(env, held, log)
        made.start()
        try:
            made.wait()
            yield made
        finally:
            made.end()
