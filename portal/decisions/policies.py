"""Who may see a ranking, decide, confirm, publish, answer an award and follow it up.

A round comes as ``queries.DeskRound``, which says whether the actor's organisations take part in it; None asks for the
role alone (a menu). A decision comes with its application's partnership and partners loaded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.core.actor import Actor, Role
from portal.core.policy import Policy, all_of, any_of, not_, role
from portal.core.text import _l
from portal.decisions.contesting import may_answer
from portal.decisions.deciding import takes_part
from portal.decisions.renewing import may_renew

if TYPE_CHECKING:
    from portal.applications.models import Application
    from portal.decisions.letter_models import Letter
    from portal.decisions.letter_queries import StandingText
    from portal.decisions.models import Condition, Decision, ReviewRequest
    from portal.decisions.queries import DeskRound
    from portal.decisions.request_queries import DeskRequest

_STAFF = role(Role.ADMINISTRATOR, Role.CASE_OFFICER, Role.AUDITOR)
_ADMINISTRATOR = role(Role.ADMINISTRATOR)
_OFFICER = role(Role.CASE_OFFICER)
_OUTSIDE_ROUND = _l("Only somebody who takes part in no application of this round can do this.")
_WHO_EXPLORES = _l("An administrator or an auditor who takes part in no application of this round sees this.")
_ADMINISTRATOR_DECIDES = _l("An administrator who takes part in no application of this round does this.")
_OFFICER_FOLLOWS = _l("A case officer who has no part in this partnership does this.")


def _is_in_round(_actor: Actor, round_: DeskRound | None) -> bool:
    return round_ is not None and round_.takes_part


def _has_part(actor: Actor, decision: Decision) -> bool:
    """A part in the partnership, past ones included: what keeps staff from deciding."""
    return takes_part(actor, decision.application)


def _has_part_in_condition(actor: Actor, condition: Condition) -> bool:
    return takes_part(actor, condition.decision.application)


def _is_partner(actor: Actor, decision: Decision) -> bool:
    return _reads_outcome(actor, decision.application)


def _reads_outcome(actor: Actor, application: Application) -> bool:
    """The lead partner of the application, or in the partnership now: who may read what was decided."""
    present = {each.organisation_id for each in application.partnership.partners if each.ended_on is None}
    return actor.may_read_for({application.promotor_id, *present})


def _sees_decision(actor: Actor, request: ReviewRequest) -> bool:
    return any_of(_is_partner, _STAFF)(actor, request.decision)


def _binds_promotor_of(actor: Actor, request: ReviewRequest) -> bool:
    return _binds_promotor(actor, request.decision)


def _has_letter(actor: Actor, letter: Letter) -> bool:
    return _reads_outcome(actor, letter.application)


def _has_part_in_letter(actor: Actor, letter: Letter) -> bool:
    return takes_part(actor, letter.application)


def _is_in_round_of(_actor: Actor, found: DeskRequest) -> bool:
    return found.takes_part


def _binds_promotor(actor: Actor, decision: Decision) -> bool:
    return actor.may_bind(decision.application.promotor_id)


LIST: Policy[None] = Policy("ranking.list", sees=_STAFF, may=_STAFF)
BOARD: Policy[DeskRound] = Policy(
    "ranking.read", sees=_STAFF, may=all_of(_STAFF, not_(_is_in_round)), who=_OUTSIDE_ROUND
)
EXPLORE: Policy[DeskRound] = Policy(
    "ranking.explore",
    sees=_STAFF,
    may=all_of(role(Role.ADMINISTRATOR, Role.AUDITOR), not_(_is_in_round)),
    who=_WHO_EXPLORES,
)
COMPUTE: Policy[DeskRound] = Policy(
    "ranking.compute", sees=_STAFF, may=all_of(_ADMINISTRATOR, not_(_is_in_round)), who=_ADMINISTRATOR_DECIDES
)
DECIDE: Policy[DeskRound] = Policy(
    "decision.prepare", sees=_STAFF, may=all_of(_ADMINISTRATOR, not_(_is_in_round)), who=_ADMINISTRATOR_DECIDES
)
CONFIRM: Policy[DeskRound] = Policy(
    "decision.confirm", sees=_STAFF, may=all_of(_ADMINISTRATOR, not_(_is_in_round)), who=_ADMINISTRATOR_DECIDES
)
PUBLISH: Policy[DeskRound] = Policy(
    "decision.publish", sees=_STAFF, may=all_of(_ADMINISTRATOR, not_(_is_in_round)), who=_ADMINISTRATOR_DECIDES
)
CHANGE: Policy[Decision] = Policy(
    "decision.change",
    sees=_STAFF,
    may=all_of(_ADMINISTRATOR, not_(_has_part)),
    who=_l("An administrator who has no part in this partnership decides on it."),
)
READ: Policy[Decision] = Policy("decision.read", sees=_STAFF, may=all_of(_STAFF, not_(_has_part)), who=_OUTSIDE_ROUND)
LAPSE: Policy[Decision] = Policy(
    "decision.lapse", sees=_STAFF, may=all_of(_OFFICER, not_(_has_part)), who=_OFFICER_FOLLOWS
)
WITHDRAW: Policy[Decision] = Policy(
    "decision.withdraw",
    sees=_STAFF,
    may=all_of(_ADMINISTRATOR, not_(_has_part)),
    who=_l("An administrator who has no part in this partnership decides on it."),
)
JUDGE_CONDITION: Policy[Condition] = Policy(
    "condition.judge", sees=_STAFF, may=all_of(_OFFICER, not_(_has_part_in_condition)), who=_OFFICER_FOLLOWS
)
SEE: Policy[Decision] = Policy("decision.see", sees=any_of(_is_partner, _STAFF), may=any_of(_is_partner, _STAFF))
ANSWER: Policy[Decision] = Policy(
    "decision.answer",
    sees=any_of(_is_partner, _STAFF),
    may=_binds_promotor,
    who=_l("Only somebody who may sign for the lead partner answers a grant."),
)

_LEAD_PARTNER_ASKS = _l("Only somebody who may sign for the lead partner asks for a review, or withdraws it.")

ASK_REVIEW: Policy[Decision] = Policy(
    "review-request.ask", sees=any_of(_is_partner, _STAFF), may=_binds_promotor, who=_LEAD_PARTNER_ASKS
)
WITHDRAW_REVIEW: Policy[ReviewRequest] = Policy(
    "review-request.withdraw", sees=_sees_decision, may=_binds_promotor_of, who=_LEAD_PARTNER_ASKS
)
LIST_REVIEWS: Policy[None] = Policy("review-request.list", sees=_STAFF, may=_STAFF)
READ_REVIEW: Policy[DeskRequest] = Policy(
    "review-request.read", sees=_STAFF, may=all_of(_STAFF, not_(_is_in_round_of)), who=_OUTSIDE_ROUND
)
ANSWER_REVIEW: Policy[DeskRequest] = Policy(
    "review-request.answer",
    sees=_STAFF,
    may=may_answer,
    who=_l(
        "A technical error is answered by a case officer, the content by somebody of the department who had no hand in"
        " the decision; never by somebody whose organisation takes part in the round."
    ),
)

RENEW: Policy[DeskRequest] = Policy(
    "decision.renew",
    sees=_STAFF,
    may=may_renew,
    who=_l(
        "An administrator takes a new decision: where the review is about the content, one who had no hand in the first;"
        " never somebody whose organisation takes part in the round."
    ),
)

LIST_LETTERS: Policy[None] = Policy("letter.list", sees=_STAFF, may=_STAFF)
READ_TEXT: Policy[StandingText] = Policy("letter.read-text", sees=_STAFF, may=_STAFF)
WRITE_TEXT: Policy[StandingText] = Policy(
    "letter.write-text", sees=_STAFF, may=_ADMINISTRATOR, who=_l("An administrator writes the texts of letters.")
)
SEE_REFUSAL: Policy[Application] = Policy(
    "admissibility.see-refusal", sees=any_of(_reads_outcome, _STAFF), may=any_of(_reads_outcome, _STAFF)
)
READ_LETTER: Policy[Letter] = Policy("letter.read", sees=any_of(_has_letter, _STAFF), may=any_of(_has_letter, _STAFF))
RETRY_LETTER: Policy[Letter] = Policy(
    "letter.retry",
    sees=_STAFF,
    may=all_of(role(Role.ADMINISTRATOR, Role.CASE_OFFICER), not_(_has_part_in_letter)),
    who=_l("An administrator or a case officer who has no part in this partnership does this."),
)
