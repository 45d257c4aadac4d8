"""A proposal as a table: taken out, and put in again after a dry run that says line by line what would happen."""

from __future__ import annotations

from flask import Response, flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from portal.core.csv_table import MEDIA_TYPE, as_csv
from portal.core.errors import NotFound
from portal.core.web import ctx, render
from portal.reviewing import policies
from portal.reviewing.assignment_facts import facts_of
from portal.reviewing.assignment_forms import TableForm
from portal.reviewing.assignment_models import Assignment
from portal.reviewing.assignment_queries import RoundToAssign
from portal.reviewing.assignment_states import AssignmentState
from portal.reviewing.assignment_table import COLUMNS, EFFECTS, Effect, read_table
from portal.reviewing.assignment_view import Group, Seat, groups_of
from portal.reviewing.commands.tabling import apply_table
from portal.reviewing.views.blueprint import bp, load_assignment, load_round_to_assign

LARGEST = 1024 * 1024  # bytes


@bp.page("/desk/rounds/<code>/assignment.csv", policy=policies.SEE_ASSIGNMENT, load=load_round_to_assign)
def assignment_csv(desk: RoundToAssign) -> Response:
    """Hand out who reviews what, standing and proposed, as a table that can be changed and read in again."""
    proposed = desk.assignment if desk.assignment and desk.assignment.state is AssignmentState.PROPOSED else None
    groups = groups_of(proposed, facts_of(desk.round.id, ctx().now))
    rows = (_row(group, seat) for group in groups for seat in group.seats)
    answer = Response(as_csv(COLUMNS, rows), content_type=MEDIA_TYPE)
    answer.headers["Content-Disposition"] = f'attachment; filename="{desk.round.code}-assignment.csv"'
    return answer


@bp.form("/desk/rounds/<code>/assignment/table", policy=policies.STEER_ASSIGNMENT, load=load_assignment)
def assignment_table(desk: RoundToAssign) -> Response | BaseResponse:
    """Read a table: first only say what it would do, then, without an error in it, do all of it."""
    form, code = TableForm(), desk.round.code
    if not form.validate_on_submit():
        return _page(desk, form)
    text = form.table.data or _uploaded(form)
    if form.table.data and text is not None:
        with form.catching_problems():
            apply_table(ctx(), _proposed(desk), text, form.version.data or 0)
            flash(_("The proposal is changed as the table says."), "success")
            return redirect(url_for(".assignment", code=code))
        desk = load_round_to_assign(code)
    return _page(desk, form, text)


def _page(desk: RoundToAssign, form: TableForm, text: str | None = None) -> Response:
    present = _proposed(desk)
    lines = read_table(text, present, facts_of(desk.round.id, ctx().now)) if text is not None else []
    changes = sum(each.effect in (Effect.ADDED, Effect.REMOVED) for each in lines)
    wrong = sum(each.effect is Effect.WRONG for each in lines)
    return render(
        "reviewing/assignment_table.html",
        round=desk.round,
        assignment=present,
        form=form,
        lines=lines,
        text=text,
        changes=changes,
        wrong=wrong,
        effects=EFFECTS,
    )


def _proposed(desk: RoundToAssign) -> Assignment:
    if desk.assignment is None or desk.assignment.state is not AssignmentState.PROPOSED:
        raise NotFound
    return desk.assignment


def _uploaded(form: TableForm) -> str | None:
    """Return the file's text; None, with an error at the field, where there is none that can be read."""
    content = form.file.data.read(LARGEST + 1) if form.file.data else b""
    if not content:
        form.file.errors = [_("Choose the table.")]
    elif len(content) > LARGEST:
        form.file.errors = [_("The table is larger than 1 MB.")]
    else:
        try:
            return str(content.decode("utf-8-sig"))
        except UnicodeDecodeError:
            form.file.errors = [_("Save the table as CSV in UTF-8.")]
    return None


def _row(group: Group, seat: Seat) -> list[object]:
    pair = seat.pair
    return [
        group.application.reference,
        group.application.partnership.name,
        seat.person.email,
        seat.person.name,
        "" if seat.state is None else str(seat.state),
        "" if pair is None else ("yes" if pair.is_locked else "no"),
        "" if seat.reason is None else seat.reason.fit,
        seat.load,
        seat.maximum,
    ]
