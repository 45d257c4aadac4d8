"""The desk's pages: the board, deciding, confirming and publishing, each beside who may not."""

import pytest
import sqlalchemy as sa

from portal.accounts.commands.organisations import grant_right
from portal.core.actor import Right, Role
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.event_log import EventRow
from portal.decisions.queries import get_decision, list_decisions
from portal.decisions.states import DecisionState
from tests.world.accounts import ctx_for, given_person
from tests.world.decisions import (
    given_administrator,
    given_confirmed,
    given_prepared,
    given_published,
    given_ranked_application,
    given_ranking,
    given_reviewed_round,
)
from tests.world.http import Visitor, seen_on


def given_line():
    """A round of four: funded, funded in part, a tie parted by objective 3, and one below a threshold."""
    round_ = given_reviewed_round(budget="700000.00")
    given_ranked_application(round_, "84.17", name="Digibank Polderlint", minimum="350000.00")
    given_ranked_application(round_, "71.00", name="Digibank Scheldeboord", minimum="250000.00")
    given_ranked_application(round_, "71.00", name="Digibank Leiestreek", criteria={"objective_3": "7.00"})
    given_ranked_application(
        round_, "66.17", name="Digibank Maasoever", missed=["objective_2"], criteria={"objective_2": "4.30"}
    )
    return round_


@pytest.fixture
def sofie(app, world):
    """A browser of the administrator who prepares."""
    return Visitor(app).sign_in(world(given_administrator).email)


@pytest.fixture
def karel(app, world):
    """A browser of the second administrator."""
    return Visitor(app).sign_in(world(given_administrator, "Karel Maes").email)


def browser_of(app, world, *roles):
    return Visitor(app).sign_in(world(given_person, "Nele Peeters", roles=roles).email)


def states_of(app, round_):
    with app.app_context():
        return {each.state for each in list_decisions(round_.id)}


def test_the_board_says_what_is_missing_and_then_ranks_at_a_click(app, world, sofie):
    round_ = world(given_reviewed_round)
    waiting = world(given_ranked_application, round_, "80.00", is_complete=False)
    board = f"/desk/rounds/{round_.code}/ranking"
    page = sofie.get(board)
    assert f"Er ontbreken beoordelingen van {waiting.reference}." in page.text
    assert "0 van 1" in page.text
    assert "Rangschikking berekenen</button>" not in page.text
    refusal = sofie.post(f"{board}/compute", page="/my-work")
    assert refusal.status_code == 422
    assert waiting.reference in refusal.text
    assert round_.code in sofie.get("/desk/rankings").text

    ready = world(given_reviewed_round)
    board = f"/desk/rounds/{ready.code}/ranking"
    assert "Rangschikking berekenen</button>" in sofie.get(board).text
    assert sofie.post(f"{board}/compute", page=board).status_code == 302
    assert "Rangschikking 1, berekend op" in sofie.get(board).text


def test_the_board_draws_the_line_the_reserve_list_and_why_each_row_stands_there(world, sofie):
    round_ = world(given_line)
    world(given_ranking, round_)
    text = " ".join(sofie.get(f"/desk/rounds/{round_.code}/ranking").text.replace("\xa0", " ").split())
    shown = [
        "Digibank Polderlint",
        "Past: daarna is nog € 300.000,00 over.",
        "Digibank Scheldeboord",
        "€ 300.000 aangeboden",
        "Subsidielijn: € 700.000,00 voor 2 aanvragen",
        "Rest € 0,00",
        "Reservelijst, in deze volgorde",
        "Digibank Leiestreek",
        "Gelijk met rang 2 op 71,00 en volgt: ",
        "is 7,00 tegenover 7,10.",
        "Komt na de lijn.",
        "Onder een drempel: komt niet in aanmerking",
        "Digibank Maasoever",
        "4,30, onder de drempel van 5,00.",
    ]
    at = 0
    for each in shown:
        found = text.find(each, at)
        assert found >= 0, each
        at = found


@pytest.mark.parametrize(
    ("roles", "reads", "computes"),
    [
        ((Role.ADMINISTRATOR,), 200, 302),
        ((Role.CASE_OFFICER,), 200, 403),
        ((Role.AUDITOR,), 200, 403),
        ((Role.REVIEWER,), 404, 404),
        ((), 404, 404),
    ],
)
def test_the_staff_reads_the_board_and_an_administrator_computes(app, world, roles, reads, computes):
    round_ = world(given_line)
    board = f"/desk/rounds/{round_.code}/ranking"
    browser = browser_of(app, world, *roles)
    assert browser.get(board).status_code == reads
    assert browser.post(f"{board}/compute", page="/my-work").status_code == computes


def test_what_an_auditor_reads_of_a_ranking_is_written_down(app, world):
    round_ = world(given_line)
    browser_of(app, world, Role.AUDITOR).get(f"/desk/rounds/{round_.code}/ranking")
    with app.app_context():
        stmt = sa.select(EventRow.payload).where(EventRow.topic == "audit.read").order_by(EventRow.id.desc())
        read = db.session.scalars(stmt.limit(1)).one()
    assert (read["policy"], read["kind"], read["row_id"]) == ("ranking.read", "round", round_.id)


def test_the_board_costs_the_same_whatever_the_number_of_rows(world, sofie, count_statements):
    def statements(rows):
        round_ = world(given_reviewed_round)
        for _ in range(rows):
            world(given_ranked_application, round_, "70.00")
        world(given_prepared, round_, world(given_administrator))
        with count_statements() as sent:
            assert sofie.get(f"/desk/rounds/{round_.code}/ranking").status_code == 200
        return len(sent)

    assert statements(1) == statements(3)


def test_an_administrator_who_takes_part_in_an_application_stays_out_of_its_round(app, world):
    round_ = world(given_line)
    conflicted = world(given_administrator)

    def join(right_of):
        [first, *_] = given_prepared(round_, given_administrator("Karel Maes"))
        grant_right(ctx_for(), first.application.promotor, right_of, Right.READER)
        return first

    decision = world(join, conflicted)
    browser = Visitor(app).sign_in(conflicted.email)
    for page in ("ranking", "confirm", "publish"):
        assert browser.get(f"/desk/rounds/{round_.code}/{page}").status_code == 403
    assert browser.get(f"/desk/decisions/{decision.id}").status_code == 403
    assert browser.get(f"/desk/decisions/{decision.id}/award").status_code == 403
    other = world(given_line)
    assert browser.get(f"/desk/rounds/{other.code}/ranking").status_code == 200


def test_two_administrators_take_a_round_from_ranking_to_results(app, world, sofie, karel):
    round_ = world(given_line)
    desk = f"/desk/rounds/{round_.code}"
    assert sofie.post(f"{desk}/ranking/compute", page=f"{desk}/ranking").status_code == 302
    assert sofie.post(f"{desk}/ranking/prepare", page=f"{desk}/ranking").status_code == 302
    assert "Een tweede persoon bevestigt ze." in sofie.get(f"{desk}/confirm").text
    assert sofie.post(f"{desk}/confirm", page="/my-work").status_code == 422
    assert states_of(app, round_) == {DecisionState.PENDING}
    assert "De beslissingen bevestigen" in karel.get("/my-work").text

    listed = karel.get(f"{desk}/confirm").text
    assert "4 beslissingen bevestigen?" in listed
    assert "2 toekenningen, samen" in listed
    assert karel.post(f"{desk}/confirm").status_code == 302
    assert states_of(app, round_) == {DecisionState.CONFIRMED}

    page = sofie.get(f"{desk}/publish").text
    assert "De beslissing aan 4 aanvragers meedelen?" in page
    assert "Dit kunt u niet terugdraaien." in page
    assert sofie.post(f"{desk}/publish", {"signed_by": ""}).status_code == 422
    assert states_of(app, round_) == {DecisionState.CONFIRMED}
    assert "Wie een bericht krijgt" in page
    unseen = sofie.post(f"{desk}/publish", {"signed_by": "Hilde Wouters"})
    assert (unseen.status_code, states_of(app, round_)) == (200, {DecisionState.CONFIRMED}), "nobody looked"
    signed = {"signed_by": "Hilde Wouters", "seen": seen_on(page)}
    assert sofie.post(f"{desk}/publish", signed).status_code == 302
    assert states_of(app, round_) == {DecisionState.PUBLISHED}
    again = sofie.get(f"{desk}/publish")
    assert again.headers["Location"] == f"{desk}/ranking", "a second click finds the results out"
    assert "bekendgemaakt" in sofie.get(f"{desk}/ranking").text


def test_the_publish_page_says_what_is_missing(world, sofie):
    round_ = world(given_line)
    page = f"/desk/rounds/{round_.code}/publish"
    assert "Bereken eerst de rangschikking." in sofie.get(page).text
    world(given_prepared, round_, world(given_administrator))
    assert "4 beslissingen wachten op bevestiging door een tweede persoon." in sofie.get(page).text


def test_a_decision_is_changed_with_its_conditions_and_nothing_typed_is_lost(app, world, sofie):
    round_ = world(given_line)
    [first, *_] = world(given_prepared, round_, world(given_administrator, "Karel Maes"))
    page = f"/desk/decisions/{first.id}"
    typed = {
        "outcome": "conditional",
        "amount": "350.000,00",
        "reason": "",
        "conditions-0-text": "Onderteken de overeenkomst.",
        "conditions-0-due_on": "2099-12-01",
    }
    refusal = sofie.post(page, typed)
    assert refusal.status_code == 422
    assert "Dit wijkt af van de rangschikking." in refusal.text
    assert "Onderteken de overeenkomst." in refusal.text
    assert 'value="350.000,00"' in refusal.text
    dateless = sofie.post(page, {**typed, "conditions-0-due_on": ""})
    assert dateless.status_code == 422
    assert "Kies de uiterste datum voor deze voorwaarde." in dateless.text
    assert sofie.post(page, {**typed, "reason": "Een kostenlijn is geschrapt."}).status_code == 302
    with app.app_context():
        changed = get_decision(first.id)
        assert (changed.outcome, str(changed.amount)) == ("conditional", "350000.00")
        assert [each.text for each in changed.conditions] == ["Onderteken de overeenkomst."]
    assert "Onderteken de overeenkomst." in sofie.get(page).text


@pytest.mark.parametrize("amount", ["-1", "1e99", "veel", "400.000,01", "349.999,99"])
def test_an_impossible_amount_is_refused_at_its_field(world, sofie, amount):
    [first, *_] = world(given_prepared, world(given_line), world(given_administrator, "Karel Maes"))
    answer = sofie.post(f"/desk/decisions/{first.id}", {"outcome": "approved", "amount": amount, "reason": "Daarom."})
    assert answer.status_code == 422
    assert 'id="amount-error"' in answer.text


def test_a_confirmed_decision_is_taken_back_on_its_page(app, world, sofie):
    [first, *_] = world(given_confirmed, world(given_line))
    page = f"/desk/decisions/{first.id}"
    assert 'name="outcome"' not in sofie.get(page).text
    assert sofie.post(page, {"outcome": "refused", "reason": "Toch niet."}, page="/my-work").status_code == 409
    officer = browser_of(app, world, Role.CASE_OFFICER)
    assert officer.post(f"{page}/recall", page="/my-work").status_code == 403
    assert sofie.post(f"{page}/recall", page=page).status_code == 302
    assert 'name="outcome"' in sofie.get(page).text


def test_a_case_officer_follows_an_award_and_lets_it_lapse(app, world):
    decisions = world(given_published, world(given_line))
    page = f"/desk/decisions/{decisions[0].id}"
    officer = browser_of(app, world, Role.CASE_OFFICER)
    auditor = browser_of(app, world, Role.AUDITOR)
    assert "Subsidie laten vervallen" in officer.get(f"{page}/award").text
    assert "Subsidie laten vervallen" not in auditor.get(f"{page}/award").text
    assert auditor.post(f"{page}/lapse", {"reason": "Geen antwoord."}, page="/my-work").status_code == 403
    assert officer.post(f"{page}/lapse", {"reason": ""}).status_code == 422
    assert officer.post(f"{page}/lapse", {"reason": "Geen antwoord."}).status_code == 302
    with app.app_context():
        assert get_decision(decisions[0].id).state == DecisionState.LAPSED


def test_an_unknown_round_or_decision_is_not_found(app, world, sofie):
    assert sofie.get("/desk/rounds/B-2099-1/ranking").status_code == 404
    assert sofie.get("/desk/decisions/987654321").status_code == 404
    with app.app_context(), pytest.raises(NotFound):
        get_decision(987654321)
