"""The portal on a port of its own, for tests with a real browser."""

import threading
from contextlib import contextmanager

from werkzeug.exceptions import ServiceUnavailable
from werkzeug.serving import make_server

from portal.core.db import db
from tests.world.waiting import PATIENCE


class Answering:
    """Passes on what is asked, and can wait until all of it is answered.

    The server's ``shutdown`` only stops taking connections. A request that a closed tab left under way still has its
    connection to PostgreSQL then, and would give it back to a pool that is gone, where nobody closes it.
    """

    def __init__(self, app):
        self._app = app
        self._changed = threading.Condition()
        self._under_way = 0
        self._has_ended = False

    def __call__(self, environ, start_response):
        with self._changed:
            if self._has_ended:
                return ServiceUnavailable()(environ, start_response)
            self._under_way += 1
        try:
            return self._app(environ, start_response)
        finally:
            with self._changed:
                self._under_way -= 1
                self._changed.notify_all()

    def end(self):
        """Take no more, and wait for what is under way; AssertionError when that does not end."""
        with self._changed:
            self._has_ended = True
            assert self._changed.wait_for(lambda: self._under_way == 0, timeout=PATIENCE)


@contextmanager
def served(app):
    """The application on a port of its own, for as long as the block lasts: its address."""
    answering = Answering(app)
    server = make_server("127.0.0.1", 0, answering, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()
    answering.end()


@contextmanager
def served_alone(app):
    """The same for an application that only this block uses: afterwards its connections to PostgreSQL are closed."""
    with served(app) as address:
        yield address
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
