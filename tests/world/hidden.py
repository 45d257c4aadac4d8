"""A round in review with a word of its own in everything that somebody must not read, and who may read each."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from portal.accounts.models import Organisation
from portal.applications.models import Application, Judgement
from portal.applications.states import Outcome
from portal.calls.queries import terms_of
from portal.core.actor import Role
from portal.core.db import db
from portal.decisions.commands.preparing import change_decision
from portal.partnerships.models import Partner
from portal.partnerships.states import PartnerRole
from portal.reviewing.commands.answering import declare_conflict, decline_review
from portal.reviewing.commands.assigning import take_off
from portal.reviewing.commands.showing import set_visibility
from portal.reviewing.commands.writing import save_review, submit_review
from portal.reviewing.queries import get_review
from portal.reviewing.rules import ReviewAnswers, Score
from portal.reviewing.visibility import Matrix, Naming
from tests.world.accounts import ctx_for, given_organisation, given_person
from tests.world.applications_models import EXECUTION, TYPED, change_answer, given_complete_draft, given_open_round
from tests.world.decisions import (
    RANKING_DAY,
    given_administrator,
    given_prepared,
    given_ranked_application,
    given_reviewed_round,
    reload,
)
from tests.world.reviewing import (
    REVIEW_DAY,
    admit,
    given_admissible_application,
    given_assigned_review,
    given_case_officer,
    given_consensus,
    given_reviewer,
)

STAFF = ("officer", "auditor")
LIGHT = next(each.code for each in EXECUTION.definition.criteria if each.weight == 5)


@dataclass(frozen=True)
class Word:
    """Something planted. ``readers``: who meets it somewhere; ``also``: who may, and need not; nobody else ever."""

    text: str
    readers: frozenset[str]
    also: frozenset[str] = frozenset()

    def may(self, name):
        return name in self.readers or name in self.also


@dataclass
class Hidden:
    """The people by name, with their addresses (None: a visitor), the words, and what can stand in an address."""

    people: dict[str, str | None]
    words: list[Word]
    values: dict[str, list[object]]

    def plant(self, text, *readers, also=()):
        self.words.append(Word(text, frozenset(readers), frozenset(also)))
        return text


def given_hidden_words():
    """Reviews in every state of one application, all reviews of a second, and pending decisions of another round."""
    officer, auditor, admin = (
        given_case_officer(),
        given_person("Greet Aerts", roles=[Role.AUDITOR]),
        given_administrator(),
    )
    inside = given_person("Stijn Baert", roles=[Role.CASE_OFFICER])
    lead, partner = given_person("Eva Claes"), given_person("Karim Aznag")
    names = ("Annelies Lokaas", "Bert Maes", "Cleo Smet", "Dirk Pauwels", "Elke Baert", "Fien Roels")
    people = {name.split()[0].lower(): given_reviewer(name) for name in names}
    people |= {
        "officer": officer,
        "inside": inside,
        "auditor": auditor,
        "admin": admin,
        "lead": lead,
        "partner": partner,
    }
    people["stranger"] = given_person("Ruben Geerinck")
    emails = {"visitor": None, **{name: each.email for name, each in people.items()}}
    hidden = Hidden(emails, [], {})
    hidden.plant("Annelies Lokaas", "annelies", "admin", *STAFF, also=["inside"])
    round_ = given_open_round()
    promotor = given_organisation(lead, staff=[inside])
    one = given_admissible_application(promotor, round_=round_, officer=officer)
    _add_partner(one, given_organisation(partner, name="Buurthuis De Spil"))
    two = given_admissible_application(given_organisation(name="OCMW Vlierbeke"), round_=round_, officer=officer)
    _review_one(hidden, one, people)
    _review_two(hidden, two, people)
    _decide(hidden, admin)
    _fill(hidden, [one, two])
    return hidden


def _add_partner(application, organisation):
    partnership = application.partnership_id
    row = Partner(
        partnership_id=partnership,
        organisation_id=organisation.id,
        role=PartnerRole.NETWORK,
        started_on=date(2022, 6, 1),
    )
    db.session.add(row)
    db.session.commit()


def _words_of(hidden, who, place, *readers, note=()):
    """A review's reasons and texts, each a word of its own; ``note`` are the readers of the note."""
    texts = {
        name: hidden.plant(f"lok{name}{who}{place} en nog wat woorden", *(note if name == "nota" else readers))
        for name in ("motivering", "sterk", "zwak", "nota")
    }
    return texts["motivering"], texts["sterk"], texts["zwak"], texts["nota"]


def _written(review, texts, scores):
    """The review, saved with these texts; the odd score of a light criterion makes a total that stands nowhere else."""
    usual, odd = scores
    reason, strengths, weaknesses, note = texts
    given = {
        each.code: Score(odd if each.code == LIGHT else usual, reason=reason)
        for each in terms_of(review.application.round).criteria
    }
    answers = ReviewAnswers(given, strengths, weaknesses, note)
    save_review(ctx_for(review.reviewer, REVIEW_DAY), review, answers, review.version)
    db.session.commit()
    return get_review(review.id, lock=True)


def _submitted(application, person, texts, scores):
    review = _written(given_assigned_review(application, person), texts, scores)
    submit_review(ctx_for(person, REVIEW_DAY), review)
    db.session.commit()
    return get_review(review.id, lock=True)


def _figures(hidden, application, *readers, with_mean=True):
    """Plant the spread of what is in, and the mean where no consensus takes its place."""
    mean, spread = db.session.execute(
        sa.text("SELECT total, spread FROM assessment WHERE application_id = :id"), {"id": application.id}
    ).one()
    for figure in (mean, spread) if with_mean else (spread,):
        hidden.plant(f"{figure:.2f}".replace(".", ","), *readers)


def _review_one(hidden, one, people):
    """Two are in, one writes; one declined, one was taken off, one declared a conflict: nobody reads another."""
    judged = sa.update(Judgement).where(Judgement.application_id == one.id, Judgement.rule == "OV-07")
    db.session.execute(judged.values(reason=hidden.plant("loknotabijregel", "admin", *STAFF)))
    for who, scores in (("annelies", (1, 4)), ("bert", (9, 8))):
        texts = _words_of(hidden, who, "een", who, *STAFF, note=(who, *STAFF))
        review = _submitted(one, people[who], texts, scores)
        hidden.plant(f"{review.total:.2f}".replace(".", ","), who, *STAFF)
    _figures(hidden, one, *STAFF)
    draft = _words_of(hidden, "cleo", "een", "cleo", note=("cleo",))
    _written(given_assigned_review(one, people["cleo"]), draft, (3, 6))
    asked = given_assigned_review(one, people["dirk"], is_accepted=False)
    decline_review(ctx_for(people["dirk"], REVIEW_DAY), asked, hidden.plant("lokreden van wie weigert", *STAFF))
    db.session.commit()
    off = _written(given_assigned_review(one, people["elke"]), _words_of(hidden, "elke", "een"), (4, 5))
    take_off(ctx_for(people["officer"], REVIEW_DAY), off, hidden.plant("lokreden van wie eraf ging", *STAFF))
    db.session.commit()
    tied = given_assigned_review(one, people["fien"])
    declare_conflict(ctx_for(people["fien"], REVIEW_DAY), tied, hidden.plant("lokuitleg bij een conflict", *STAFF))
    db.session.commit()


def _review_two(hidden, two, people):
    """All are in, so its reviewers read each other; the consensus is the department's until results are out."""
    trio = ("annelies", "bert", "cleo")
    for who, scores in zip(trio, ((2, 5), (9, 6), (7, 6)), strict=True):
        texts = _words_of(hidden, who, "twee", *trio, "inside", *STAFF, note=(who, "inside", *STAFF))
        review = _submitted(two, people[who], texts, scores)
        hidden.plant(f"{review.total:.2f}".replace(".", ","), *trio, "inside", *STAFF)
    _figures(hidden, two, "inside", *STAFF, with_mean=False)
    given_consensus(two, 6, text=hidden.plant("lokconsensus van de beoordelaars", "inside", *STAFF))


def _decide(hidden, admin):
    round_ = given_reviewed_round()
    lead = given_person("Nadia Wouters")
    application = given_ranked_application(round_, "81.00", name="Digibank Vlier", promotor=given_organisation(lead))
    hidden.people["awaiting"] = lead.email
    (decision,) = given_prepared(round_, admin)
    reason = hidden.plant("lokreden van een voorgenomen beslissing", "admin", *STAFF, also=["inside"])
    change_decision(ctx_for(admin, RANKING_DAY), reload(decision), outcome=Outcome.REFUSED, amount=0, reason=reason)
    db.session.commit()
    hidden.values["decided"] = [application.reference]
    hidden.values["decision"] = [decision.id]


def _fill(hidden, applications):
    """What stands in addresses: the three applications and everything that hangs on them."""
    stmt = sa.select(Application).where(Application.reference.in_(hidden.values.pop("decided", [])))
    everything = [*applications, *db.session.scalars(stmt.options(sa.orm.joinedload(Application.round)))]
    numbers = sa.select(Organisation.enterprise_number).where(
        Organisation.id.in_([each.promotor_id for each in everything])
    )
    reviews = list(db.session.scalars(sa.text("SELECT id FROM review ORDER BY id")))
    hidden.values |= {
        "ref": [each.reference for each in everything],
        "code": sorted({each.round.code for each in everything}),
        "review_id": reviews,
        "number": list(db.session.scalars(numbers)),
        "partnership": [each.partnership_id for each in everything],
        "person": list(db.session.scalars(sa.text("SELECT id FROM person WHERE name = 'Annelies Lokaas'"))),
        "application": [each.id for each in everything],
    }


def given_blind_words():
    """A blind round: two reviewers of one application, one writing and one invited, and whoever knows whose it is."""
    officer, admin, lead = given_case_officer(), given_administrator(), given_person("Wannes Lokcontact")
    writing, asked = given_reviewer("Bert Maes"), given_reviewer("Cleo Smet")
    people = {"officer": officer, "lead": lead, "bert": writing, "cleo": asked}
    hidden = Hidden({name: each.email for name, each in people.items()}, [], {})
    round_ = given_open_round()
    set_visibility(ctx_for(admin, REVIEW_DAY), round_, Matrix(naming=Naming.BLIND), "")
    promotor = given_organisation(lead, name="Streekvereniging Lokpromotor")
    draft = given_complete_draft(promotor, round_=round_)
    draft.partnership.name = "Digibank Lokbank"
    _add_partner(draft, given_organisation(name="Buurthuis Lokpartner"))
    change_answer(
        draft,
        "cooperation",
        f"{TYPED} STREEKVERENIGING lokpromotor werkt met Buurthuis Lokpartner, mail lok@post.example.",
    )
    change_answer(
        draft, "contact_person", {"name": "Wannes Lokcontact", "email": "wannes@lok.example", "phone": "014 12 34 56"}
    )
    one = admit(draft, officer)
    review = given_assigned_review(one, writing)
    given_assigned_review(one, asked, is_accepted=False)
    hidden.plant(promotor.enterprise_number, "lead", also=["officer"])
    names = ("Streekvereniging Lokpromotor", "Digibank Lokbank", one.reference)
    for text in (*names, "Buurthuis Lokpartner", "Wannes Lokcontact", "cooperation_agreement.pdf"):
        hidden.plant(text, "officer", "lead")
    hidden.plant("STREEKVERENIGING lokpromotor", "officer", "lead")
    hidden.plant("lok@post.example", "officer", "lead")
    hidden.plant(TYPED, "bert", "officer", "lead")
    hidden.plant(review.shown_reference, "bert", "cleo", "officer")
    _fill(hidden, [one])
    del hidden.values["number"]  # whoever knows the number of an organisation may look its name up
    return hidden
