"""Writing a message's text while seeing it on a real message, in both languages; and sending it to oneself."""

from __future__ import annotations

from flask import Response, flash, redirect
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from portal.applications.marks import marked_words
from portal.core.errors import StaleVersion
from portal.core.formats import format_moment
from portal.core.web import ctx, current_actor, render
from portal.notifications import policies
from portal.notifications.kind_words import kind_words
from portal.notifications.texts import queries as text_queries
from portal.notifications.texts.commands import save_text, try_text
from portal.notifications.texts.forms import EXAMPLE, MessageTextForm
from portal.notifications.texts.preview import Found, Shown, can_show, compose_case, show
from portal.notifications.texts.problems import needed_in, problems_with_wording
from portal.notifications.texts.queries import LANGUAGES, Case, StandingText
from portal.notifications.texts.wording import Wording
from portal.notifications.variables import IN_BLOCKS, Kind
from portal.notifications.views.blueprint import bp
from portal.notifications.views.texts import anew, load_text, named, page_of, this_app

EDIT = "/admin/message-texts/<scope>/<name>/<language>/edit"
TRIALS_AN_HOUR = "20 per hour"


@bp.form(EDIT, policy=policies.WRITE_TEXT, load=load_text)
def edit_message_text(standing: StandingText) -> Response | BaseResponse:
    """Write a new version, or only see what the message would say; two who save at once see both texts."""
    form = _form_of(standing)
    if form.validate_on_submit() and not form.is_preview:
        subject, body = form.subject.data or "", form.body.data or ""
        try:
            with form.catching_problems():
                save_text(ctx(), standing, subject, body, based_on=form.known_version)
                flash(_("The text is saved. Messages that are made from now on use it."), "success")
                return redirect(page_of(standing))
        except StaleVersion:
            return _show_both(anew(standing), form)
        standing = anew(standing)
    return _show_editor(standing, form)


@bp.action(
    "/admin/message-texts/<scope>/<name>/<language>/test",
    policy=policies.WRITE_TEXT,
    load=load_text,
    limit=TRIALS_AN_HOUR,
)
def try_message_text(standing: StandingText) -> Response:
    """Send what the editor shows to whoever asks, and to nobody else; what was typed stays in the editor."""
    form = _form_of(standing)
    is_sent = False
    if form.validate_on_submit():
        with form.catching_problems():
            try_text(ctx(), standing, _typed(standing, form), form.case.data or None)
            is_sent = True
        if not is_sent:
            standing = anew(standing)
    return _show_editor(standing, form, is_sent=is_sent)


def _form_of(standing: StandingText) -> MessageTextForm:
    form = MessageTextForm(subject=standing.wording.subject, body=standing.wording.body, based_on=standing.number)
    cases = [(each.number, _words_of(each)) for each in text_queries.list_cases(standing, _own())]
    form.offer([*cases, (EXAMPLE, _("An example, with made-up values"))])
    return form


def _words_of(case: Case) -> str:
    said = _("%(moment)s, to %(name)s", moment=format_moment(case.made_at), name=case.recipient)
    return f"{said}: {case.subject}" if case.subject else str(said)


def _own() -> list[int]:
    """Return the organisations in which the actor holds a right."""
    return [each.organisation_id for each in current_actor().mandates]


def _typed(standing: StandingText, form: MessageTextForm) -> Wording | None:
    """Return the text in the form; None where it is the shipped one, which has templates of its own."""
    subject, body = form.subject.data or "", form.body.data or ""
    is_same = (subject, body) == (standing.wording.subject, standing.wording.body)
    return None if standing.is_shipped and is_same else Wording(0, subject, body)


def _show_editor(standing: StandingText, form: MessageTextForm, *, is_sent: bool = False) -> Response:
    if not form.errors:
        subject, body = form.subject.data or "", form.body.data or ""
        form.show_problems(list(problems_with_wording(standing.notification, subject, body)))
    needed = {each.name for each in needed_in(standing.notification)}
    return render(
        "notifications/edit_message_text.html",
        standing=standing,
        named=named(standing),
        form=form,
        words=kind_words(standing.notification.name),
        variables=[(each, each.name in needed, _how(each.kind)) for each in standing.notification.variables],
        previews=[] if form.errors or form.form_errors else _previews(standing, form),
        is_example=form.case.data == EXAMPLE,
        sent_to=current_actor().person_id if is_sent else None,
    )


def _how(kind: Kind) -> str:
    if kind is Kind.LINK:
        return "link"
    return "block" if kind in IN_BLOCKS else ""


def _previews(standing: StandingText, form: MessageTextForm) -> list[Shown]:
    """Return the message in each language: what is typed in this one, what stands in the other."""
    found = _found(standing, form)
    shown = []
    for language in LANGUAGES:
        if language == standing.language:
            wording = _typed(standing, form)
        else:
            other = anew(standing, language)
            wording = None if other.is_shipped else other.wording
        said = compose_case(this_app(), standing.notification, wording, language, found)
        shown.append(show(said, language))
    return shown


def _found(standing: StandingText, form: MessageTextForm) -> Found | None:
    """Return the chosen message; the example where it was chosen, or where the message cannot be made any more."""
    if not form.case.data:
        return None
    found = text_queries.get_case(standing, form.case.data, _own())
    if can_show(this_app(), standing.notification, standing.language, found):
        return found
    form.case.data = EXAMPLE
    return None


def _show_both(standing: StandingText, form: MessageTextForm) -> Response:
    """Render both texts where somebody else saved meanwhile (409): mine to be saved or mended, theirs beside it."""
    form.based_on.data = str(standing.number)
    mine = Wording(0, form.subject.data or "", form.body.data or "")
    subjects = marked_words(mine.subject, standing.wording.subject)
    bodies = marked_words(mine.body, standing.wording.body)
    return render(
        "notifications/message_text_conflict.html",
        409,
        standing=standing,
        named=named(standing),
        form=form,
        words=kind_words(standing.notification.name),
        mine=(subjects[0] or mine.subject, bodies[0] or mine.body),
        theirs=(subjects[1] or standing.wording.subject, bodies[1] or standing.wording.body),
    )
