"""Signing in and out, registering, and one's own account."""

from __future__ import annotations

from datetime import timedelta

from flask import Response, current_app, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from portal.accounts import policies, queries
from portal.accounts.commands import people, signing_in
from portal.accounts.forms import (
    ActForForm,
    ChangePasswordForm,
    EmailForm,
    NewPasswordForm,
    ProfileForm,
    RegisterForm,
    ReviewerProfileForm,
    SignInForm,
    town_choices,
)
from portal.accounts.models import Person
from portal.accounts.reach_words import reason_of
from portal.accounts.signed_in import current_sign_in, forget_sign_in, keep_signed_in, passwords
from portal.accounts.tokens import Purpose
from portal.accounts.views.blueprint import bp
from portal.core.actor import Role
from portal.core.clock import machine_now
from portal.core.errors import NotFound
from portal.core.forms import ActionForm
from portal.core.web import ctx, current_actor, render, safe_next


def _person_by_link(purpose: Purpose, token: str, *, lock: bool) -> Person | None:
    key = current_app.extensions["portal.settings"].secret_key
    return queries.find_person_by_token(token, key, purpose, machine_now(), lock=lock)


def load_for_confirmation(token: str, *, lock: bool = False) -> Person | None:
    return _person_by_link(Purpose.CONFIRM_EMAIL, token, lock=lock)


def load_for_reset(token: str, *, lock: bool = False) -> Person | None:
    return _person_by_link(Purpose.RESET_PASSWORD, token, lock=lock)


def load_self(*, lock: bool = False) -> Person:
    person_id = current_actor().person_id
    if person_id is None:
        raise NotFound
    return queries.get_person(person_id, lock=lock)


def first_page() -> str:
    """Return where somebody lands after signing in."""
    return url_for("desk.my_work")


def _begin_session(person: Person) -> str:
    lifetime = timedelta(seconds=current_app.extensions["portal.settings"].session_lifetime)
    return signing_in.begin_session(ctx(), person, device=request.user_agent.string, lifetime=lifetime)


@bp.form("/sign-in", policy=policies.SIGN_IN, limit="20 per minute")
def sign_in() -> Response | BaseResponse:
    """Sign in with address and password."""
    form = SignInForm()
    if form.validate_on_submit():
        settings = current_app.extensions["portal.settings"]
        with form.catching_problems():
            _person, token = signing_in.sign_in(
                ctx(),
                email=form.email.data,
                password=form.password.data,
                device=request.user_agent.string,
                lifetime=timedelta(seconds=settings.session_lifetime),
                passwords=passwords(),
            )
            keep_signed_in(token)
            return redirect(safe_next(request.args.get("next"), first_page()))
    return render("accounts/sign_in.html", form=form)


@bp.action("/sign-out", policy=policies.OWN)
def sign_out() -> BaseResponse:
    """End this session."""
    sign_in_row = current_sign_in()
    if sign_in_row is not None:
        signing_in.end_session(sign_in_row.person_id, sign_in_row.id)
    forget_sign_in()
    flash(_("You are signed out."))
    answer = redirect(url_for("public.home"))
    answer.headers["Clear-Site-Data"] = '"storage"'  # texts that were not saved yet lie in this browser
    return answer


@bp.form("/register", policy=policies.SIGN_IN, limit="10 per minute")
def register() -> Response | BaseResponse:
    """Make an account; the address is confirmed by a link."""
    form = RegisterForm()
    if form.validate_on_submit():
        with form.catching_problems():
            people.register_person(
                ctx(),
                email=form.email.data,
                name=form.name.data,
                password=form.password.data,
                language=form.language.data,
                passwords=passwords(),
            )
            return redirect(url_for(".mail_sent"))
    return render("accounts/register.html", form=form)


@bp.page("/account/mail-sent", policy=policies.SIGN_IN)
def mail_sent() -> Response:
    """Say that a mail is under way, whoever asked."""
    return render("accounts/mail_sent.html")


@bp.form("/account/confirm/<token>", policy=policies.SIGN_IN, load=load_for_confirmation, limit="20 per minute")
def confirm_email(person: Person | None) -> Response | BaseResponse:
    """Confirm an address; a button, since programs that look at mail open links too."""
    if person is None:
        return render("accounts/link_gone.html", 404, again=url_for(".confirm_again"))
    form = ActionForm()
    if form.validate_on_submit():
        people.confirm_email(ctx(), person)
        flash(_("Your e-mail address is confirmed. You can sign in now."), "success")
        return redirect(url_for(".sign_in"))
    return render("accounts/confirm_email.html", form=form, person=person)


@bp.form("/account/confirm-again", policy=policies.SIGN_IN, limit="10 per minute")
def confirm_again() -> Response | BaseResponse:
    """Ask for another link that confirms an address."""
    form = EmailForm()
    if form.validate_on_submit():
        people.request_confirmation(ctx(), form.email.data)
        return redirect(url_for(".mail_sent"))
    return render("accounts/confirm_again.html", form=form)


@bp.form("/account/forgot", policy=policies.SIGN_IN, limit="10 per minute")
def forgot_password() -> Response | BaseResponse:
    """Ask for a link to choose a new password."""
    form = EmailForm()
    if form.validate_on_submit():
        people.request_password_reset(ctx(), form.email.data)
        return redirect(url_for(".mail_sent"))
    return render("accounts/forgot_password.html", form=form)


@bp.form("/account/reset/<token>", policy=policies.SIGN_IN, load=load_for_reset, limit="20 per minute")
def reset_password(person: Person | None) -> Response | BaseResponse:
    """Choose a new password; every session ends."""
    if person is None:
        return render("accounts/link_gone.html", 404, again=url_for(".forgot_password"))
    form = NewPasswordForm()
    if form.validate_on_submit():
        with form.catching_problems():
            people.reset_password(ctx(), person, form.password.data, passwords())
            signing_in.sign_out_everywhere(ctx(), person.id)
            flash(_("Your password is changed. Sign in with it."), "success")
            return redirect(url_for(".sign_in"))
    return render("accounts/reset_password.html", form=form)


@bp.form("/account", policy=policies.OWN, load=load_self)
def profile(person: Person) -> Response | BaseResponse:
    """Show and change one's own name and language; list one's sessions."""
    form = _profile_form(person)
    if form.validate_on_submit():
        home = form.home.data or None if isinstance(form, ReviewerProfileForm) else None
        people.change_profile(ctx(), person, name=form.name.data, language=form.language.data, home_nis=home)
        flash(_("Your account is saved."), "success")
        return redirect(url_for(".profile"))
    here = current_sign_in()
    sessions = queries.list_sign_ins(person.id)
    return render("accounts/profile.html", form=form, person=person, sessions=sessions, here=here, reason_of=reason_of)


def _profile_form(person: Person) -> ProfileForm:
    if Role.REVIEWER not in person.roles:
        return ProfileForm(name=person.name, language=person.language)
    form = ReviewerProfileForm(name=person.name, language=person.language, home=person.home_nis or "")
    form.home.choices = town_choices(_("Not said"), ctx().now)
    return form


@bp.form("/account/password", policy=policies.OWN, load=load_self, limit="10 per minute")
def change_password(person: Person) -> Response | BaseResponse:
    """Change one's own password; every other session ends, and this browser gets a new one."""
    form = ChangePasswordForm()
    if form.validate_on_submit():
        with form.catching_problems():
            signing_in.change_password(
                ctx(), person, current=form.current.data, new=form.password.data, passwords=passwords()
            )
            keep_signed_in(_begin_session(person))
            flash(_("Your password is changed. Everywhere else you are signed out."), "success")
            return redirect(url_for(".profile"))
    return render("accounts/change_password.html", form=form)


@bp.action("/account/sessions/<int:number>/end", policy=policies.OWN)
def end_session(number: int) -> BaseResponse:
    """End one of one's own sessions."""
    signing_in.end_session(current_actor().person_id or 0, number)
    flash(_("That session is ended."), "success")
    return redirect(url_for(".profile"))


@bp.action("/account/sessions/end-all", policy=policies.OWN)
def sign_out_everywhere() -> BaseResponse:
    """End all of one's sessions, this one too."""
    signing_in.sign_out_everywhere(ctx(), current_actor().person_id or 0)
    forget_sign_in()
    flash(_("You are signed out everywhere."), "success")
    return redirect(url_for(".sign_in"))


@bp.action("/account/act-for", policy=policies.OWN)
def act_for() -> BaseResponse:
    """Choose for which of one's organisations one acts."""
    form = ActForForm()
    here = current_sign_in()
    chosen = form.organisation.data
    if here is None or not form.validate() or current_actor().mandate_in(chosen or 0) is None:
        raise NotFound
    signing_in.act_for(here.id, chosen)
    return redirect(url_for(".organisations"))
