"""The case officer's page of a round's assignment: asked for, looked at, changed by hand, discarded or released."""

from __future__ import annotations

from datetime import timedelta

from flask import Response, flash, redirect, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as BaseResponse
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from portal.calls.queries import terms_of
from portal.calls.rules import phase
from portal.calls.states import Phase
from portal.core.clock import brussels_day
from portal.core.db import db
from portal.core.errors import NotFound, RuleViolation
from portal.core.foreseeing import Foresight, foresee
from portal.core.web import ctx, language, render
from portal.reviewing import policies
from portal.reviewing.affinity import affinity
from portal.reviewing.assignment_facts import RoundFacts, facts_of, loads_with
from portal.reviewing.assignment_forms import AskForm, ReplaceForm, VersionForm
from portal.reviewing.assignment_models import Assignment
from portal.reviewing.assignment_queries import PairToAssign, RoundToAssign, find_latest
from portal.reviewing.assignment_states import ASSIGNMENT, STEPS, UNDER_WAY, AssignmentState, Step
from portal.reviewing.assignment_view import groups_of
from portal.reviewing.assignment_words import BARRED, CAUSES, reason_words
from portal.reviewing.commands import proposing, releasing
from portal.reviewing.commands.alternates import next_alternates
from portal.reviewing.pool import Reviewer, alternates_by_application, subject_labels
from portal.reviewing.states import REVIEW
from portal.reviewing.views.blueprint import bp, load_assignment, load_pair_to_assign, load_round_to_assign

USUAL_TERM = timedelta(weeks=3)


@bp.page("/desk/rounds/<code>/assignment", policy=policies.SEE_ASSIGNMENT, load=load_round_to_assign)
def assignment(desk: RoundToAssign) -> Response:
    """Show who reviews what: what stands, what is proposed and why, what lacks; or how far the making is."""
    wanted = desk.assignment.wanted if desk.assignment else terms_of(desk.round).reviewers_per_application
    due_on = desk.assignment.due_on if desk.assignment else brussels_day(ctx().now) + USUAL_TERM
    return _page(desk, AskForm(formdata=None, wanted=wanted, due_on=due_on))


@bp.action("/desk/rounds/<code>/assignment", policy=policies.STEER_ASSIGNMENT, load=load_round_to_assign)
def ask_assignment(desk: RoundToAssign) -> Response | BaseResponse:
    """Ask a worker for a proposal; locked pairs of the present one go on."""
    form, code = AskForm(), desk.round.code
    if form.validate_on_submit() and form.wanted.data is not None and form.due_on.data is not None:
        with form.catching_problems():
            proposing.request_assignment(ctx(), desk.round, form.wanted.data, form.due_on.data)
            return redirect(url_for(".assignment", code=code))
        desk = load_round_to_assign(code)
    return _page(desk, form)


@bp.action(
    "/desk/rounds/<code>/assignment/pairs/<int:pair_id>/lock",
    policy=policies.STEER_ASSIGNMENT,
    load=load_pair_to_assign,
)
def lock_pair(found: PairToAssign) -> BaseResponse:
    """Keep a pair through a new proposal."""
    return _locked(found, is_locked=True)


@bp.action(
    "/desk/rounds/<code>/assignment/pairs/<int:pair_id>/unlock",
    policy=policies.STEER_ASSIGNMENT,
    load=load_pair_to_assign,
)
def unlock_pair(found: PairToAssign) -> BaseResponse:
    """Let a pair go again."""
    return _locked(found, is_locked=False)


@bp.form(
    "/desk/rounds/<code>/assignment/pairs/<int:pair_id>/replace",
    policy=policies.STEER_ASSIGNMENT,
    load=load_pair_to_assign,
)
def replace_pair(found: PairToAssign) -> Response | BaseResponse:
    """Put another reviewer in a pair's place, chosen by hand."""
    form, code, pair_id = ReplaceForm(), found.desk.round.code, found.pair.id
    if form.validate_on_submit():
        with form.catching_problems():
            made = proposing.replace_pair(ctx(), found.pair, form.reviewer.data)
            flash(_("%(name)s is in the proposal, and locked.", name=_name_of(found, made.reviewer_id)), "success")
            return redirect(url_for(".assignment", code=code))
        found = load_pair_to_assign(code, pair_id)
    facts = facts_of(found.desk.round.id, ctx().now)
    free = _free(found, facts)
    form.reviewer.choices = [SelectChoice(each.person.id, each.person.name) for _fit, each, _load in free]
    return render("reviewing/replace_pair.html", round=found.desk.round, pair=found.pair, form=form, free=free)


@bp.form("/desk/rounds/<code>/assignment/discard", policy=policies.STEER_ASSIGNMENT, load=load_assignment)
def discard_assignment(desk: RoundToAssign) -> Response | BaseResponse:
    """Set the proposal aside, after saying what that does."""
    present, form = _present(desk), VersionForm()
    if form.validate_on_submit():
        proposing.discard_assignment(ctx(), present)
        flash(_("The proposal is discarded. Nobody was told of it."), "success")
        return redirect(url_for(".assignment", code=desk.round.code))
    return render("reviewing/discard_assignment.html", round=desk.round, assignment=present, form=form)


@bp.form("/desk/rounds/<code>/assignment/release", policy=policies.STEER_ASSIGNMENT, load=load_assignment)
def release_assignment(desk: RoundToAssign) -> Response | BaseResponse:
    """Invite everybody in the proposal, after listing exactly who is asked for what."""
    code, form = desk.round.code, VersionForm(version=_present(desk).version)
    if form.validate_on_submit():
        with form.catching_problems():
            made = releasing.release_assignment(ctx(), _present(desk), form.version.data or 0)
            flash(ngettext("%(num)s invitation is sent.", "%(num)s invitations are sent.", len(made)), "success")
            return redirect(url_for(".assignment", code=code))
        desk = load_round_to_assign(code)
    foresight = None if form.problems else _look_ahead(desk)
    desk = load_round_to_assign(code)
    present = _present(desk)
    return render(
        "reviewing/release_assignment.html",
        foresight=foresight,
        round=desk.round,
        assignment=present,
        alternates=_alternates(present),
        pairs=sorted(present.pairs, key=lambda each: each.reviewer.name),
        applications=sorted({each.application for each in present.pairs}, key=lambda each: each.reference),
        people={each.reviewer_id for each in present.pairs},
        form=form,
    )


def _look_ahead(desk: RoundToAssign) -> Foresight | None:
    """Return who would be told; None where a conflict has arisen since: pressing the button says which."""
    present = _present(desk)
    try:
        return foresee(lambda: releasing.release_assignment(ctx(), present, present.version))
    except RuleViolation:
        db.session.rollback()
        return None


def _alternates(assignment: Assignment) -> dict[int, list[str]]:
    """Return the names of who is asked next for each application: those listed by hand, then the proposal's next best."""
    facts, numbers = facts_of(assignment.round_id, ctx().now), {each.application_id for each in assignment.pairs}
    known = alternates_by_application(numbers)
    listed = {number: [each.person for each in known.get(number, [])] for number in numbers}
    following = {
        number: next_alternates(facts, number, [each.id for each in people], assignment)
        for number, people in listed.items()
    }
    return {
        number: [each.name for each in people] + [facts.reviewers[each].person.name for each in following[number]]
        for number, people in listed.items()
    }


def _present(desk: RoundToAssign) -> Assignment:
    if desk.assignment is None:
        raise NotFound
    return desk.assignment


def _locked(found: PairToAssign, *, is_locked: bool) -> BaseResponse:
    proposing.lock_pair(ctx(), found.pair, is_locked=is_locked)
    return redirect(url_for(".assignment", code=found.desk.round.code, _anchor=f"pair-{found.pair.id}"))


def _name_of(found: PairToAssign, person_id: int) -> str:
    return facts_of(found.desk.round.id, ctx().now).reviewers[person_id].person.name


def _free(found: PairToAssign, facts: RoundFacts) -> list[tuple[int, Reviewer, int]]:
    """Return everybody who could take the place with fit (of 100) and load, the best fit first."""
    pair, number = found.pair, found.pair.application_id
    others = [each for each in pair.assignment.pairs if each is not pair and each.reviewer_id != pair.reviewer_id]
    loads = loads_with(facts, others)
    free = [
        (affinity(facts.subjects.get(number, {}), each.expertise), each)
        for person, each in facts.reviewers.items()
        if person != pair.reviewer_id and not any(proposing.problems_with_pair(facts, others, (number, person)))
    ]
    free.sort(key=lambda one: (-one[0], loads[one[1].person.id], one[1].person.name))
    return [(round(100 * fit), each, loads[each.person.id]) for fit, each in free]


def _page(desk: RoundToAssign, form: AskForm) -> Response:
    facts, latest = facts_of(desk.round.id, ctx().now), find_latest(desk.round.id)
    present = desk.assignment
    proposed = present if present and present.state is AssignmentState.PROPOSED else None
    labels = subject_labels()
    return render(
        "reviewing/assignment.html",
        desk=desk,
        round=desk.round,
        terms=terms_of(desk.round),
        form=form,
        assignment=present,
        latest=latest,
        groups=groups_of(proposed, facts),
        is_under_way=present is not None and present.state in UNDER_WAY,
        is_proposed=proposed is not None,
        can_ask=phase(desk.round, ctx().now) in (Phase.CLOSED, Phase.IN_REVIEW) and bool(facts.applications),
        step=STEPS[present.step] if present and present.step else None,
        percent=100 * (1 + list(Step).index(present.step)) // (1 + len(Step)) if present and present.step else 0,
        words=ASSIGNMENT.words,
        review_words=REVIEW.words,
        causes=CAUSES,
        barred=BARRED,
        reason_words=lambda reason: reason_words(
            reason, {key: text.in_language(language()) for key, text in labels.items()}
        ),
    )
