"""Anonymous pages: the programme, its calls and rounds, the language switch, and what machines ask about health."""

from __future__ import annotations

from flask import Response, current_app, jsonify, redirect, request, session
from markupsafe import Markup
from werkzeug.wrappers import Response as BaseResponse

from portal.calls import policies, queries, rules
from portal.calls.models import Call, CallDocument, Round
from portal.calls.states import POLICY_LABELS
from portal.core.errors import NotFound
from portal.core.health import missing_parts
from portal.core.policy import PUBLIC_PAGE
from portal.core.requests import LOCALES
from portal.core.web import arrived_at, render, safe_next
from portal.core.web import language as page_language
from portal.public.guides import GUIDES, Guide, body_of, get_guide
from portal.public.markdown import as_html
from portal.public.presenters import CallCard, RoundCard, call_cards
from portal.public.queries import AwardFilter, count_awards
from portal.public.views.blueprint import bp


@bp.page("/", policy=PUBLIC_PAGE)
def home() -> Response:
    """Show what the portal is for, and the calls that have a round."""
    cards = call_cards(queries.list_calls(), queries.list_public_rounds(), arrived_at())
    return render("public/home.html", cards=[card for card in cards if card.rounds], totals=count_awards(AwardFilter()))


@bp.page("/calls", policy=PUBLIC_PAGE)
def calls() -> Response:
    """List every call, with its open, coming and past rounds."""
    cards = call_cards(queries.list_calls(), queries.list_public_rounds(), arrived_at())
    return render("public/calls.html", cards=cards)


@bp.page("/calls/<programme>/<code>", policy=PUBLIC_PAGE, load=queries.get_call)
def call(call: Call) -> Response:
    """Show what a call asks, how it is judged, its rounds, documents and answers."""
    card = _card(call)
    return render(
        "public/call.html",
        card=card,
        moves={each.round.id: queries.list_moves(each.round.id) for each in card.rounds if each is card.present},
        documents=[(each.slug, each.title[page_language()]) for each in queries.list_documents(call.id)],
        answers=_answers(call),
    )


@bp.page("/rounds/<code>", policy=policies.SEE_ANNOUNCED, load=queries.get_round)
def round(round_: Round) -> Response:  # noqa: A001 - the field's word
    """Show an announced round: its dates, budget, criteria as they were frozen, and what was changed since."""
    terms = queries.terms_of(round_)
    return render(
        "public/round.html",
        card=RoundCard(round_, rules.phase(round_, arrived_at())),
        terms=terms,
        months=rules.minimum_months(round_, terms),
        latest_end=rules.latest_end(round_, terms, round_.call.programme),
        moves=queries.list_moves(round_.id),
        policy=POLICY_LABELS[round_.ranking_policy],
    )


@bp.page("/calls/<programme>/<code>/documents/<slug>", policy=PUBLIC_PAGE, load=queries.get_document)
def document(found: tuple[Call, CallDocument]) -> Response:
    """Show a handbook or template of a call."""
    call_, document_ = found
    title = document_.title[page_language()]
    body: Markup = as_html(document_.body[page_language()])
    return render("public/document.html", call=call_, title=title, body=body)


@bp.page("/about", policy=PUBLIC_PAGE)
def about() -> Response:
    return render("public/about.html")


@bp.page("/help", policy=PUBLIC_PAGE)
def help() -> Response:  # noqa: A001 - the page's own name
    return render("public/help.html", guides=GUIDES)


@bp.page("/help/<slug>", policy=PUBLIC_PAGE, load=get_guide)
def guide(guide: Guide) -> Response:
    """Show how one kind of person works with the portal."""
    spoken = page_language()
    title = guide.title.in_language(spoken)
    return render("public/guide.html", title=title, body=body_of(guide.slug, spoken))


@bp.page("/accessibility", policy=PUBLIC_PAGE)
def accessibility() -> Response:
    return render("public/accessibility.html")


@bp.page("/privacy", policy=PUBLIC_PAGE)
def privacy() -> Response:
    return render("public/privacy.html")


@bp.page("/language/<language>", policy=PUBLIC_PAGE)
def language(language: str) -> BaseResponse:
    """Remember the chosen language and go back to the page it was chosen on."""
    if language not in LOCALES:
        raise NotFound
    session["language"] = language
    return redirect(safe_next(request.args.get("next"), "/"))


@bp.page("/server-time", policy=PUBLIC_PAGE)
def server_time() -> Response:
    """Answer what time it is here, for the countdown of a page whose own stopwatch stood still."""
    return jsonify(now=arrived_at().isoformat())


@bp.page("/healthz", policy=PUBLIC_PAGE)
def healthz() -> Response:
    """Answer while the process lives."""
    return jsonify(status="alive")


@bp.page("/readyz", policy=PUBLIC_PAGE)
def readyz() -> tuple[Response, int] | Response:
    """Answer 200 once database, queue and a worker are there; else 503 naming what is missing."""
    missing = missing_parts(current_app.extensions["portal.queue"])
    return (jsonify(status="not ready", missing=missing), 503) if missing else jsonify(status="ready")


def _card(call_: Call) -> CallCard:
    return call_cards([call_], queries.list_public_rounds(call_.id), arrived_at())[0]


def _answers(call_: Call) -> list[tuple[object, str, str]]:
    spoken = page_language()
    found = queries.list_answers(call_.id, arrived_at())
    return [(each.answered_on, each.question[spoken], each.answer[spoken]) for each in found]
