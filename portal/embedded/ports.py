"""Ports on the loopback address."""

import errno
import socket

from portal.embedded.errors import ServicesError

LOOPBACK = "127.0.0.1"


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def hold_port(port: int) -> socket.socket:
    """A socket bound to this port (0: any), not yet listening, for a child to inherit: nobody can take the port between.

    Raises ServicesError where the port is taken or not ours to take.
    """
    if port and _answers(port):
        raise ServicesError(f"Port {port} is taken: choose another one, for example make run PORT={port + 1}.")
    held = socket.socket()
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        held.bind((LOOPBACK, port))
    except (OSError, OverflowError) as error:
        held.close()
        if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
            raise ServicesError(
                f"Port {port} is taken: choose another one, for example make run PORT={port + 1}."
            ) from None
        raise ServicesError(f"Port {port} cannot be used: {error}.") from None
    return held


def hold_first_free_port(first: int, tries: int = 100) -> socket.socket:
    """As hold_port, at the first of ``tries`` ports from ``first`` that is free."""
    for port in range(first, first + tries):
        try:
            return hold_port(port)
        except ServicesError:
            continue
    raise ServicesError(f"The ports {first} to {first + tries - 1} are all taken: choose one with make run PORT=….")


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        try:
            return probe.connect_ex((LOOPBACK, port)) == 0
        except (OSError, OverflowError):
            return False
