"""HTML to a tagged PDF. WeasyPrint takes seconds to import and needs Pango, so only a worker loads it, when it must."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

STATIC = Path(__file__).parents[1] / "static"
STYLE = STATIC / "paper" / "paper.css"
FONTS = STATIC / "fonts"


class NoPdfLibrary(Exception):  # noqa: N818
    """WeasyPrint or one of its system libraries is missing on this machine."""


def write_pdf(html: str) -> bytes:
    """Return ``html`` as a PDF whose structure, language and title a screen reader finds (PDF/UA-1 asked for).

    The page says its language and title itself. Nothing is fetched but our own fonts: no network, no other file.
    Raises NoPdfLibrary where the machine cannot.
    """
    try:
        from weasyprint import CSS, HTML
        from weasyprint.text.fonts import FontConfiguration
    except (ImportError, OSError) as missing:
        raise NoPdfLibrary(str(missing)) from missing
    fetcher, fonts = _own_fonts_only(), FontConfiguration()
    document = HTML(string=html, base_url=STYLE.as_uri(), url_fetcher=fetcher)
    style = CSS(filename=str(STYLE), url_fetcher=fetcher, font_config=fonts)
    made: bytes = document.write_pdf(stylesheets=[style], font_config=fonts, pdf_variant="pdf/ua-1", pdf_tags=True)
    return made


def is_own_font(url: str) -> bool:
    """Return whether ``url`` is a file in our folder of fonts."""
    parts = urlsplit(url)
    return parts.scheme == "file" and Path(unquote(parts.path)).resolve().parent == FONTS.resolve()


def _own_fonts_only() -> Any:
    from weasyprint.urls import FatalURLFetchingError, URLFetcher

    class OwnFonts(URLFetcher):  # type: ignore[misc]  # weasyprint is untyped
        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            if url != STYLE.as_uri() and not is_own_font(url):
                raise FatalURLFetchingError(f"refused: {url[:200]}")
            return super().fetch(url, headers)

    return OwnFonts(allowed_protocols=["file"], allow_redirects=False)
