"""Inviting partners, and answering an invitation by its link."""

from __future__ import annotations

from flask import Response, current_app, flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from portal.accounts.queries import list_organisations
from portal.core.actor import Right
from portal.core.web import ctx, current_actor, render
from portal.partnerships import commands, policies, queries
from portal.partnerships.forms import AcceptForm, InviteForm
from portal.partnerships.models import PartnerInvitation, Partnership
from portal.partnerships.rules import is_expired
from portal.partnerships.states import ROLE_LABELS, PartnerRole
from portal.partnerships.views.blueprint import bp


def load_by_token(token: str, *, lock: bool = False) -> PartnerInvitation:
    """Return the invitation whose link this is; NotFound for a link that is not right."""
    key: str = current_app.extensions["portal.settings"].secret_key
    return queries.get_invitation_by_token(token, key, lock=lock)


@bp.form("/partnerships/<int:number>/invite", policy=policies.WRITE, load=queries.get_partnership, limit="60 per hour")
def invite(partnership: Partnership) -> Response | BaseResponse:
    """Invite a partner by e-mail."""
    form = InviteForm()
    if form.validate_on_submit():
        with form.catching_problems():
            commands.invite_partner(
                ctx(),
                partnership,
                email=form.email.data,
                organisation_name=form.organisation_name.data,
                role=PartnerRole(form.role.data),
                note=form.note.data or "",
            )
            flash(_("The invitation is sent. It can be answered for 21 days."), "success")
            return redirect(url_for(".partnership", number=partnership.id))
    return render("partnerships/invite.html", form=form, partnership=partnership)


@bp.action(
    "/partnerships/invitations/<int:number>/withdraw", policy=policies.INVITATION_MANAGE, load=queries.get_invitation
)
def withdraw_invitation(invitation: PartnerInvitation) -> BaseResponse:
    """Take an invitation back."""
    commands.withdraw_invitation(ctx(), invitation)
    flash(_("The invitation is withdrawn; its link no longer works."), "success")
    return redirect(url_for(".partnership", number=invitation.partnership_id))


@bp.action(
    "/partnerships/invitations/<int:number>/resend",
    policy=policies.INVITATION_MANAGE,
    load=queries.get_invitation,
    limit="60 per hour",
)
def resend_invitation(invitation: PartnerInvitation) -> BaseResponse:
    """Send a new invitation in the place of this one."""
    commands.resend_invitation(ctx(), invitation)
    flash(_("A new invitation is sent; the old link no longer works."), "success")
    return redirect(url_for(".partnership", number=invitation.partnership_id))


@bp.form("/invitations/<token>", policy=policies.INVITATION_ANSWER, load=load_by_token, limit="30 per hour")
def invitation(invitation: PartnerInvitation) -> Response | BaseResponse:
    """Show an invitation, and accept it for one of my organisations."""
    form = AcceptForm()
    mine = [each.organisation_id for each in current_actor().mandates if each.right is not Right.READER]
    own = {each.id: each for each in list_organisations(mine)}
    form.organisation.choices = [(each.id, each.name) for each in own.values()]
    number = invitation.id
    if form.validate_on_submit():
        with form.catching_problems():
            commands.accept_invitation(ctx(), invitation, own[form.organisation.data])
            flash(_("You are a partner now."), "success")
            return redirect(url_for(".partnership", number=invitation.partnership_id))
    return _invitation_page(queries.get_invitation(number), form, has_organisation=bool(own))


@bp.action("/invitations/<token>/decline", policy=policies.INVITATION_ANSWER, load=load_by_token)
def decline_invitation(invitation: PartnerInvitation) -> BaseResponse:
    """Say no to an invitation."""
    commands.decline_invitation(ctx(), invitation)
    flash(_("The invitation is declined."), "success")
    return redirect(url_for(".partnerships"))


def _invitation_page(invitation: PartnerInvitation, form: AcceptForm, *, has_organisation: bool) -> Response:
    return render(
        "partnerships/invitation.html",
        form=form,
        invitation=invitation,
        is_expired=is_expired(invitation, ctx().now),
        has_organisation=has_organisation,
        roles=ROLE_LABELS,
    )
