"""The filters of the templates that are not in `core.web`: figures, moments and the errors of a form.

`install_filters(app.jinja_env)` makes them known; docs/PATTERNS.md shows each with an example.
"""

import re
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from flask import current_app
from flask_babel import gettext, ngettext
from jinja2 import Environment
from markupsafe import Markup
from wtforms import FieldList, Form, FormField

from portal.core import formats
from portal.core.template_words import WORDS
from portal.core.web import translate

GROUPS: Final = frozenset({"RadioField", "SelectMultipleField"})
"""Fields drawn as one control per choice; the first of them, `<id>-0`, is where an error link leads."""


def span(value: timedelta, most: int = 2) -> str:
    """`2 dagen en 4 uur`, rounded down; `most=1` gives `2 dagen`."""
    said: dict[str, Callable[[int], str]] = {
        "day": lambda count: ngettext("%(num)s day", "%(num)s days", count),
        "hour": lambda count: ngettext("%(num)s hour", "%(num)s hours", count),
        "minute": lambda count: ngettext("%(num)s minute", "%(num)s minutes", count),
    }
    return formats.format_enumeration([said[unit](count) for unit, count in formats.span_parts(value, most)])


def time_left(until: datetime, now: datetime, most: int = 2) -> str:
    """`nog 2 dagen en 4 uur` before `until`, `3 dagen geleden` after it."""
    if until >= now:
        return str(gettext("%(time)s left", time=span(until - now, most)))
    return str(gettext("%(time)s ago", time=span(now - until, most)))


def count_down(until: datetime, now: datetime) -> tuple[str, str]:
    """The time left as the large figure and the words beside it: `("38", "dagen en 21 uur")`."""
    figure, _, rest = span(max(until - now, timedelta(0))).partition(" ")
    return figure, rest


def capitalize_first(text: str) -> str:
    """The text as the beginning of a sentence; the other letters stay as they are."""
    return text[:1].upper() + text[1:]


def prose(text: str) -> Markup:
    """What somebody wrote, as paragraphs: a blank line parts them, a line end stays a line end, nothing is markup."""
    paragraphs = re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip())
    shown = (Markup("<br>").join(paragraph.split("\n")) for paragraph in paragraphs if paragraph)
    return Markup("").join(Markup("<p>{}</p>").format(paragraph) for paragraph in shown)


def along(value: Decimal | float, low: float = 0, high: float = 100) -> float:
    """Where `value` lies on a line drawn from 5 to 115 that runs from `low` to `high`; outside it, at its end."""
    held = min(max(float(value), low), high)
    return round(5 + 110 * (held - low) / ((high - low) or 1), 1)


def all_along(values: Iterable[Decimal | float], low: float = 0, high: float = 100) -> list[float]:
    """Where each of `values` lies on that line, from left to right."""
    return sorted(along(each, low, high) for each in values)


def figures(values: Iterable[Decimal | float]) -> str:
    """`82,0; 84,5; 86,0`: parted by what is no decimal mark in either language."""
    return "; ".join(formats.format_number(each, decimals=1) for each in values)


def enumeration(values: Iterable[object]) -> str:
    """`a, b en c`."""
    return formats.format_enumeration([translate(value) for value in values])


def form_errors(form: Form) -> list[tuple[str, str]]:
    """Every error of `form` and of the forms inside it, in page order: (id of the control that mends it, message).

    An error of the form itself has no control: its id is empty.
    """
    found = [("", translate(error)) for error in form.form_errors]
    for field in form:
        found.extend(_field_errors(field))
    return found


def is_group(field: Any) -> bool:
    """Whether `field` is drawn as one control per choice."""
    return field.type in GROUPS or field.type.startswith("Checkboxes")


def is_endpoint(name: str) -> bool:
    """Whether the portal, as it is installed here, has this page: the demo's and sign-in's ways differ."""
    return name in current_app.view_functions


def _field_errors(field: Any) -> list[tuple[str, str]]:
    if isinstance(field, FormField):
        return form_errors(field.form)
    if isinstance(field, FieldList):
        own = [(field.id, translate(error)) for error in field.errors if isinstance(error, str)]
        return own + [error for entry in field.entries for error in _field_errors(entry)]
    anchor = f"{field.id}-0" if is_group(field) else field.id
    label = translate(field.label.text) if getattr(field, "is_named_in_summary", False) else ""
    said = label + (" " if label.endswith("?") else ": ") if label else ""
    return [(anchor, said + translate(error)) for error in field.errors]


FILTERS: Final[dict[str, Callable[..., Any]]] = {
    "along": along,
    "all_along": all_along,
    "figures": figures,
    "day": formats.format_day,
    "clock_time": formats.format_time,
    "moment": formats.format_moment,
    "money": formats.format_money,
    "number": formats.format_number,
    "percent": formats.format_percent,
    "size": formats.format_size,
    "enterprise_number": formats.format_enterprise_number,
    "hash_groups": formats.hash_groups,
    "prose": prose,
    "enumeration": enumeration,
    "capitalize_first": capitalize_first,
    "span": span,
    "time_left": time_left,
    "count_down": count_down,
    "form_errors": form_errors,
}


def install_filters(environment: Environment) -> None:
    """Make the filters, the words, and the tests `is group` and `is endpoint`, known to the templates."""
    environment.filters.update(FILTERS)
    environment.globals.update(WORDS)
    environment.tests.update({"group": is_group, "endpoint": is_endpoint})
