"""Beginning an application: choose the partnership, and read why another one cannot."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from portal.applications import policies, queries
from portal.applications.beginning import problems_with_partnership, problems_with_round
from portal.applications.commands.start import start_application
from portal.applications.models import Application
from portal.applications.views.blueprint import bp
from portal.applications.views.forms import StartForm
from portal.calls.models import Round
from portal.calls.queries import get_round, terms_of
from portal.core.errors import Problem
from portal.core.web import ctx, current_actor, render
from portal.partnerships.models import Partnership
from portal.partnerships.policies import promotor_id_of
from portal.partnerships.queries import list_partnerships_of, list_present_strategy_states
from portal.partnerships.states import StrategyState


@dataclass(frozen=True, slots=True)
class Candidate:
    """One of my partnerships: whether I may begin for it, what stands in the way, and where its strategy stands."""

    partnership: Partnership
    may_begin: bool
    problems: Sequence[Problem]
    present: Application | None
    strategy: StrategyState | None

    @property
    def is_possible(self) -> bool:
        return self.may_begin and not self.problems


@bp.form("/rounds/<code>/apply", policy=policies.BEGIN_IN, load=get_round, limit="30 per hour")
def start(round_: Round) -> Response | BaseResponse:
    """Begin a draft for one of the partnerships I write for as lead partner."""
    form, candidates = StartForm(partnership=request.args.get("partnership", type=int)), _candidates(round_)
    possible = {each.partnership.id: each for each in candidates if each.is_possible}
    form.partnership.choices = [SelectChoice(number, each.partnership.name) for number, each in possible.items()]
    form.earlier.choices, earlier = _earlier_choices(round_, possible.values())
    if form.validate_on_submit() and _fits(form, earlier):
        with form.catching_problems():
            copied = queries.get_application(form.earlier.data) if form.earlier.data else None
            made = start_application(ctx(), round_, possible[form.partnership.data].partnership, copied)
            if copied or made.strategy_id:
                return redirect(url_for(".taken_over", ref=made.reference))
            flash(_("Your draft has begun. Its reference is %(reference)s.", reference=made.reference), "success")
            return redirect(url_for(".application", ref=made.reference))
        round_ = get_round(round_.code)
        candidates = _candidates(round_)
    return render(
        "applications/start.html",
        round=round_,
        terms=terms_of(round_),
        form=form,
        possible=[each for each in candidates if each.is_possible],
        others=[each for each in candidates if not each.is_possible],
        obstacles=list(problems_with_round(round_, ctx().now)),
    )


def _earlier_choices(round_: Round, possible: Iterable[Candidate]) -> tuple[list[SelectChoice], dict[str, Application]]:
    """Return what a draft can begin with: nothing, or an application of one of these partnerships in the same call."""
    names = {each.partnership.id: each.partnership.name for each in possible}
    earlier = {each.reference: each for each in queries.list_earlier(names, round_.call_id)}
    choices = [SelectChoice("", _("An empty form, with what the strategy says"))]
    for each in earlier.values():
        label = _("A copy of %(reference)s of %(name)s", reference=each.reference, name=names[each.partnership_id])
        choices.append(SelectChoice(each.reference, label))
    return choices, earlier


def _fits(form: StartForm, earlier: Mapping[str, Application]) -> bool:
    """Whether the application to copy is of the partnership that was chosen; the form says so where it is not."""
    chosen = earlier.get(form.earlier.data or "")
    if chosen is None or chosen.partnership_id == form.partnership.data:
        return True
    form.earlier.errors = [_("Choose an application of the partnership for which you apply.")]
    return False


def _candidates(round_: Round) -> list[Candidate]:
    actor, live, terms = current_actor(), queries.list_live(round_.id), terms_of(round_)
    mine = list_partnerships_of(each.organisation_id for each in actor.mandates)
    of_programme = [each for each in mine if each.programme_id == round_.call.programme_id]
    strategies = list_present_strategy_states(each.id for each in of_programme)
    return [
        Candidate(
            each,
            policies.BEGIN.allows(actor, each),
            tuple(problems_with_partnership(round_, terms, each, promotor_id_of(each), live)),
            next((standing for standing in live if standing.partnership_id == each.id), None),
            strategies.get(each.id),
        )
        for each in of_programme
    ]
