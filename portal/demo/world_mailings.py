"""What the department wrote to many: one mailing that left, and one that waits to be looked at."""

from __future__ import annotations

from datetime import date

from portal.calls.models import Round
from portal.core.clock import brussels_moment
from portal.demo.world_people import Crowd
from portal.notifications.mailings.commands import MailingPlan, draft_mailing, release_mailing
from portal.notifications.mailings.states import Audience

SESSION_DAY, DRAFT_DAY = date(2022, 6, 15), date(2022, 6, 20)
SESSION_NL = """Beste,

Op dinsdag 28 juni 2022 om 10 uur lichten wij de lopende ronde toe, online. U hoort hoe de beoordelaars de criteria lezen en kunt vragen stellen.

U hoeft zich niet in te schrijven: de link staat op die dag onder Mijn werk.

Het digibankenteam"""
SESSION_EN = """Hello,

On Tuesday 28 June 2022 at 10 we explain the open round, online. You hear how reviewers read the criteria, and you can ask questions.

You need not register: the link stands under My work on that day.

The digibank team"""
REMINDER_NL = """Beste,

Veel ontwerpen missen nog het akkoord van een partner. Vraag het tijdig: op de laatste dag is niet iedereen bereikbaar.

Het digibankenteam"""


def load_mailings(crowd: Crowd, round_: Round) -> None:
    """Write to all leads of the programme, and draft a mailing to those with a draft in ``round_``."""
    written = crowd.ctx("sofie", brussels_moment(SESSION_DAY, 9, 30))
    plan = MailingPlan(
        Audience.PROGRAMME, None, round_.call.programme, "Infosessie over de lopende ronde", SESSION_NL,
        "Information session on the open round", SESSION_EN,
    )  # fmt: skip
    release_mailing(written, draft_mailing(written, plan))
    later = crowd.ctx("sofie", brussels_moment(DRAFT_DAY, 11, 15))
    draft_mailing(
        later, MailingPlan(Audience.DRAFTS, round_, None, "Vraag uw partners tijdig om hun akkoord", REMINDER_NL)
    )
