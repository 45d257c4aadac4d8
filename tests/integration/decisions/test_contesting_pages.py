"""What the lead partner, its partners and the desk see of a request for review, and who is kept from it."""

from datetime import timedelta

import pytest

from portal.accounts.commands.organisations import grant_right
from portal.core.actor import Right, Role
from portal.core.clock import machine_now
from portal.core.event_log import record
from portal.decisions.contesting import term_of
from portal.decisions.events import DecisionChanged
from portal.decisions.states import Ground
from tests.world.accounts import ctx_for, given_organisation, given_person
from tests.world.decisions import (
    REQUEST,
    given_published,
    given_ranked_application,
    given_review_request,
    given_reviewed_round,
)
from tests.world.http import Visitor

ANSWER = "De score stemt overeen met de consensustekst."


def days_ago(days):
    return (machine_now() - timedelta(days=days)).isoformat()


def now():
    return days_ago(0)


def given_refusals(*partnerships, at, lead=None):
    """Refusals of one round, published ``at``; the first is of ``lead``'s organisation."""
    round_ = given_reviewed_round()
    for place, name in enumerate(partnerships):
        promotor = given_organisation(lead, name=f"Streekvereniging {name}") if lead and not place else None
        facts = {"promotor": promotor} if promotor else {}
        given_ranked_application(round_, f"{50 - place}.00", missed=["total"], name=name, **facts)
    return given_published(round_, at)


@pytest.fixture
def eva(world):
    return world(given_person, "Eva Claes")


@pytest.fixture
def refused(world, eva):
    """A refusal that was published two days ago."""
    return world(given_refusals, "Digibank Noordheide", at=days_ago(2), lead=eva)[0]


def pages_of(decision):
    page = f"/applications/{decision.application.reference}/decision"
    return page, f"{page}/review"


def browser_of(app, person):
    return Visitor(app).sign_in(person.email)


def text_of(answer):
    return answer.text.replace("\xa0", " ")


def test_the_lead_partner_asks_and_withdraws_a_review(app, eva, refused):
    page, ask = pages_of(refused)
    browser = browser_of(app, eva)
    text = text_of(browser.get(page))
    assert "Herziening vragen" in text
    assert "23.59.59 uur" in text
    assert browser.post(ask, {"ground": "content", "text": REQUEST}).status_code == 302
    text = text_of(browser.get(page))
    for shown in ("Herziening gevraagd", REQUEST, "Inhoud van de beoordeling", "Verzoek intrekken"):
        assert shown in text, shown
    assert "Herziening vragen" not in text
    assert "werd al gevraagd" in browser.get(ask).text
    assert "Herziening gevraagd" in browser.get(page.replace("/decision", "/timeline")).text
    assert browser.post(f"{ask}/withdraw").status_code == 302
    assert "Verzoek tot herziening ingetrokken" in browser.get(page).text
    assert browser.post(f"{ask}/withdraw", page="/my-work").status_code == 409


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"ground": "content", "text": "Te kort."}, "Schrijf minstens 50 tekens; dit zijn er 8."),
        ({"ground": "content", "text": "Te lang. " * 600}, "de grens is 5000"),
        ({"ground": "content", "text": "  "}, "Schrijf waarom de beslissing herzien moet worden."),
        ({"text": REQUEST}, "Kies waarover het verzoek gaat."),
        ({"ground": "zomaar", "text": REQUEST}, "ground"),
    ],
)
def test_a_refused_request_comes_back_as_it_was_typed(app, eva, refused, sent, said):
    page, ask = pages_of(refused)
    browser = browser_of(app, eva)
    answer = browser.post(ask, sent)
    assert answer.status_code == 422
    assert said in answer.text
    assert sent["text"].strip()[:200] in answer.text
    assert "Herziening vragen" in browser.get(page).text, "nothing was asked"


def test_a_request_that_comes_too_late_is_refused_and_what_was_typed_comes_back(app, world, eva):
    late = world(given_refusals, "Digibank Noordheide", at=days_ago(17), lead=eva)[0]
    page, ask = pages_of(late)
    browser = browser_of(app, eva)
    text = text_of(browser.get(page))
    assert "Die termijn is voorbij." in text
    assert "Herziening vragen" not in text
    assert "Een herziening kon gevraagd worden" in browser.get(ask).text
    answer = browser.post(ask, {"ground": "technical", "text": REQUEST}, page="/account")
    assert answer.status_code == 422
    assert "Een herziening kon gevraagd worden" in answer.text
    assert REQUEST in answer.text
    assert "Herziening gevraagd" not in browser.get(page).text


def test_only_who_may_sign_for_the_lead_partner_asks(app, world, eva, refused):
    page, ask = pages_of(refused)
    colleague, stranger = world(given_person, "Tom Maes"), world(given_person, "An Smet")
    world(lambda: grant_right(ctx_for(), refused.application.promotor, colleague, Right.STAFF))
    sent = {"ground": "content", "text": REQUEST}
    browser = browser_of(app, colleague)
    text = browser.get(page).text
    assert "Herziening vragen" not in text
    assert "Iemand die mag tekenen voor" in text
    assert browser.post(ask, sent, page="/my-work").status_code == 403
    assert browser_of(app, stranger).post(ask, sent, page="/my-work").status_code == 404
    assert browser_of(app, eva).post(ask, sent).status_code == 302
    assert REQUEST in browser.get(page).text, "a colleague reads what was asked"
    assert browser.post(f"{ask}/withdraw", page="/my-work").status_code == 403


def test_an_award_of_all_that_was_asked_says_nothing_of_a_review(app, world, eva):
    def given_award():
        round_ = given_reviewed_round()
        given_ranked_application(round_, "90.00", promotor=given_organisation(eva))
        return given_published(round_, days_ago(2))[0]

    page, ask = pages_of(world(given_award))
    browser = browser_of(app, eva)
    assert "Herziening" not in browser.get(page).text
    assert "er is niets te herzien" in browser.get(ask).text


def test_a_case_officer_answers_and_the_partners_read_it(app, world, eva, refused):
    request = world(given_review_request, refused, eva, now())
    nele = browser_of(app, world(given_person, "Nele Peeters", roles=[Role.CASE_OFFICER]))
    desk = f"/desk/review-requests/{request.id}"
    assert "Een verzoek tot herziening beantwoorden" in nele.get("/my-work").text
    assert "U kunt antwoorden" in nele.get("/desk/review-requests").text
    text = nele.get(desk).text
    for shown in (REQUEST, "Verzoek beantwoorden", f"/desk/dossiers/{refused.application.reference}", "/award"):
        assert shown in text, shown
    answer = nele.post(f"{desk}/answer", {"verdict": "uphold", "answer": "Kort."})
    assert answer.status_code == 422
    assert "Kort." in answer.text
    assert nele.post(f"{desk}/answer", {"verdict": "uphold", "answer": ANSWER}).status_code == 302
    assert "Er is een nieuwe beslissing nodig" in nele.get(desk).text
    assert "Een verzoek tot herziening beantwoorden" not in nele.get("/my-work").text
    assert "Beantwoord of ingetrokken" in nele.get("/desk/review-requests").text
    assert nele.post(f"{desk}/answer", {"verdict": "dismiss", "answer": ANSWER}, page="/account").status_code == 409
    page, _ask = pages_of(refused)
    text = browser_of(app, eva).get(page).text
    for shown in ("Herziening ingewilligd", ANSWER, "Geweigerd"):
        assert shown in text, shown
    assert "Nele" not in text


def test_an_administrator_answers_on_the_content_alone_and_not_on_a_decision_of_their_own(app, world, eva, refused):
    request = world(given_review_request, refused, eva, now())
    desk = f"/desk/review-requests/{request.id}"
    sofie, other = (world(given_person, name, roles=[Role.ADMINISTRATOR]) for name in ("Jan Roels", "Karin Smet"))
    world(prepare_anew, refused, sofie)
    decided, uninvolved = browser_of(app, sofie), browser_of(app, other)
    sent = {"verdict": "dismiss", "answer": ANSWER}
    assert "Iemand anders" in decided.get("/desk/review-requests").text
    assert "die geen aandeel had in de beslissing" in decided.get(desk).text
    assert "Een verzoek tot herziening beantwoorden" not in decided.get("/my-work").text
    assert decided.post(f"{desk}/answer", sent, page="/my-work").status_code == 403
    assert "Een verzoek tot herziening beantwoorden" in uninvolved.get("/my-work").text
    assert uninvolved.post(f"{desk}/answer", sent).status_code == 302


def prepare_anew(decision, person):
    """Let the log say that ``person`` had a hand in the decision, as preparing it would."""
    record(ctx_for(person), DecisionChanged(decision_id=decision.id, outcome="refused", amount=decision.amount))


def test_a_technical_error_is_for_a_case_officer(app, world, eva, refused):
    request = world(lambda: given_review_request(refused, eva, now(), ground=Ground.TECHNICAL))
    address = f"/desk/review-requests/{request.id}/answer"
    admin, officer = (
        browser_of(app, world(given_person, name, roles=[role]))
        for name, role in (("Karin Smet", Role.ADMINISTRATOR), ("Nele Peeters", Role.CASE_OFFICER))
    )
    sent = {"verdict": "dismiss", "answer": ANSWER}
    assert admin.post(address, sent, page="/my-work").status_code == 403
    assert officer.post(address, sent).status_code == 302


def test_who_takes_part_in_the_round_reads_no_request_and_finds_none_in_the_list(app, world, eva):
    mine, other = world(given_refusals, "Digibank Noordheide", "Digibank Polderlint", at=days_ago(2), lead=eva)
    request = world(given_review_request, mine, eva, now())
    nele = world(given_person, "Nele Peeters", roles=[Role.CASE_OFFICER])
    desk = f"/desk/review-requests/{request.id}"
    browser = browser_of(app, nele)
    assert browser.get(desk).status_code == 200
    world(lambda: grant_right(ctx_for(), other.application.promotor, nele, Right.READER))
    assert browser.get(desk).status_code == 403
    assert "Digibank Noordheide" not in browser.get("/desk/review-requests").text
    assert "Een verzoek tot herziening beantwoorden" not in browser.get("/my-work").text
    assert browser.get(f"{desk}/answer").status_code == 403
    assert browser_of(app, eva).get(desk).status_code == 404, "the desk's page is not the applicant's"


def test_the_list_costs_the_same_for_one_request_as_for_three(app, world, eva, count_statements):
    nele = world(given_person, "Nele Peeters", roles=[Role.CASE_OFFICER])
    browser = browser_of(app, nele)
    names = ("Digibank Noordheide", "Digibank Polderlint", "Digibank Leiestreek")
    refusals = world(given_refusals, *names, at=days_ago(2), lead=eva)
    sent = []
    for each in refusals:
        world(given_review_request, each, eva, now())
        browser.get("/desk/review-requests")
        with count_statements() as statements:
            assert each.application.partnership.name in browser.get("/desk/review-requests").text
        sent.append(len(statements))
    assert len(set(sent)) == 1, sent


def test_the_shown_term_is_the_one_that_counts(app, eva, refused):
    term = term_of(refused, machine_now())
    assert f"{term.last_day.day} " in text_of(browser_of(app, eva).get(pages_of(refused)[0]))
    assert term.is_open
