"""A strategy's pages for the partnership, and the case officer's strategy desk."""

from __future__ import annotations

from flask import Response, current_app, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from portal.core.db import db
from portal.core.downloads import download
from portal.core.errors import StaleVersion
from portal.core.event_log import list_timeline
from portal.core.files import store_upload
from portal.core.web import ctx, language, render
from portal.partnerships import commands, policies, queries
from portal.partnerships.forms import FilesForm, JudgeForm, StrategyForm, strategy_form
from portal.partnerships.models import Partnership, Strategy
from portal.partnerships.rules import may_be_written
from portal.partnerships.states import STRATEGY, StrategyState
from portal.partnerships.views.blueprint import bp


@bp.action("/partnerships/<int:number>/strategies", policy=policies.WRITE, load=queries.get_partnership)
def register_strategy(partnership: Partnership) -> BaseResponse:
    """Register the strategy of a partnership that worked this way before."""
    strategy = commands.register_strategy(ctx(), partnership)
    flash(_("The strategy has begun. Write the topics."), "success")
    return redirect(url_for(".strategy", number=strategy.id))


@bp.page("/strategies/<int:number>", policy=policies.STRATEGY_SEE, load=queries.get_strategy)
def strategy(strategy: Strategy) -> Response:
    """Show a strategy with its texts, files, judgement and history."""
    return _strategy_page(strategy, JudgeForm())


@bp.form("/strategies/<int:number>/edit", policy=policies.STRATEGY_WRITE, load=queries.get_strategy)
def edit_strategy(strategy: Strategy) -> Response | BaseResponse:
    """Write the topics, and budget and planning; two who save at once see both texts."""
    topics = queries.topics_of(strategy.partnership.programme.code)
    saved = {**strategy.topics, "budget_and_planning": strategy.budget_and_planning}
    form: StrategyForm = strategy_form(topics, language())(data={**saved, "version": strategy.version})
    theirs: dict[str, str] = {}
    if form.validate_on_submit():
        texts = {key: form[key].data or "" for key in topics}
        planning = form.budget_and_planning.data or ""
        try:
            with form.catching_problems():
                commands.save_strategy(
                    ctx(),
                    strategy,
                    topics=texts,
                    budget_and_planning=planning,
                    base_version=form.version.data or 0,
                )
                flash(_("The strategy is saved."), "success")
                return redirect(url_for(".strategy", number=strategy.id))
        except StaleVersion as stale:
            mine = {**texts, "budget_and_planning": planning}
            theirs = {key: saved.get(key, "") for key, text in mine.items() if text != saved.get(key, "")}
            form.version.raw_data = [str(stale.current_version)]
    status = 409 if theirs else None
    return render("partnerships/edit_strategy.html", status, form=form, strategy=strategy, topics=topics, theirs=theirs)


@bp.form("/strategies/<int:number>/files", policy=policies.STRATEGY_WRITE, load=queries.get_strategy)
def strategy_files(strategy: Strategy) -> Response | BaseResponse:
    """Upload the signed agreement and the evidence."""
    form = FilesForm()
    number = strategy.id
    if form.validate_on_submit():
        with form.catching_problems():
            storage = current_app.extensions["portal.storage"]
            for kind, attach in (("agreement", commands.attach_agreement), ("evidence", commands.attach_evidence)):
                upload = request.files.get(kind)
                if upload and upload.filename:
                    attach(ctx(), strategy, store_upload(ctx(), storage, upload.filename, upload.read(), field=kind))
            flash(_("The files are stored."), "success")
            return redirect(url_for(".strategy", number=number))
    return render("partnerships/strategy_files.html", form=form, strategy=queries.get_strategy(number))


@bp.page("/strategies/<int:number>/agreement", policy=policies.STRATEGY_SEE, load=queries.get_strategy)
def strategy_agreement(strategy: Strategy) -> Response:
    """Download the signed agreement."""
    return download(strategy.agreement_file)


@bp.page("/strategies/<int:number>/evidence", policy=policies.STRATEGY_SEE, load=queries.get_strategy)
def strategy_evidence(strategy: Strategy) -> Response:
    """Download the evidence."""
    return download(strategy.evidence_file)


@bp.action("/strategies/<int:number>/hand-in", policy=policies.STRATEGY_HAND_IN, load=queries.get_strategy)
def hand_in_strategy(strategy: Strategy) -> Response | BaseResponse:
    """Hand the strategy in, or show everything that is missing."""
    form = JudgeForm()
    number = strategy.id
    with form.catching_problems():
        commands.hand_in_strategy(ctx(), strategy)
        flash(_("The strategy is handed in. A case officer judges it."), "success")
        return redirect(url_for(".strategy", number=number))
    db.session.rollback()
    return _strategy_page(queries.get_strategy(number), form, 422)


@bp.page("/desk/strategies", policy=policies.STRATEGY_DESK)
def strategy_desk() -> Response:
    """List the strategies that wait for a judgement, the oldest first."""
    found = queries.page_strategies(StrategyState.SUBMITTED, request.args.get("after"))
    return render("partnerships/desk.html", page=found, words=STRATEGY.words)


@bp.action("/desk/strategies/<int:number>/judge", policy=policies.STRATEGY_JUDGE, load=queries.get_strategy)
def judge_strategy(strategy: Strategy) -> Response | BaseResponse:
    """Recognise, return or refuse a strategy, with a reason."""
    form = JudgeForm()
    if not form.validate():
        return _strategy_page(strategy, form, 422)
    judgements = {
        "recognise": commands.recognise_strategy,
        "return": commands.return_strategy,
        "refuse": commands.refuse_strategy,
    }
    judgements[str(form.verdict.data)](ctx(), strategy, form.reason.data)
    flash(_("The judgement is kept; the partnership can read it."), "success")
    return redirect(url_for(".strategy_desk"))


def _strategy_page(strategy: Strategy, form: JudgeForm, status: int = 200) -> Response:
    return render(
        "partnerships/strategy.html",
        status,
        form=form,
        strategy=strategy,
        topics=queries.topics_of(strategy.partnership.programme.code),
        words=STRATEGY.words[strategy.state],
        events=list_timeline("strategy", strategy.id),
        event_words={str(each.event.topic): STRATEGY.words[each.target].applicant for each in STRATEGY.transitions},
        is_open=may_be_written(strategy),
    )
