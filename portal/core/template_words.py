"""The templates' ``_`` and ``ngettext``: what Jinja's own do in three calls that each search the context, in one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from portal.core.web import catalogue


@pass_eval_context
def said(on: EvalContext, source: str, /, **values: Any) -> str:
    """Return the sentence in the page's language; its values are escaped where the template is markup."""
    return _filled(on, catalogue().ugettext(source), values)


@pass_eval_context
def said_of(on: EvalContext, one: str, many: str, count: int, /, **values: Any) -> str:
    """Return the sentence that fits ``count``, which it can name as ``%(num)s``."""
    return _filled(on, catalogue().ungettext(one, many, count), {"num": count, **values})


def _filled(on: EvalContext, sentence: str, values: dict[str, Any]) -> str:
    whole = Markup(sentence) if on.autoescape else sentence  # noqa: S704  # our own catalogues
    # A sentence is a format even without values, so that "%%" is one sign everywhere.
    return whole % values if "%" in sentence else whole


WORDS: Final[dict[str, Callable[..., str]]] = {"_": said, "gettext": said, "ngettext": said_of}
