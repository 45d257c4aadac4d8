"""Letters: their texts, what is frozen when a decision is told, and the preview on real files."""

import json
from types import SimpleNamespace

import psycopg
import pytest
import sqlalchemy as sa

from portal.accounts.commands.organisations import grant_right
from portal.accounts.queries import list_leads
from portal.core.actor import Right, Role
from portal.core.db import db
from portal.core.digests import digest
from portal.core.errors import RuleViolation
from portal.core.event_log import list_timeline
from portal.decisions.commands.answering import decline_award
from portal.decisions.commands.contesting import answer_review
from portal.decisions.commands.letters import freeze_letters, restore_text, save_text
from portal.decisions.commands.publishing import publish_round
from portal.decisions.letter_models import Letter
from portal.decisions.letter_queries import get_standing, list_letters, list_versions, shipped_text
from portal.decisions.letter_text import fill
from portal.decisions.letter_values import values_of_decision
from portal.decisions.request_queries import get_desk_request
from portal.decisions.states import LetterKind
from tests.world.accounts import ctx_for, given_person
from tests.world.decisions import (
    REQUEST,
    RESULTS_DAY,
    SIGNER,
    given_administrator,
    given_confirmed,
    given_prepared,
    given_published,
    given_ranked_application,
    given_review_request,
    given_reviewed_round,
    given_submitted_application,
    reload,
)
from tests.world.http import Visitor, seen_on
from tests.world.letters import ATTACK, given_told_round

NEW = "# Aanvraag {{ referentie }}\n\nWij kennen {{ bedrag }} toe.\n\n{{ motivering }}"


def given_line():
    """One that fits, one that is offered what is left, one reserve, one below a threshold."""
    made = given_reviewed_round(budget="700000.00")
    given_ranked_application(made, "84.17")
    given_ranked_application(made, "71.00", minimum="250000.00")
    given_ranked_application(made, "65.00")
    given_ranked_application(made, "52.33", missed=["total"])
    return made


def standing_in(round_, kind):
    return get_standing(round_.call.programme.code, kind)


def give_reading_right(application, person):
    lead = list_leads([application.promotor_id])[0]
    grant_right(ctx_for(lead), application.promotor, person, Right.READER)


def content_of(letter):
    return json.loads(letter.content)


def one_letter(decision):
    (letter,) = list_letters(decision)
    return letter


def words_of(letter):
    said = content_of(letter)
    blocks = fill(said["text"], said["values"])
    return " ".join("".join(run.text for run in line) for block in blocks for line in block.lines).replace("\xa0", " ")


def test_publishing_freezes_one_letter_for_each_decision_and_nothing_is_frozen_before(inside):
    round_ = given_line()
    given_confirmed(round_)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Letter)) == 0
    decisions = publish_round(ctx_for(given_administrator("Jan Roels"), RESULTS_DAY), round_, SIGNER)
    db.session.commit()
    letters = [one_letter(each) for each in decisions]
    assert [each.kind for each in letters] == [
        LetterKind.AWARDED,
        LetterKind.REDUCED,
        LetterKind.RESERVE,
        LetterKind.REFUSED,
    ]
    for letter in letters:
        assert letter.sha256 == digest(letter.content)
        frozen = [
            each for each in list_timeline("decision", letter.decision_id) if each.topic == "decision.letter-frozen"
        ]
        assert [each.payload["sha256"] for each in frozen] == [letter.sha256]


def test_a_letter_says_what_was_decided_until_when_and_how_to_object(inside):
    awarded, reduced, reserve, refused = (words_of(one_letter(each)) for each in given_published(given_line()))
    assert "€ 400.000,00 (vierhonderdduizend euro): het bedrag dat u vroeg" in awarded
    assert "uiterlijk op 13 november 2022" in awarded
    assert "herzien" not in awarded, "it gives all that was asked"
    assert "€ 300.000,00 (driehonderdduizend euro)" in reduced
    assert "laat het budget niet meer toe dan dit bedrag" in reduced
    assert "plaats 1 van de reservelijst" in reserve
    assert "ten laatste tot en met 14 april 2023" in reserve
    assert "totaalscore van 52,33 op 100" in refused
    assert "geen subsidie" in refused
    for each in (reduced, reserve, refused):
        assert "uiterlijk op 29 oktober 2022 om 23.59.59 uur" in each
    for each in (awarded, reduced, reserve, refused):
        assert f"{SIGNER} Departement" in each.replace("\n", " ")


def test_a_letter_is_dutch_whatever_language_its_publisher_reads(app, world):
    made = world(given_told_round)
    with app.app_context(), app.test_request_context(headers={"Accept-Language": "en"}):
        letter = db.session.get_one(Letter, made.refused.number)
        decision = reload(SimpleNamespace(id=letter.decision_id))
        values = values_of_decision(decision, decision.application.feedback, letter.told_at)
        assert values == content_of(letter)["values"]
        assert values["datum"] == "14 oktober 2022"


def test_what_a_letter_says_stays_when_its_text_changes_later(inside):
    round_ = given_line()
    decisions = given_published(round_)
    before = one_letter(decisions[0]).content
    standing = standing_in(round_, "awarded")
    save_text(ctx_for(given_administrator(), RESULTS_DAY), standing, NEW, based_on=0)
    db.session.commit()
    assert one_letter(decisions[0]).content == before
    assert content_of(one_letter(decisions[0]))["version"] == 0
    for statement in ("UPDATE letter SET content = '{}'", "DELETE FROM letter", "UPDATE letter_text SET text = 'x'"):
        with pytest.raises(sa.exc.ProgrammingError) as refusal, db.session.begin_nested():
            db.session.execute(sa.text(statement))
        assert isinstance(refusal.value.orig, psycopg.errors.InsufficientPrivilege)


def test_the_next_letters_use_the_version_that_stands(inside):
    round_ = given_line()
    standing = standing_in(round_, "awarded")
    save_text(ctx_for(given_administrator(), RESULTS_DAY), standing, NEW, based_on=0)
    db.session.commit()
    first, *_others = given_published(round_)
    assert content_of(one_letter(first))["version"] == 1
    assert words_of(one_letter(first)).startswith("Aanvraag DB-")
    again = ctx_for(given_administrator("Karel Maes"), RESULTS_DAY)
    with pytest.raises(sa.exc.IntegrityError), db.session.begin_nested():
        freeze_letters(again, [first])


def test_an_earlier_version_is_restored_as_a_new_one_and_each_is_logged(inside):
    round_ = given_reviewed_round()
    author = given_administrator()
    ctx = ctx_for(author, RESULTS_DAY)
    save_text(ctx, standing_in(round_, "refused"), "# Een", based_on=0)
    save_text(ctx, standing_in(round_, "refused"), "# Twee\r\n\r\nRegel  \r\n", based_on=1)
    restore_text(ctx, standing_in(round_, "refused"), 1)
    restore_text(ctx, standing_in(round_, "refused"), 0)
    standing = standing_in(round_, "refused")
    assert (standing.number, standing.text) == (4, shipped_text(LetterKind.REFUSED))
    versions = list_versions(standing)
    assert [(each.number, each.restored_number, each.written_by.name) for each in versions] == [
        (4, 0, author.name),
        (3, 1, author.name),
        (2, None, author.name),
        (1, None, author.name),
    ]
    assert versions[2].text == "# Twee\n\nRegel"
    logged = list_timeline("programme", round_.call.programme_id)
    assert [(each.payload["kind"], each.payload["number"], each.payload["sha256"]) for each in logged] == [
        ("refused", each.number, digest(each.text)) for each in reversed(versions)
    ]


@pytest.mark.parametrize(
    ("text", "based_on", "codes"),
    [
        ("# Brief\n\nBeste {{ naam }}", 0, ["variable-unknown"]),
        ("# Brief\n\nBeste {{ promotor", 0, ["brace-alone"]),
        (shipped_text(LetterKind.REFUSED), 0, ["text-unchanged"]),
        ("# Brief", 3, ["text-overtaken"]),
    ],
)
def test_a_text_with_a_problem_is_refused_and_nothing_changes(inside, text, based_on, codes):
    round_ = given_reviewed_round()
    with pytest.raises(RuleViolation) as refusal:
        save_text(ctx_for(given_administrator(), RESULTS_DAY), standing_in(round_, "refused"), text, based_on=based_on)
    assert refusal.value.codes == codes
    assert standing_in(round_, "refused").number == 0


def test_a_promoted_reserve_and_an_answered_request_get_letters_of_their_own(inside):
    first, _reduced, reserve, refused = given_published(given_line())
    lead = list_leads([first.application.promotor_id])[0]
    decline_award(ctx_for(lead, "2022-10-20T10:00"), reload(first), "Wij zien ervan af.")
    told, promoted = list_letters(reload(reserve))
    assert (told.kind, promoted.kind) == (LetterKind.RESERVE, LetterKind.PROMOTED)
    assert "uiterlijk op 19 november 2022" in words_of(promoted)
    assert "uiterlijk op 4 november 2022 om 23.59.59 uur" in words_of(promoted)

    asker = list_leads([refused.application.promotor_id])[0]
    request = given_review_request(refused, asker, "2022-10-20T10:00", REQUEST)
    answerer = given_administrator("Tine Baert")
    found = get_desk_request(request.id, [], lock=True)
    answer_review(ctx_for(answerer, "2022-11-02T10:00"), found, is_upheld=False, answer="De score steunt op de tekst.")
    letter = list_letters(reload(refused))[-1]
    assert letter.kind is LetterKind.DISMISSED
    assert "Op 20 oktober 2022 vroeg u een herziening" in words_of(letter)
    assert "De score steunt op de tekst." in words_of(letter)


WHY_NOT = "Er was bij het indienen geen getekende overeenkomst (OV-07)."


def given_inadmissible():
    """An application that a case officer found inadmissible on her page; with her, and the lead partner's address."""
    round_ = given_reviewed_round()
    application = given_submitted_application(round_, name="Digibank Polderlint")
    lead, officer = list_leads([application.promotor_id])[0], given_person("Nele Peeters", roles=[Role.CASE_OFFICER])
    return SimpleNamespace(ref=application.reference, code=round_.code, lead=lead.email, officer=officer.email)


def test_an_inadmissible_application_gets_a_letter_with_the_reason_and_an_admissible_one_none(app, world):
    made, stranger = world(given_inadmissible), world(given_person, "Bram Nijs")
    officer, lead = (Visitor(app).sign_in(email) for email in (made.officer, made.lead))
    page, letter_page = f"/desk/dossiers/{made.ref}/inadmissible", f"/applications/{made.ref}/inadmissible"
    assert lead.get(letter_page).status_code == 404
    assert officer.post(page, {"reason": " "}).status_code == 422
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Letter)) == 0
    assert officer.post(page, {"reason": WHY_NOT}).status_code == 302
    with app.app_context():
        [letter] = db.session.scalars(sa.select(Letter))
        assert (letter.kind, letter.decision_id) == (LetterKind.INADMISSIBLE, None)
        assert WHY_NOT in words_of(letter)
        frozen = [each for each in list_timeline("application", letter.application_id) if "letter" in each.topic]
        assert [each.payload["sha256"] for each in frozen] == [letter.sha256]
        sha256 = letter.sha256
    shown = lead.get(letter_page).text
    assert WHY_NOT in shown
    assert "Wordt gemaakt" in shown
    assert f'href="{letter_page}"' in lead.get(f"/applications/{made.ref}").text
    assert Visitor(app).sign_in(stranger.email).get(letter_page).status_code == 404
    assert "Wordt gemaakt" in officer.get(f"/desk/rounds/{made.code}/letters").text
    assert "Het klopt<" in Visitor(app).post("/verify", {"reference": made.ref, "sha256": sha256}).text


def test_an_administrator_sees_a_text_on_a_real_file_and_saves_it(app, world):
    round_ = world(given_reviewed_round)
    world(given_ranked_application, round_, "84.17", name=ATTACK)
    world(given_prepared, round_, world(given_administrator, "Karel Maes"))
    sofie = Visitor(app).sign_in(world(given_administrator).email)
    page = f"/desk/letters/{round_.call.programme.code}/awarded/edit"
    shown = sofie.get(page)
    assert "Voorbeeld</p>" in shown.text
    assert "&lt;script&gt;alert(&#34;x&#34;)&lt;/script&gt; {{ bedrag }} **vet**" in shown.text
    assert "<script>alert" not in shown.text
    answer = sofie.post(page, {"text": NEW, "based_on": "0", "preview": "y"})
    assert answer.status_code == 200
    assert "Wij kennen €\xa0400.000,00 toe." in answer.text
    wrong = sofie.post(page, {"text": f"{NEW}\n\n{{{{ naam }}}}", "based_on": "0"})
    assert wrong.status_code == 422
    assert "Regel 7: er is geen variabele “naam”." in wrong.text
    assert "{{ naam }}" in wrong.text, "nothing typed is lost"
    with app.app_context():
        assert standing_in(round_, "awarded").number == 0
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Letter)) == 0
    assert sofie.post(page, {"text": NEW, "based_on": "0"}).status_code == 302
    assert "Versie 1" in sofie.get("/desk/letters").text
    overtaken = sofie.post(page, {"text": "# Anders", "based_on": "0"})
    assert "Iemand bewaarde ondertussen versie 1." in overtaken.text
    assert sofie.post(page.replace("edit", "versions/0/restore")).status_code == 302
    assert "Herhaalt de meegeleverde tekst" in sofie.get(page.removesuffix("/edit")).text


def test_a_pending_decision_is_no_example_for_who_takes_part_in_its_round(app, world):
    round_ = world(given_reviewed_round)
    application = world(given_ranked_application, round_, "84.17", name="Digibank Polderlint")
    world(given_prepared, round_, world(given_administrator, "Karel Maes"))
    page = f"/desk/letters/{round_.call.programme.code}/awarded/edit"
    inside, outside = world(given_administrator), world(given_administrator, "Jan Roels")
    world(give_reading_right, application, inside)
    assert "Polderlint" in Visitor(app).sign_in(outside.email).get(page).text
    shown = Visitor(app).sign_in(inside.email).get(page)
    assert "Polderlint" not in shown.text
    assert "Geen dossier om ze op te proberen" in shown.text


def test_the_page_to_publish_counts_the_letters_and_the_board_leads_to_them(app, world):
    round_ = world(given_line)
    world(given_confirmed, round_)
    jan = Visitor(app).sign_in(world(given_administrator, "Jan Roels").email)
    page = f"/desk/rounds/{round_.code}/publish"
    shown = jan.get(page).text
    text = " ".join(shown.split())
    assert "4 brieven, binnen enkele minuten gemaakt als pdf en Word" in text
    assert "1 × <a" in text
    assert "Een e-mail naar iedereen die voor een van de partners mag ondertekenen" in text
    assert jan.post(page, {"signed_by": SIGNER, "seen": seen_on(shown)}).status_code == 302
    board = jan.get(f"/desk/rounds/{round_.code}/ranking").text
    assert f'href="/desk/rounds/{round_.code}/letters"' in board
    assert jan.get(f"/desk/rounds/{round_.code}/letters").text.count("Wordt gemaakt") == 4
