"""Personas × policies in one readable table: + may, - sees but may not (403), . does not even see (404).

The subjects belong to one partnership: its promotor is organisation 1, a core partner organisation 2. The review is
that of the reviewer, who accepted it. The decision was prepared by the administrator, and its request for review is about
the content.
"""

from types import SimpleNamespace

from portal.core.actor import ANONYMOUS, Actor, Mandate, Right, Role
from portal.reviewing.states import ReviewState
from portal.reviewing.visibility import DEFAULT

PROMOTOR, CORE = 1, 2


def _person(number, *roles, organisation=None, right=None, is_frozen=False):
    mandates = (Mandate(organisation, right, is_confirmed=True, is_frozen=is_frozen),) if organisation else ()
    return Actor(person_id=number, roles=frozenset(roles), mandates=mandates)


PERSONAS = {
    "visitor": ANONYMOUS,
    "stranger": _person(11),
    "reader": _person(12, organisation=PROMOTOR, right=Right.READER),
    "staff": _person(13, organisation=PROMOTOR, right=Right.STAFF),
    "lead": _person(14, organisation=PROMOTOR, right=Right.LEAD),
    "frozen": _person(15, organisation=PROMOTOR, right=Right.LEAD, is_frozen=True),
    "partner": _person(16, organisation=CORE, right=Right.LEAD),
    "reviewer": _person(17, Role.REVIEWER),
    "officer": _person(18, Role.CASE_OFFICER),
    "admin": _person(19, Role.ADMINISTRATOR),
    "auditor": _person(20, Role.AUDITOR),
}

_partners = [
    SimpleNamespace(organisation_id=PROMOTOR, role="promotor", ended_on=None),
    SimpleNamespace(organisation_id=CORE, role="core", ended_on=None),
]
_organisation = SimpleNamespace(id=PROMOTOR)
_partnership = SimpleNamespace(id=5, partners=_partners)
_of_partnership = SimpleNamespace(id=6, partnership=_partnership, promotor_id=PROMOTOR)
_review = SimpleNamespace(
    reviewer_id=17,
    state="accepted",
    application=_of_partnership,
    assessment=SimpleNamespace(has_all_reviews=False, seats=[]),
    matrix=DEFAULT,
    is_blind=False,
    in_conflict=frozenset(),
)
_reviewed = SimpleNamespace(
    reviewer_id=17,
    state=ReviewState.SUBMITTED,
    application=_of_partnership,
    assessment=SimpleNamespace(
        has_all_reviews=True,
        seats=[SimpleNamespace(reviewer_id=17, state=ReviewState.SUBMITTED)],
        needs_consensus=True,
        has_consensus=False,
    ),
    in_conflict=frozenset(),
    matrix=DEFAULT,
    is_blind=False,
)
_application = SimpleNamespace(
    partnership=_partnership,
    promotor_id=PROMOTOR,
    parts=[SimpleNamespace(organisation_id=PROMOTOR), SimpleNamespace(organisation_id=CORE)],
    round=SimpleNamespace(terms=SimpleNamespace(cost_categories=[SimpleNamespace(code="staff", is_wages=True)])),
)
_of_the_lead_partner = SimpleNamespace(application=_application, organisation_id=PROMOTOR, category="staff")
_membership = SimpleNamespace(id=7, person_id=13, organisation=_organisation)

# The lead partner asked that the core partner leads; so the core partner answers.
_change = SimpleNamespace(application=_of_partnership, answers_id=CORE, asked_for_id=PROMOTOR)

_desk_round = SimpleNamespace(takes_part=False)
_decided = SimpleNamespace(application=_of_partnership)
_request = SimpleNamespace(ground="content", decision=_decided)

SUBJECTS = {
    "organisation.": _organisation,
    "organisation.dispute": SimpleNamespace(person_id=14),
    "membership.": _membership,
    "partnership.see": _partnership,
    "partnership.write": _partnership,
    "partnership.end-partner": _of_partnership,
    "invitation.": _of_partnership,
    "strategy.": _of_partnership,
    "application.begin": _partnership,
    "application.edit-part": _of_the_lead_partner,
    "application.edit-line": _of_the_lead_partner,
    "application.sign-part": _of_the_lead_partner,
    "application.steer-part": _of_the_lead_partner,
    "application.edit-section": SimpleNamespace(application=_application, assigned_to_id=PROMOTOR),
    "application.read-document": _of_the_lead_partner,
    "application.read-history": SimpleNamespace(application=_application),
    "application.read-paper": SimpleNamespace(application=_application, viewer="all"),
    "application.remove-document": _of_the_lead_partner,
    "application.begin-in-round": SimpleNamespace(announced_at="2022-01-10"),
    "application.": _of_partnership,
    "admissibility.": _of_partnership,
    "change.": _change,
    "change.read-list": None,
    "review.": _review,
    "review.discuss": _reviewed,
    "review.read-document": SimpleNamespace(review=_review),
    "review.see-all": _of_partnership,
    "review.assign": _of_partnership,
    "conflict.": SimpleNamespace(application=_of_partnership, person=SimpleNamespace(id=17)),
    "consensus.": _of_partnership,
    "condition.": SimpleNamespace(decision=SimpleNamespace(application=_of_partnership)),
    "decision.": _decided,
    "delivery.read-own": SimpleNamespace(person_id=12),
    "letter.": _decided,
    "letter.list": None,
    "decision.prepare": _desk_round,
    "decision.confirm": _desk_round,
    "decision.publish": _desk_round,
    "decision.renew": SimpleNamespace(takes_part=False, involved_ids=set(), request=_request),
    "reviewer.": SimpleNamespace(id=17),
    "review-request.": SimpleNamespace(takes_part=False, involved_ids={19}, request=_request),
    "review-request.withdraw": _request,
    "review-request.ask": _decided,
    "ranking.": _desk_round,
    "assignment.": _desk_round,
    "claim.judge": SimpleNamespace(person_id=14, disputed_by_id=None, organisation_id=PROMOTOR),
    "round.see": SimpleNamespace(announced_at="2022-01-10"),
    "person.correct-address": SimpleNamespace(id=14),
    "person.grant-roles": SimpleNamespace(id=14),
}


def subject_of(name):
    """The subject that a policy of this name is asked about; the longest prefix wins."""
    fitting = [prefix for prefix in SUBJECTS if name.startswith(prefix)]
    return SUBJECTS[max(fitting, key=len)] if fitting else None


MATRIX = """
                          visitor stranger reader staff lead frozen partner reviewer officer admin auditor
account.own                  .       +       +      +    +     +       +       +        +      +      +
account.self                 .       +       +      +    +     +       +       +        +      +      +
account.sign-in              +       +       +      +    +     +       +       +        +      +      +
admissibility.judge          .       .       .      .    .     .       .       .        +      -      -
admissibility.read           .       .       .      .    .     .       .       .        +      +      +
admissibility.read-round     .       .       .      .    .     .       .       .        +      +      +
admissibility.see-refusal    .       .       +      +    +     +       +       .        +      +      +
application.ask-change       .       .       -      -    +     -       +       .        -      .      -
application.assign           .       .       -      +    +     +       -       .        -      .      -
application.begin            .       .       -      +    +     +       -       .        .      .      .
application.begin-in-round   .       +       +      +    +     +       +       +        +      +      +
application.complete         .       .       -      -    +     +       -       .        -      .      -
application.edit             .       .       -      +    +     +       +       .        -      .      -
application.edit-line        .       .       -      +    +     +       .       .        -      .      -
application.edit-part        .       .       -      +    +     +       -       .        -      .      -
application.edit-section     .       .       -      +    +     +       -       .        -      .      -
application.extend           .       .       .      .    .     .       .       .        -      +      -
application.list             .       +       +      +    +     +       +       +        +      +      +
application.read-document    .       .       +      +    +     +       +       .        +      .      +
application.read-history       .       .       +      +    +     +       +       .        -      .      +
application.read-paper       .       .       +      +    +     +       .       .        +      .      +
application.remove-document  .       .       -      +    +     +       -       .        -      .      -
application.reopen           .       .       -      -    +     +       -       .        -      .      -
application.see              .       .       +      +    +     +       +       .        +      .      +
application.sign-part        .       .       -      -    +     -       .       .        -      .      -
application.steer-part       .       .       -      +    +     +       -       .        -      .      -
application.submit           .       .       -      -    +     +       -       .        -      .      -
application.withdraw         .       .       -      -    +     +       -       .        -      .      -
assignment.see               .       .       .      .    .     .       .       .        +      .      +
assignment.steer             .       .       .      .    .     .       .       .        +      .      -
audit.read-events            .       .       .      .    .     .       .       .        .      .      +
call.read                    .       .       .      .    .     .       .       .        +      +      +
change.answer                .       .       -      -    -     -       +       .        -      .      -
change.decide                .       .       .      .    .     .       .       .        +      .      -
change.read                  .       .       .      .    .     .       .       .        +      .      +
change.read-list             .       .       .      .    .     .       .       .        +      .      +
change.withdraw              .       .       -      -    +     -       -       .        -      .      -
claim.judge                  .       .       .      .    .     .       .       .        +      .      -
claim.read                   .       .       .      .    .     .       .       .        +      .      +
claim.see                    .       .       .      .    .     .       .       .        +      .      +
condition.judge              .       .       .      .    .     .       .       .        +      -      -
conflict.judge               .       .       .      .    .     .       .       .        +      -      -
conflict.waive               .       .       .      .    .     .       .       .        -      +      -
consensus.record             .       .       .      .    .     .       .       .        +      .      -
decision.answer              .       .       -      -    +     -       -       .        -      -      -
decision.change              .       .       .      .    .     .       .       .        -      +      -
decision.confirm             .       .       .      .    .     .       .       .        -      +      -
decision.lapse               .       .       .      .    .     .       .       .        +      -      -
decision.prepare             .       .       .      .    .     .       .       .        -      +      -
decision.publish             .       .       .      .    .     .       .       .        -      +      -
decision.read                .       .       .      .    .     .       .       .        +      +      +
decision.renew               .       .       .      .    .     .       .       .        -      +      -
decision.see                 .       .       +      +    +     +       +       .        +      +      +
decision.withdraw            .       .       .      .    .     .       .       .        -      +      -
delivery.read                .       .       .      .    .     .       .       .        .      +      +
delivery.read-own            .       .       +      .    .     .       .       .        .      .      .
delivery.retry               .       .       .      .    .     .       .       .        .      +      -
delivery.send-again          .       .       .      .    .     .       .       .        .      +      -
delivery.stop                .       .       .      .    .     .       .       .        .      +      -
demo.use                     +       +       +      +    +     +       +       +        +      +      +
desk.my-work                 .       +       +      +    +     +       +       +        +      +      +
invitation.answer            .       +       +      +    +     +       +       +        +      +      +
invitation.manage            .       .       -      +    +     +       -       .        -      -      -
letter.list                  .       .       .      .    .     .       .       .        +      +      +
letter.read                  .       .       +      +    +     +       +       .        +      +      +
letter.read-text             .       .       .      .    .     .       .       .        +      +      +
letter.retry                 .       .       .      .    .     .       .       .        +      +      -
letter.write-text            .       .       .      .    .     .       .       .        -      +      -
mailing.list                 .       .       .      .    .     .       .       .        .      +      +
mailing.read                 .       .       .      .    .     .       .       .        .      +      +
mailing.steer                .       .       .      .    .     .       .       .        .      +      -
mailing.write                .       .       .      .    .     .       .       .        .      +      -
membership.end               .       .       -      +    +     +       .       .        -      -      -
message-text.list            .       .       .      .    .     .       .       .        .      +      +
message-text.read            .       .       .      .    .     .       .       .        .      +      +
message-text.write           .       .       .      .    .     .       .       .        .      +      -
operations.read              .       .       .      .    .     .       .       .        .      +      +
organisation.claim           .       +       +      +    +     +       +       +        +      +      -
organisation.describe        .       .       -      -    +     +       .       .        +      -      -
organisation.dispute         .       +       +      +    -     +       +       +        +      +      -
organisation.manage          .       .       -      -    +     +       .       .        -      -      -
organisation.see             .       .       +      +    +     +       .       .        +      +      +
outbox.read                  .       .       .      .    .     .       .       .        .      +      +
outbox.retry                 .       .       .      .    .     .       .       .        .      +      -
outbox.stop                  .       .       .      .    .     .       .       .        .      +      -
partnership.begin            .       +       +      +    +     +       +       +        +      +      +
partnership.end-partner      .       .       -      +    +     +       -       .        -      -      -
partnership.list             .       +       +      +    +     +       +       +        +      +      +
partnership.see              .       .       +      +    +     +       +       .        +      +      +
partnership.write            .       .       -      +    +     +       -       .        -      -      -
periodic.read                .       .       .      .    .     .       .       .        .      +      +
periodic.steer               .       .       .      .    .     .       .       .        .      +      -
person.correct-address       .       .       .      .    .     .       .       .        .      +      -
person.grant-roles           .       .       .      .    .     .       .       .        .      +      -
person.read-all              .       .       .      .    .     .       .       .        .      +      +
programme.read-all           .       .       .      .    .     .       .       .        +      +      +
public.page                  +       +       +      +    +     +       +       +        +      +      +
ranking.compute              .       .       .      .    .     .       .       .        -      +      -
ranking.explore              .       .       .      .    .     .       .       .        -      +      +
ranking.list                 .       .       .      .    .     .       .       .        +      +      +
ranking.read                 .       .       .      .    .     .       .       .        +      +      +
reminder.read-all            .       .       .      .    .     .       .       .        +      +      +
reminder.set                 .       .       .      .    .     .       .       .        -      +      -
review-request.answer        .       .       .      .    .     .       .       .        +      -      -
review-request.ask           .       .       -      -    +     -       -       .        -      -      -
review-request.list          .       .       .      .    .     .       .       .        +      +      +
review-request.read          .       .       .      .    .     .       .       .        +      +      +
review-request.withdraw      .       .       -      -    +     -       -       .        -      -      -
review.assign                .       .       .      .    .     .       .       .        +      .      -
review.discuss               .       .       .      .    .     .       .       +        .      .      .
review.follow-round          .       .       .      .    .     .       .       .        +      +      +
review.invitation            .       .       .      .    .     .       .       +        .      .      .
review.preview               .       .       .      .    .     .       .       .        +      +      +
review.queue                 .       .       .      .    .     .       .       +        .      .      .
review.read                  .       .       .      .    .     .       .       +        +      .      +
review.read-document         .       .       .      .    .     .       .       +        .      .      .
review.read-versions         .       .       .      .    .     .       .       +        +      .      +
review.see-all               .       .       .      .    .     .       .       .        +      .      +
review.see-scores            .       .       .      .    .     .       .       .        +      .      +
review.set-visibility        .       .       .      .    .     .       .       .        -      +      -
review.steer                 .       .       .      .    .     .       .       .        +      .      -
review.write                 .       .       .      .    .     .       .       +        .      .      .
reviewer.own                 .       .       .      .    .     .       .       +        .      .      .
reviewer.read                .       .       .      .    .     .       .       .        +      +      +
reviewer.steer               .       .       .      .    .     .       .       .        +      +      -
round.draft                  .       .       .      .    .     .       .       .        -      +      -
round.read                   .       .       .      .    .     .       .       .        +      +      +
round.read-all               .       .       .      .    .     .       .       .        +      +      +
round.see                    +       +       +      +    +     +       +       +        +      +      +
round.steer                  .       .       .      .    .     .       .       .        -      +      -
sending.read                 .       .       .      .    .     .       .       .        .      +      +
sending.stop                 .       .       .      .    .     .       .       .        .      +      -
strategy.desk                .       .       .      .    .     .       .       .        +      .      +
strategy.hand-in             .       .       -      -    +     -       -       .        -      -      -
strategy.judge               .       .       -      -    -     -       -       .        +      -      -
strategy.see                 .       .       +      +    +     +       +       .        +      +      +
strategy.write               .       .       -      +    +     +       -       .        -      -      -
switch.read                  .       .       .      .    .     .       .       .        .      +      +
switch.turn                  .       .       .      .    .     .       .       .        .      +      -
"""
