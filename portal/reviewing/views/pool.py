"""The desk's pages of the pool: everybody, and one reviewer."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from portal.accounts.models import Person
from portal.core.clock import brussels_day
from portal.core.text import Msg
from portal.core.web import ctx, language, render, translate
from portal.reviewing import policies
from portal.reviewing.commands.profiles import set_experience
from portal.reviewing.expertise import KINDS, LANGUAGES, LEVELS, Language, Level, Subject, SubjectKind
from portal.reviewing.pool import Reviewer, list_declarations, reviewers_of, subject_labels
from portal.reviewing.pool_forms import ExperienceForm, PoolFilter
from portal.reviewing.pool_pages import PoolAsked, count_waiting, get_reviewer, list_rounds_reviewed, page_pool
from portal.reviewing.rules import EXPERIENCED_FROM, is_independent
from portal.reviewing.states import ReviewState
from portal.reviewing.views.blueprint import bp
from portal.reviewing.views.profile import profile_page

COLUMNS = (ReviewState.SUBMITTED, ReviewState.DECLINED, ReviewState.EXPIRED, ReviewState.SEALED)
ANSWERS = {None: "counted", True: "yes", False: "no"}


@bp.page("/desk/reviewers", policy=policies.READ_POOL)
def reviewers() -> Response:
    """List the pool, narrowed to expertise, province, language and who is available on a day."""
    labels = {each: label.in_language(language()) for each, label in subject_labels().items()}
    filters = PoolFilter(request.args)
    provinces = {each.code: label for each, label in labels.items() if each.kind is SubjectKind.PROVINCE}
    others = {f"{each.kind}:{each.code}": label for each, label in labels.items() if each.code not in provinces}
    filters.offer(others, provinces)
    page = page_pool(_asked(filters), request.args.get("after"), ctx().now)
    return render(
        "reviewing/pool.html",
        page=page,
        filters=filters,
        asked={key: value for key, value in request.args.items() if key != "after" and value},
        waiting=count_waiting([each.person.id for each in page.rows]),
        known={each.person.id: known_words(each, labels, most=3) for each in page.rows},
        languages=_languages(page.rows),
        today=brussels_day(ctx().now),
        is_independent=is_independent,
    )


@bp.page("/desk/reviewers/<int:person_id>", policy=policies.READ_POOL, load=get_reviewer)
def reviewer(person: Person) -> Response:
    """Show one reviewer: profile, declarations, and what they were asked round by round."""
    return _reviewer_page(person)


@bp.form("/desk/reviewers/<int:person_id>/profile", policy=policies.STEER_POOL, load=get_reviewer)
def edit_reviewer(person: Person) -> Response | BaseResponse:
    """Show and save somebody's profile on their behalf."""
    return profile_page(person, done=url_for(".reviewer", person_id=person.id))


@bp.action("/desk/reviewers/<int:person_id>/experience", policy=policies.STEER_POOL, load=get_reviewer)
def reviewer_experience(person: Person) -> Response | BaseResponse:
    """Say whether somebody is an experienced reviewer, with the reason."""
    form, person_id = ExperienceForm(), person.id
    if form.validate_on_submit():
        with form.catching_problems():
            set_experience(ctx(), person, form.reason.data or "", is_experienced=form.answer)
            flash(_("The experience of %(name)s is saved.", name=person.name), "success")
            return redirect(url_for(".reviewer", person_id=person_id))
        person = get_reviewer(person_id)
    return _reviewer_page(person, form)


def _reviewer_page(person: Person, form: ExperienceForm | None = None) -> Response:
    (found,) = reviewers_of([person], ctx().now)
    labels = {each: label.in_language(language()) for each, label in subject_labels().items()}
    profile = found.profile
    answer = ANSWERS[profile.is_experienced if profile else None]
    reason = profile.experience_reason if profile else ""
    return render(
        "reviewing/reviewer.html",
        reviewer=found,
        form=form or ExperienceForm(formdata=None, is_experienced=answer, reason=reason),
        groups=_by_kind(found, labels),
        languages=_languages([found])[person.id],
        rounds=list_rounds_reviewed(person.id),
        columns=COLUMNS,
        declarations=list_declarations(person.id),
        year=brussels_day(ctx().now).year,
        today=brussels_day(ctx().now),
        enough=EXPERIENCED_FROM,
        is_independent=is_independent(person.roles),
    )


def known_words(reviewer: Reviewer, labels: dict[Subject, str], *, most: int | None = None) -> list[str]:
    """Return what somebody knows in words, best first: "Ouderen (expert)"; ``most`` of them at most."""
    order = list(Level)
    known = [each for each in labels if each in reviewer.expertise]
    known.sort(key=lambda each: order.index(reviewer.expertise[each]))
    return [f"{labels[each]} ({translate(LEVELS[reviewer.expertise[each]]).lower()})" for each in known[:most]]


def _by_kind(reviewer: Reviewer, labels: dict[Subject, str]) -> list[tuple[Msg, list[str]]]:
    found = [
        (words, known_words(reviewer, {each: label for each, label in labels.items() if each.kind is kind}))
        for kind, words in KINDS.items()
    ]
    return [(words, known) for words, known in found if known]


def _languages(reviewers: Any) -> dict[int, list[str]]:
    return {each.person.id: [translate(LANGUAGES[Language(code)]) for code in each.languages] for each in reviewers}


def _asked(filters: PoolFilter) -> PoolAsked:
    kind, _colon, code = (filters.subject.data or "").partition(":")
    subjects = [Subject(SubjectKind(kind), code)] if kind else []
    if filters.province.data:
        subjects.append(Subject(SubjectKind.PROVINCE, filters.province.data))
    return PoolAsked(tuple(subjects), filters.language.data or "", filters.available_on.data)
