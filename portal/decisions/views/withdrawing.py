"""Taking an award back: proposed by one administrator, confirmed or dropped by another."""

from __future__ import annotations

from flask import Response, flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from portal.core.forms import ActionForm
from portal.core.web import ctx, current_actor, render
from portal.decisions import policies, queries
from portal.decisions.commands.withdrawing import confirm_withdrawal as confirm_it
from portal.decisions.commands.withdrawing import drop_withdrawal as drop_it
from portal.decisions.commands.withdrawing import propose_withdrawal
from portal.decisions.deciding import problems_before_proposing_withdrawal, problems_before_withdrawing
from portal.decisions.forms import WithdrawAwardForm
from portal.decisions.models import Decision
from portal.decisions.views.blueprint import bp


@bp.form("/desk/decisions/<int:number>/withdraw", policy=policies.WITHDRAW, load=queries.get_decision)
def withdraw_award(decision: Decision) -> Response | BaseResponse:
    """Propose to withdraw an award, with the reason."""
    number, form = decision.id, WithdrawAwardForm()
    if form.validate_on_submit():
        with form.catching_problems():
            propose_withdrawal(ctx(), decision, form.reason.data)
            flash(_("The withdrawal is proposed. A second administrator confirms it."), "success")
            return redirect(url_for(".award", number=number))
        decision = queries.get_decision(number)
    problems = list(problems_before_proposing_withdrawal(decision))
    return render(
        "decisions/withdraw_award.html",
        decision=decision,
        application=decision.application,
        form=form,
        problems=[] if form.errors else problems,
    )


@bp.form("/desk/decisions/<int:number>/withdraw/confirm", policy=policies.WITHDRAW, load=queries.get_decision)
def confirm_withdrawal(decision: Decision) -> Response | BaseResponse:
    """Confirm what somebody else proposed; what it frees goes to the reserve list."""
    number, form = decision.id, ActionForm()
    if form.validate_on_submit():
        with form.catching_problems():
            confirm_it(ctx(), decision)
            flash(_("The grant is withdrawn. The reserve list is followed in its order."), "success")
            return redirect(url_for(".award", number=number))
        decision = queries.get_decision(number)
    problems = list(problems_before_withdrawing(decision, current_actor().person_id))
    return render(
        "decisions/confirm_withdrawal.html",
        decision=decision,
        application=decision.application,
        form=form,
        problems=[] if form.problems else problems,
    )


@bp.action("/desk/decisions/<int:number>/withdraw/drop", policy=policies.WITHDRAW, load=queries.get_decision)
def drop_withdrawal(decision: Decision) -> BaseResponse:
    """Drop a proposed withdrawal."""
    drop_it(ctx(), decision)
    flash(_("The withdrawal is dropped: the grant stands."), "success")
    return redirect(url_for(".award", number=decision.id))
