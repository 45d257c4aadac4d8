"""The case officer's claims desk."""

from __future__ import annotations

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from portal.accounts import policies, queries
from portal.accounts.commands import organisations as commands
from portal.accounts.forms import JudgeForm
from portal.accounts.models import Claim
from portal.accounts.states import CLAIM, ClaimState
from portal.accounts.views.blueprint import bp
from portal.core.downloads import download
from portal.core.web import ctx, render


def load_claim(number: int, *, lock: bool = False) -> Claim:
    return queries.get_claim(number, lock=lock)


@bp.page("/desk/claims", policy=policies.READ_CLAIMS)
def claims() -> Response:
    """List claims by state, the oldest first."""
    asked = request.args.get("state", ClaimState.CLAIMED)
    state = ClaimState(asked) if asked in tuple(ClaimState) else ClaimState.CLAIMED
    found = queries.page_claims(state, request.args.get("after"))
    return render("accounts/claims.html", page=found, state=state, words=CLAIM.words)


@bp.page("/desk/claims/<int:number>", policy=policies.SEE_CLAIM, load=load_claim)
def claim(claim: Claim) -> Response:
    """Show one claim with its evidence."""
    return render("accounts/claim.html", claim=claim, form=JudgeForm(), words=CLAIM.words[claim.state])


@bp.action("/desk/claims/<int:number>/judge", policy=policies.JUDGE_CLAIM, load=load_claim)
def judge_claim(claim: Claim) -> Response | BaseResponse:
    """Confirm or refuse a claim, with a reason."""
    form = JudgeForm()
    if form.validate():
        if form.verdict.data == "refuse":
            commands.refuse_claim(ctx(), claim, form.reason.data)
            flash(_("The claim is refused; the claimant is told."), "success")
        else:
            commands.confirm_claim(ctx(), claim, form.reason.data)
            flash(_("The claim is confirmed; the claimant is told."), "success")
        return redirect(url_for(".claims"))
    return render("accounts/claim.html", claim=claim, form=form, words=CLAIM.words[claim.state])


@bp.page("/desk/claims/<int:number>/evidence", policy=policies.SEE_CLAIM, load=load_claim)
def claim_evidence(claim: Claim) -> Response:
    """Download the proof of a claim, as an attachment."""
    return download(queries.find_claim_file(claim))
