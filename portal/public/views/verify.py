"""Whether a digest was frozen for a reference or told in a letter, and when: nothing else of an application is told."""

from __future__ import annotations

from flask import Response, request

from portal.applications.papers import find_frozen
from portal.core.policy import PUBLIC_PAGE
from portal.core.web import render
from portal.decisions.letter_queries import find_told
from portal.public.forms import VerifyForm
from portal.public.views.blueprint import bp


@bp.form("/verify", policy=PUBLIC_PAGE, limit="20 per minute")
def verify() -> Response:
    """Answer whether the digest belongs to the reference; an unknown reference and a wrong digest read alike."""
    form = VerifyForm(reference=request.args.get("reference", ""), sha256=request.args.get("sha256", ""))
    asked = None
    if form.validate_on_submit():
        reference, digest = form.reference.data.upper(), form.digest
        asked = (reference, digest, find_frozen(reference, digest), find_told(reference, digest))
    return render("public/verify.html", form=form, asked=asked)
