"""Who may review, read reviews, assign reviewers and record consensus.

A review comes with its application's partnership and partners, and its assessment loaded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.core.actor import Actor, Role
from portal.core.policy import Policy, all_of, any_of, not_, role
from portal.core.text import _l
from portal.reviewing.states import ReviewState
from portal.reviewing.visibility import AT_WORK, Sight, Standing, sight

if TYPE_CHECKING:
    from portal.accounts.models import Person
    from portal.applications.models import Application
    from portal.calls.models import Round
    from portal.reviewing.assignment_queries import PairToAssign, RoundToAssign
    from portal.reviewing.cases import Known
    from portal.reviewing.dossier import ReviewDocument
    from portal.reviewing.models import Review

_REVIEWER = role(Role.REVIEWER)
_STAFF = role(Role.CASE_OFFICER, Role.AUDITOR)
_OFFICER = _l("A case officer who has no part in this partnership does this.")
_OFFICER_OUTSIDE_ROUND = _l("A case officer who takes part in no application of this round does this.")


def _takes_part(actor: Actor, application: Application) -> bool:
    """Return whether the actor holds a right in the lead partner or in any partner, past ones included."""
    partners = {each.organisation_id for each in application.partnership.partners}
    return actor.may_read_for({application.promotor_id, *partners})


def _is_own(actor: Actor, review: Review) -> bool:
    return actor.person_id is not None and review.reviewer_id == actor.person_id


def _is_clear(actor: Actor, review: Review) -> bool:
    """No part in the partnership, and no conflict of interest of any other kind: asked last, it wins over every right."""
    return actor.person_id not in review.in_conflict and not _takes_part(actor, review.application)


def _stands(actor: Actor, review: Review) -> bool:
    """Accepted, and neither taken off nor in conflict: who joins a partner organisation is out at once."""
    return review.state in AT_WORK and _is_clear(actor, review)


def standing_of(actor: Actor, review: Review) -> Standing:
    """Return where the actor stands towards the application of ``review``."""
    own = next((each.state for each in review.assessment.seats if each.reviewer_id == actor.person_id), None)
    return Standing(
        is_desk=actor.has(Role.CASE_OFFICER, Role.AUDITOR),
        takes_part=not _is_clear(actor, review),
        own=own if actor.has(Role.REVIEWER) else None,
        has_all=review.assessment.has_all_reviews,
    )


def sight_of(actor: Actor, review: Review) -> Sight:
    """Return what the actor sees of the other reviews of this application, and of whose it is."""
    return sight(review.matrix, standing_of(actor, review))


def _sees_submitted(actor: Actor, review: Review) -> bool:
    """Another reviewer reads what is submitted, as soon as the round's matrix says so, and nothing before."""
    return review.state is ReviewState.SUBMITTED and sight_of(actor, review).reviews


def _discusses(actor: Actor, review: Review) -> bool:
    """A consensus is asked or recorded, and the actor reads the others' reviews after handing in their own."""
    figures = review.assessment
    is_asked = figures.needs_consensus or figures.has_consensus
    return is_asked and review.state is ReviewState.SUBMITTED and sight_of(actor, review).reviews


def _is_apart(actor: Actor, review: Review) -> bool:
    return not _takes_part(actor, review.application)


def _decides_on(actor: Actor, application: Application) -> bool:
    return actor.has(Role.CASE_OFFICER) and not _takes_part(actor, application)


def _is_apart_from(actor: Actor, application: Application) -> bool:
    return not _takes_part(actor, application)


def _steers(actor: Actor, review: Review) -> bool:
    return _decides_on(actor, review.application)


def _is_somebody_else(actor: Actor, person: Person) -> bool:
    return actor.person_id != person.id


def _reads_dossier(actor: Actor, document: ReviewDocument) -> bool:
    """A document names its makers: nobody opens one in a blind round."""
    return _OWN(actor, document.review) and _stands(actor, document.review) and not document.review.is_blind


def _is_apart_from_known(actor: Actor, known: Known) -> bool:
    return not _takes_part(actor, known.application)


def _judges(actor: Actor, known: Known) -> bool:
    """A case officer apart from the partnership, and nobody about themselves."""
    return _decides_on(actor, known.application) and actor.person_id != known.person.id


def _waives(actor: Actor, known: Known) -> bool:
    return actor.has(Role.ADMINISTRATOR) and actor.person_id != known.person.id


def _is_apart_from_round(_actor: Actor, desk: RoundToAssign | PairToAssign) -> bool:
    return not desk.takes_part


_OWN = all_of(_REVIEWER, _is_own)
_APART = all_of(_STAFF, _is_apart_from)
_FOLLOWS = role(Role.CASE_OFFICER, Role.ADMINISTRATOR, Role.AUDITOR)
_READERS = any_of(all_of(_STAFF, _is_apart), all_of(_OWN, _is_clear), all_of(_REVIEWER, not_(_is_own), _sees_submitted))
_OF_VERSIONS = any_of(all_of(_STAFF, _is_apart), all_of(_OWN, _stands))

DISCUSS: Policy[Review] = Policy(
    "review.discuss",
    sees=_OWN,
    may=_discusses,
    who=_l("The reviewers of this file discuss it once all their reviews are in and a consensus is asked."),
)
QUEUE: Policy[Any] = Policy("review.queue", sees=_REVIEWER, may=_REVIEWER)
SEE_INVITATION: Policy[Review] = Policy("review.invitation", sees=_OWN, may=_OWN)
WRITE: Policy[Review] = Policy(
    "review.write",
    sees=_OWN,
    may=_stands,
    who=_l("Only a reviewer who accepted the review, and has no part in the partnership, writes it."),
)
READ: Policy[Review] = Policy("review.read", sees=_READERS, may=_READERS)
READ_VERSIONS: Policy[Review] = Policy("review.read-versions", sees=_OF_VERSIONS, may=_OF_VERSIONS)
ASSIGN: Policy[Application] = Policy("review.assign", sees=_STAFF, may=_decides_on, who=_OFFICER)
RECORD_CONSENSUS: Policy[Application] = Policy("consensus.record", sees=_STAFF, may=_decides_on, who=_OFFICER)
STEER: Policy[Review] = Policy("review.steer", sees=_STAFF, may=_steers, who=_OFFICER)
SET_VISIBILITY: Policy[Round] = Policy(
    "review.set-visibility",
    sees=_FOLLOWS,
    may=role(Role.ADMINISTRATOR),
    who=_l("Only an administrator says what reviewers see of each other."),
)
PREVIEW: Policy[Review] = Policy("review.preview", sees=all_of(_FOLLOWS, _is_apart), may=all_of(_FOLLOWS, _is_apart))
READ_DOCUMENT: Policy[ReviewDocument] = Policy("review.read-document", sees=_reads_dossier, may=_reads_dossier)
SEE_REVIEWS: Policy[Application] = Policy("review.see-all", sees=_APART, may=_APART)
FOLLOW: Policy[Round] = Policy("review.follow-round", sees=_FOLLOWS, may=_FOLLOWS)
JUDGE_CONFLICT: Policy[Known] = Policy(
    "conflict.judge", sees=all_of(_FOLLOWS, _is_apart_from_known), may=_judges, who=_OFFICER
)
WAIVE_CONFLICT: Policy[Known] = Policy(
    "conflict.waive",
    sees=all_of(_FOLLOWS, _is_apart_from_known),
    may=_waives,
    who=_l("Only an administrator who has no part in this partnership does this."),
)
OWN_PROFILE: Policy[Any] = Policy("reviewer.own", sees=_REVIEWER, may=_REVIEWER)
READ_POOL: Policy[Any] = Policy("reviewer.read", sees=_FOLLOWS, may=_FOLLOWS)
STEER_POOL: Policy[Person] = Policy(
    "reviewer.steer",
    sees=_FOLLOWS,
    may=all_of(role(Role.CASE_OFFICER, Role.ADMINISTRATOR), _is_somebody_else),
    who=_l("A case officer or an administrator does this, and never for their own profile."),
)
SEE_SCORES: Policy[Round] = Policy("review.see-scores", sees=_STAFF, may=_STAFF)
SEE_ASSIGNMENT: Policy[RoundToAssign] = Policy(
    "assignment.see", sees=_STAFF, may=_is_apart_from_round, who=_OFFICER_OUTSIDE_ROUND
)
STEER_ASSIGNMENT: Policy[RoundToAssign | PairToAssign] = Policy(
    "assignment.steer",
    sees=_STAFF,
    may=all_of(role(Role.CASE_OFFICER), _is_apart_from_round),
    who=_OFFICER_OUTSIDE_ROUND,
)
