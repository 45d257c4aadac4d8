"""Conflicts of interest of a round: the list, judging a candidate, waiving what binds organisations, and advice."""

from __future__ import annotations

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from portal.applications.models import Application
from portal.applications.queries import get_application
from portal.calls.models import Round
from portal.calls.queries import get_round, terms_of
from portal.core.web import ctx, current_actor, render
from portal.reviewing import policies, queries
from portal.reviewing.cases import Known, get_case, page_cases
from portal.reviewing.commands import judging
from portal.reviewing.conflict_words import KIND_LABELS, why
from portal.reviewing.dossier import list_own_applications
from portal.reviewing.forms import AdviceForm, JudgeConflictForm, ReasonForm
from portal.reviewing.states import BLOCKING, CONFLICT, WAIVABLE, ConflictState
from portal.reviewing.views.blueprint import bp


@bp.page("/desk/rounds/<code>/conflicts", policy=policies.FOLLOW, load=get_round)
def round_conflicts(round_: Round) -> Response:
    """List a round's conflicts of interest by state, with their evidence."""
    asked = request.args.get("state", "")
    state = ConflictState(asked) if asked in tuple(ConflictState) else ConflictState.CANDIDATE
    own = list_own_applications(round_.id, [each.organisation_id for each in current_actor().mandates])
    return render(
        "reviewing/round_conflicts.html",
        round=round_,
        terms=terms_of(round_),
        page=page_cases(round_, state, request.args.get("after"), hidden=own),
        state=state,
        words=CONFLICT.words,
        kinds=KIND_LABELS,
        blocking=BLOCKING,
        waivable=WAIVABLE,
        why=why,
        is_open=round_.results_published_at is None,
    )


@bp.form("/desk/dossiers/<ref>/conflicts/<int:person_id>/<kind>", policy=policies.JUDGE_CONFLICT, load=get_case)
def judge_conflict(known: Known) -> Response | BaseResponse:
    """Confirm or dismiss a candidate, with the reason."""
    form, again = JudgeConflictForm(), _address(known)
    if form.validate_on_submit():
        name, code = known.person.name, known.application.round.code
        with form.catching_problems():
            if form.verdict.data == "confirm":
                judging.confirm_conflict(ctx(), known.application, known.case, form.reason.data)
                flash(_("The conflict of interest of %(name)s is confirmed.", name=name), "success")
            else:
                judging.dismiss_conflict(ctx(), known.application, known.case, form.reason.data)
                flash(
                    _("%(name)s can be invited: what pointed to a conflict of interest is dismissed.", name=name),
                    "success",
                )
            return redirect(url_for(".round_conflicts", code=code))
        known = get_case(*again)
    return _page("reviewing/judge_conflict.html", known, form)


@bp.form("/desk/dossiers/<ref>/conflicts/<int:person_id>/<kind>/waive", policy=policies.WAIVE_CONFLICT, load=get_case)
def waive_conflict(known: Known) -> Response | BaseResponse:
    """Set a conflict between organisations aside with a reason, or let a waived one block again."""
    form, again = ReasonForm(), _address(known)
    if form.validate_on_submit():
        name, code = known.person.name, known.application.round.code
        with form.catching_problems():
            if known.case.state is ConflictState.WAIVED:
                judging.take_back_waiver(ctx(), known.application, known.case, form.reason.data)
                flash(_("The conflict of interest of %(name)s blocks again.", name=name), "success")
            else:
                judging.waive_conflict(ctx(), known.application, known.case, form.reason.data)
                flash(_("The conflict of interest of %(name)s is waived.", name=name), "success")
            return redirect(url_for(".round_conflicts", code=code, state="waived"))
        known = get_case(*again)
    return _page("reviewing/waive_conflict.html", known, form)


@bp.form("/desk/dossiers/<ref>/advice", policy=policies.ASSIGN, load=get_application)
def record_advice(application: Application) -> Response | BaseResponse:
    """Record that a reviewer advised the partnership."""
    form, reference, name = AdviceForm(), application.reference, application.partnership.name
    people = {each.person.id: each.person for each in queries.list_candidates(application)}
    form.reviewer.choices = [SelectChoice(each.id, each.name) for each in people.values()]
    if form.validate_on_submit():
        person = people[form.reviewer.data]
        with form.catching_problems():
            judging.record_advice(ctx(), application.partnership, person, form.explanation.data)
            flash(_("The advice is recorded: judge whether it is a conflict of interest."), "success")
            return redirect(url_for(".assign", ref=reference))
    return render("reviewing/record_advice.html", form=form, reference=reference, name=name)


def _address(known: Known) -> tuple[str, int, str]:
    return known.application.reference, known.person.id, str(known.case.kind)


def _page(template: str, known: Known, form: JudgeConflictForm | ReasonForm) -> Response:
    return render(
        template,
        known=known,
        form=form,
        words=CONFLICT.words[known.case.state],
        kind=KIND_LABELS[known.case.kind],
        sentences=[why(known.person.name, each) for each in known.case.evidence],
        is_waivable=known.case.kind in WAIVABLE,
        is_judged=known.case.kind not in BLOCKING,
    )
