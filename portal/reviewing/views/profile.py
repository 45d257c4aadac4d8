"""A reviewer's own profile, and the declaration of the year."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from portal.accounts.models import Person
from portal.accounts.queries import find_organisation, get_person
from portal.accounts.rules import enterprise_number_digits
from portal.core.clock import brussels_day
from portal.core.errors import Problem, RuleViolation, StaleVersion
from portal.core.text import _l
from portal.core.web import ctx, current_actor, language, render
from portal.reviewing import policies
from portal.reviewing.commands.profiles import ProfileFacts, declare, save_profile
from portal.reviewing.declaration import points_in
from portal.reviewing.expertise import KINDS, Subject
from portal.reviewing.pool import has_declared, list_declarations, reviewers_of, subject_labels
from portal.reviewing.pool_forms import (
    DeclarationForm,
    ProfileForm,
    field_of,
    offer_languages,
    profile_form,
    typed_profile,
)
from portal.reviewing.views.blueprint import bp

UNKNOWN = _l("This portal knows no organisation with this number. Leave it empty and give the name.")


@bp.form("/reviews/profile", policy=policies.OWN_PROFILE)
def profile() -> Response | BaseResponse:
    """Show and save what the reviewer knows, takes on, and when they are away."""
    return profile_page(get_person(current_actor().person_id or 0), done=url_for(".profile"))


@bp.form("/reviews/declaration", policy=policies.OWN_PROFILE)
def declaration() -> Response | BaseResponse:
    """Show the text of the declaration, and sign it for this year."""
    person_id, at = current_actor().person_id or 0, ctx().now
    form, review_id = DeclarationForm(), request.args.get("review", type=int)
    if form.validate_on_submit():
        with form.catching_problems():
            declare(ctx(), get_person(person_id), language())
            flash(_("Your declaration is signed."), "success")
            after = url_for(".invitation", review_id=review_id) if review_id else url_for(".profile")
            return redirect(after)
    return render(
        "reviewing/declaration.html",
        form=form,
        points=points_in(language()),
        year=brussels_day(at).year,
        has_declared=has_declared(person_id, at),
        declarations=list_declarations(person_id),
    )


def profile_page(person: Person, *, done: str) -> Response | BaseResponse:
    """Show and save the profile of ``person``; after saving the browser goes to ``done``."""
    subjects, person_id = subject_labels(), person.id
    labels = {each: label.in_language(language()) for each, label in subjects.items()}
    (reviewer,) = reviewers_of([person], ctx().now)
    form: ProfileForm = profile_form(labels)(data=typed_profile(reviewer))
    offer_languages(form)
    is_stale = False
    if form.validate_on_submit():
        try:
            with form.catching_problems():
                save_profile(ctx(), person, _facts(form, labels), form.version.data or 0)
                flash(_("The profile is saved."), "success")
                return redirect(done)
        except StaleVersion as stale:
            form.version.raw_data, is_stale = [str(stale.current_version)], True
        (reviewer,) = reviewers_of([get_person(person_id)], ctx().now)
    return render(
        "reviewing/profile.html",
        409 if is_stale else None,
        reviewer=reviewer,
        form=form,
        groups=[
            (words, [form[field_of(each)] for each in labels if each.kind is kind]) for kind, words in KINDS.items()
        ],
        year=brussels_day(ctx().now).year,
        is_own=person_id == current_actor().person_id,
        is_stale=is_stale,
    )


def _facts(form: ProfileForm, subjects: Iterable[Subject]) -> ProfileFacts:
    """Return what was typed as the command takes it; RuleViolation for a number that nobody here has."""
    number = enterprise_number_digits(form.enterprise_number.data or "")
    organisation = find_organisation(number) if number else None
    if number and organisation is None:
        raise RuleViolation([Problem("organisation-unknown", UNKNOWN, "enterprise_number")])
    return ProfileFacts(
        languages=tuple(form.languages.data or ()),
        minimum_load=form.minimum_load.data or 0,
        maximum_load=form.maximum_load.data or 0,
        organisation_id=organisation.id if organisation else None,
        institution=form.institution.data or "",
        expertise=form.expertise(subjects),
        absences=form.periods(),
    )
