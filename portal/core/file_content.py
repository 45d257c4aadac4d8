"""What an uploaded file may be: its size, its type by content, and what it would become unpacked."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from zipfile import BadZipFile, ZipFile

import magic

from portal.core.errors import Problem
from portal.core.text import _l

LARGEST_FILE = 20 * 1024 * 1024
LARGEST_UNPACKED = 200 * 1024 * 1024  # a Word, Excel or OpenDocument file is an archive
MOST_MEMBERS = 10_000

ZIPPED = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/vnd.oasis.opendocument.spreadsheet": ".ods",
}
ALLOWED = {"application/pdf": ".pdf", "image/png": ".png", "image/jpeg": ".jpg", **ZIPPED}
ACCEPT = ",".join(ALLOWED.values())
"""What a file chooser offers first; the server judges by content."""


def media_type_of(content: bytes) -> str:
    """Return the media type by content, whatever the name says."""
    return str(magic.from_buffer(content, mime=True))


def problems_with_content(name: str, content: bytes, *, field: str = "file") -> Iterator[Problem]:
    """Yield why the file cannot be taken: empty, too large, of a type nobody needs here, or an archive that explodes."""
    if not content:
        yield Problem("file-empty", _l("%(name)s is empty. Choose another file.", name=name), field)
        return
    if len(content) > LARGEST_FILE:
        message = _l("%(name)s is larger than 20 MB. Make it smaller and try again.", name=name)
        yield Problem("file-too-large", message, field)
        return
    media_type = media_type_of(content)
    if media_type not in ALLOWED:
        message = _l("%(name)s is not a PDF, a Word, Excel or OpenDocument file, or a PNG or JPEG image.", name=name)
        yield Problem("file-type-refused", message, field)
    elif media_type in ZIPPED:
        yield from _problems_with_archive(name, content, field)


def _problems_with_archive(name: str, content: bytes, field: str) -> Iterator[Problem]:
    """The archive's own directory says what it would become: nothing is unpacked to find out."""
    try:
        with ZipFile(BytesIO(content)) as archive:
            members = archive.infolist()
    except (BadZipFile, ValueError, RuntimeError, OverflowError):  # RuntimeError: a version of zip that nobody writes
        message = _l("%(name)s is damaged: it cannot be opened. Save it anew and attach that file.", name=name)
        yield Problem("file-damaged", message, field)
        return
    if len(members) > MOST_MEMBERS or sum(each.file_size for each in members) > LARGEST_UNPACKED:
        message = _l(
            "%(name)s unpacks to far more than such a document needs, and may harm a computer. Save it as a PDF.",
            name=name,
        )
        yield Problem("file-unpacks-too-large", message, field)
