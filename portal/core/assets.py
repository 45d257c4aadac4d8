"""Static files under addresses that change with their content.

At boot the style sheets are joined into one file and the scripts copied together into one folder, each named after the
hash of its content, so that a browser may keep them for ever and a page asks for one style sheet. No build step: the
sources in `portal/static/css` and `portal/static/js` are what is edited, and a restart serves the change. What exists
under its hash is not written again, so several processes may start at once, and a read-only image starts when it was
booted once while it was built.
"""

import gzip
import hashlib
import os
import re
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

ROOMS = (
    "tokens", "bridge", "base", "layout", "header", "parts", "public", "work",
    "forms", "tables", "reviewing", "ranking", "dossier", "letters", "demo", "print",
)  # fmt: skip
STYLES = ("vendor/govuk-frontend/govuk-frontend.min.css", *(f"css/{room}.css" for room in ROOMS))
"""The style sheets in the order of their cascade."""

_RELATIVE_URL = re.compile(r"url\(\"\.\./([^\"?#]+)\"\)")
_HASHED = re.compile(r"(^|/)dist/")


@dataclass(frozen=True, slots=True)
class Assets:
    """The addresses of the static files of one running process.

    `root` is the folder of static files, `prefix` the path under which it is served.
    """

    root: Path
    prefix: str
    stylesheet: str
    scripts: str
    _versions: dict[str, str] = field(default_factory=dict)

    def url(self, path: str) -> str:
        """The address of `path`, a file under the static folder.

        `portal.css` is the joined style sheet; `js/…` lies in the hashed folder of scripts; anything else carries the
        hash of its content as a query. Raises FileNotFoundError for a file that does not exist.
        """
        if path == "portal.css":
            return self.prefix + self.stylesheet
        if path.startswith("js/"):
            if not (self.root / self.scripts / path.removeprefix("js/")).is_file():
                raise FileNotFoundError(path)
            return f"{self.prefix}{self.scripts}/{path.removeprefix('js/')}"
        if path not in self._versions:
            self._versions[path] = _digest([(self.root / path).read_bytes()])
        return f"{self.prefix}{path}?v={self._versions[path]}"


def prepare(root: Path, *, prefix: str = "/static/") -> Assets:
    """Join the style sheets and gather the scripts under `root/dist`; the addresses of the result."""
    plain = Assets(root=root, prefix=prefix, stylesheet="", scripts="")
    css = "\n".join(_styled((root / name).read_text(encoding="utf-8"), plain.url) for name in STYLES).encode()
    stylesheet = f"dist/portal-{_digest([css])}.css"
    _write_once(root / stylesheet, css)
    sources = sorted((root / "js").glob("*.js"))
    contents = [source.read_bytes() for source in sources]
    scripts = f"dist/js-{_digest(contents)}"
    for source, content in zip(sources, contents, strict=True):
        _write_once(root / scripts / source.name, content)
    return Assets(root=root, prefix=prefix, stylesheet=stylesheet, scripts=scripts)


def is_immutable(_path: str, url: str) -> bool:
    """Whether the file at `url` never changes; WhiteNoise's `immutable_file_test`."""
    return bool(_HASHED.search(url))


def _styled(css: str, url: Callable[[str], str]) -> str:
    """`css` with its relative addresses replaced by lasting ones: the joined file lies elsewhere than its sources."""
    return _RELATIVE_URL.sub(lambda match: f'url("{url(match[1])}")', css)


def _digest(contents: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for content in contents:
        digest.update(hashlib.sha256(content).digest())
    return digest.hexdigest()[:12]


def _write_once(path: Path, content: bytes) -> None:
    """Write `content` and its gzipped twin, each whole or not at all, unless they are there."""
    for target, body in ((path, content), (path.with_name(path.name + ".gz"), gzip.compress(content, mtime=0))):
        if target.exists():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=target.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(body)
        Path(name).chmod(0o644)
        Path(name).replace(target)
