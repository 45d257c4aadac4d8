"""Writing together: saving while one goes on typing, who else is here, and what they saved. Answered as JSON."""

from __future__ import annotations

from flask import Response, jsonify, make_response, request, url_for
from flask_babel import gettext as _

from portal.applications import policies, queries
from portal.applications.commands.save_section import autosave_typed
from portal.applications.models import Section
from portal.applications.views.blueprint import bp
from portal.applications.views.conflict import Changer, changers_of, typed_on
from portal.applications.views.inside import is_written_now
from portal.applications.views.present import presence, presence_words, room_of
from portal.applications.views.section_page import SectionPage
from portal.calls.questions.section_form import SectionForm
from portal.core.errors import IllegalTransition, RuleViolation
from portal.core.filters import form_errors
from portal.core.formats import format_time
from portal.core.web import ctx, current_actor, translate


@bp.action(
    "/applications/<ref>/sections/<code>/autosave", policy=policies.EDIT_SECTION, load=queries.get_section_to_write
)
def autosave(section: Section) -> Response:
    """Keep what can be kept of what was typed, and say of the rest what is wrong, question by question."""
    application = section.application
    page = SectionPage.of(application, section.code)
    form = page.form()
    form.validate()
    form.leave_out({each.key for each in page.section.questions} - page.asked(form.answers()))
    form.refuse_unknown(list(request.form))
    if form.version.errors or form.form_errors:
        return _refused([*form.version.errors, *form.form_errors])
    is_open = is_written_now(application, section.code)
    typed = typed_on(form, form.answers() if is_open else form.kept())
    try:
        section, conflicts = autosave_typed(ctx(), application, section.code, typed)
    except (IllegalTransition, RuleViolation) as refusal:
        if is_open and isinstance(refusal, RuleViolation):
            return _refused([translate(each.message) for each in refusal.problems])
        return _closed(page.ref)
    changers = changers_of(page, typed, [each.key for each in conflicts])
    return jsonify(
        version=section.version,
        words=_("Saved at %(time)s", time=format_time(ctx().now)),
        problems=_problems(form),
        conflicts={key: {"words": _changed_by(each), "mine": each.is_me} for key, each in changers.items()},
    )


def _changed_by(changer: Changer) -> str:
    if changer.is_me:
        return str(_("You changed this in another window too."))
    return str(_("%(who)s changed this answer too.", who=changer.name))


def _problems(form: SectionForm) -> dict[str, list[tuple[str, str]]]:
    """Return what is wrong by question: the id of the control that mends it, and the words."""
    found: dict[str, list[tuple[str, str]]] = {}
    for anchor, words in form_errors(form):
        found.setdefault(anchor.partition("-")[0], []).append((anchor, words))
    return found


def _refused(sentences: list[str]) -> Response:
    return make_response(jsonify(words=" ".join(sentences)), 422)


def _closed(ref: str) -> Response:
    """Say that nothing can be written any more; what was typed is kept for its author."""
    words = _("This application cannot be changed any more. Your text was kept, but is not in the application.")
    return make_response(jsonify(words=words, kept=url_for(".kept_texts", ref=ref)), 409)


@bp.page("/applications/<ref>/sections/<code>/here", policy=policies.EDIT_SECTION, load=queries.get_section_to_meet)
def here(section: Section) -> Response:
    """Say who else writes in this application now, and which version of the section stands."""
    actor = current_actor()
    others = presence().enter(room_of(section.application), actor.person_id or 0, actor.name, section.code)
    return jsonify(version=section.version, words=presence_words(others, section.code))
