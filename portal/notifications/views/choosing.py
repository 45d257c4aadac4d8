"""A person chooses which messages come by mail, and in which language."""

from __future__ import annotations

from flask import Response, current_app, flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from portal.accounts.commands.people import choose_language
from portal.accounts.models import Person
from portal.accounts.queries import find_calendar_address, get_person
from portal.accounts.tokens import Purpose, link_token
from portal.core.actor import Role
from portal.core.errors import NotFound
from portal.core.policy import SIGNED_IN
from portal.core.web import ctx, current_actor, render
from portal.notifications.categories import CATEGORIES, Category
from portal.notifications.links import Links
from portal.notifications.own import choosing
from portal.notifications.own.forms import CHOICES, choices_form
from portal.notifications.own.queries import list_choices
from portal.notifications.views.blueprint import bp

OF_REVIEWERS = {Category.REVIEW_INVITATIONS, Category.REVIEWING}


def load_self(*, lock: bool = False) -> Person:
    person_id = current_actor().person_id
    if person_id is None:
        raise NotFound
    return get_person(person_id, lock=lock)


def concerns(category: Category) -> bool:
    """Tell whether a category can reach this person: nobody is asked about what never comes."""
    actor = current_actor()
    if category in OF_REVIEWERS:
        return actor.has(Role.REVIEWER)
    if category is Category.DESK:
        return actor.has(Role.CASE_OFFICER, Role.ADMINISTRATOR)
    return category is not Category.DIGEST


@bp.form("/account/notifications", policy=SIGNED_IN, load=load_self)
def choices(person: Person) -> Response | BaseResponse:
    """Show and change how each category of messages comes, and in which language."""
    mine = [each for each in choosing.MUTABLE if concerns(each)]
    chosen = {each.category: each.choice for each in list_choices(person.id)}
    form = choices_form(mine, chosen, person.language)
    if form.validate_on_submit():
        choose_language(ctx(), person, form.language.data)
        choosing.choose_mail(ctx(), person, form.choices(mine))
        flash(_("Your choices are saved."), "success")
        return redirect(url_for(".choices"))
    always = [words for each, words in CATEGORIES.items() if not words.is_mutable and concerns(each)]
    fields = [form[str(each)] for each in mine]
    calendar = _calendar_of(person)
    return render(
        "notifications/choices.html", form=form, fields=fields, always=always, words=CHOICES, calendar=calendar
    )


def _calendar_of(person: Person) -> str | None:
    """Return the person's own calendar address, made anew each time it is shown; None where there is none."""
    found = find_calendar_address(person.id)
    if found is None:
        return None
    settings = current_app.extensions["portal.settings"]
    token = link_token(settings.secret_key, Purpose.CALENDAR, found.id, found.nonce)
    return Links(current_app.url_map, settings.base_url, settings.secret_key).to("desk.calendar", token=token)
