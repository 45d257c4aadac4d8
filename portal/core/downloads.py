"""Handing a stored file out: as an attachment, and only where it may be read."""

from __future__ import annotations

from flask import Response, current_app, send_file

from portal.core.errors import NotFound
from portal.core.files import Storage, StorageAway, StoredFile, may_be_read


def download(file: StoredFile | None) -> Response:
    """Return ``file`` under its own name; NotFound where there is none or it may not be read, StorageAway (503) where its
    storage does not answer.
    """
    if file is None or not may_be_read(file):
        raise NotFound
    storage: Storage = current_app.extensions["portal.storage"]
    try:
        content = storage.open(str(file.key))
    except FileNotFoundError:
        raise  # the row promises what is not there: a fault to be looked into, not an outage
    except OSError as fault:
        raise StorageAway(str(fault)) from fault
    return send_file(content, mimetype=file.media_type, as_attachment=True, download_name=file.name)
