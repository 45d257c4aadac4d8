"""Call documents: Markdown to HTML, then cleaned of everything but text structure."""

from __future__ import annotations

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

TAGS = {"h2", "h3", "h4", "p", "ul", "ol", "li", "strong", "em", "a", "table", "thead", "tbody", "tr", "th", "td", "blockquote", "br", "code"}  # fmt: skip
_MARKDOWN = MarkdownIt("commonmark").enable("table")


def as_html(source: str) -> Markup:
    """Return ``source`` as safe HTML; a first-level heading becomes a second-level one, since the page has its own."""
    html = _MARKDOWN.render(source).replace("<h1>", "<h2>").replace("</h1>", "</h2>")
    return Markup(nh3.clean(html, tags=TAGS, attributes={"a": {"href"}}, link_rel="noopener noreferrer"))  # noqa: S704 - cleaned above
