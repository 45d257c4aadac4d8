"""The texts of messages: which stand, their versions, and putting an earlier one back."""

from __future__ import annotations

from flask import Flask, Response, current_app, flash, redirect, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response as BaseResponse

from portal.applications.marks import marked_change
from portal.calls.queries import list_programmes
from portal.core.errors import StaleVersion
from portal.core.forms import ActionForm
from portal.core.web import ctx, render
from portal.notifications import policies
from portal.notifications.categories import CATEGORIES
from portal.notifications.kind_words import kind_words
from portal.notifications.texts import queries as text_queries
from portal.notifications.texts.commands import restore_text
from portal.notifications.texts.queries import LANGUAGES, StandingText
from portal.notifications.texts.wording import Wording
from portal.notifications.views.blueprint import bp


def this_app() -> Flask:
    """Return the application that answers this request."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - Flask offers no other way
    return app


def load_text(scope: str, name: str, language: str, *, lock: bool = False, **_version: int) -> StandingText:
    """Return the text that stands for a notification in a language, in a programme or the whole portal."""
    return text_queries.get_standing(this_app(), scope, name, language, lock=lock)


def named(standing: StandingText) -> dict[str, str]:
    """Return what names a text in an address."""
    return {"scope": standing.scope, "name": standing.notification.name, "language": standing.language}


def page_of(standing: StandingText) -> str:
    """Return the address of a text's page."""
    name = standing.notification.name
    return url_for(".message_text", scope=standing.scope, name=name, language=standing.language)


def anew(standing: StandingText, language: str = "") -> StandingText:
    """Return the same text as it stands now, or the one in another language."""
    return load_text(standing.scope, standing.notification.name, language or standing.language)


@bp.page("/admin/message-texts", policy=policies.LIST_TEXTS)
def message_texts() -> Response:
    """Show whose texts there are: each programme's, and those of the whole portal."""
    edited = text_queries.count_edited()
    scopes = [(each.code, each.definition.name, each) for each in list_programmes()]
    rows = [
        (code, words, len(text_queries.editable(programme)), edited.get(programme.id if programme else None, 0))
        for code, words, programme in [*scopes, (text_queries.WHOLE_PORTAL, _("The whole portal"), None)]
    ]
    return render("notifications/message_texts.html", rows=rows)


@bp.page("/admin/message-texts/<scope>", policy=policies.LIST_TEXTS)
def scope_texts(scope: str) -> Response:
    """Show each message of a programme, or of the whole portal, and which of its texts differ from the shipped ones."""
    programme = text_queries.find_scope(scope)
    groups = {
        category: [each for each in text_queries.editable(programme) if each.category is category]
        for category in CATEGORIES
    }
    return render(
        "notifications/scope_texts.html",
        scope=scope,
        programme=programme,
        groups={CATEGORIES[category].name: kinds for category, kinds in groups.items() if kinds},
        edited=text_queries.list_edited(programme),
        languages=LANGUAGES,
        kind_words=kind_words,
    )


@bp.page("/admin/message-texts/<scope>/<name>/<language>", policy=policies.READ_TEXT, load=load_text)
def message_text(standing: StandingText) -> Response:
    """Show the text that stands and its versions."""
    return render(
        "notifications/message_text.html",
        standing=standing,
        named=named(standing),
        words=kind_words(standing.notification.name),
        versions=text_queries.list_versions(standing),
    )


@bp.page(
    "/admin/message-texts/<scope>/<name>/<language>/versions/<int:number>", policy=policies.READ_TEXT, load=load_text
)
def message_text_version(standing: StandingText) -> Response:
    """Show a version, what it changed against the one before, and what putting it back would change."""
    number = _number()
    wording, row = text_queries.get_version(this_app(), standing, number)
    before = text_queries.get_version(this_app(), standing, number - 1)[0] if number else None
    return render(
        "notifications/message_text_version.html",
        standing=standing,
        named=named(standing),
        words=kind_words(standing.notification.name),
        number=number,
        row=row,
        wording=wording,
        changed=change_between(before, wording) if before else None,
    )


@bp.form(
    "/admin/message-texts/<scope>/<name>/<language>/versions/<int:number>/restore",
    policy=policies.WRITE_TEXT,
    load=load_text,
)
def restore_message_text(standing: StandingText) -> Response | BaseResponse:
    """Let an earlier version stand again, as a new one, after a page that shows what it changes."""
    number, form = _number(), ActionForm()
    wording, row = text_queries.get_version(this_app(), standing, number)
    is_stale = False
    if form.validate_on_submit():
        based_on = request.form.get("based_on", -1, type=int)
        try:
            with form.catching_problems():
                restore_text(ctx(), this_app(), standing, number, based_on=based_on)
                flash(_("The text is saved. Messages that are made from now on use it."), "success")
                return redirect(page_of(standing))
        except StaleVersion:
            is_stale = True
        standing = anew(standing)
    return render(
        "notifications/restore_message_text.html",
        409 if is_stale else None,
        standing=standing,
        named=named(standing),
        words=kind_words(standing.notification.name),
        number=number,
        is_shipped=row is None or row.subject is None,
        changed=change_between(standing.wording, wording),
        form=form,
        is_stale=is_stale,
    )


def change_between(before: Wording, after: Wording) -> tuple[Markup | str, Markup | str]:
    """Return subject and text of ``after`` in which what went and came is marked; as it is where it is too long."""
    return (
        marked_change(before.subject, after.subject) or after.subject,
        marked_change(before.body, after.body) or after.body,
    )


def _number() -> int:
    return int((request.view_args or {})["number"])
