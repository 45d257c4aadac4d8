"""What the public pages show of calls and rounds: one value per card, no query of their own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.calls import rules
from portal.calls.definitions import CallDefinition
from portal.calls.models import Call, Round
from portal.calls.states import PHASES, Phase
from portal.core.workflow import Words


@dataclass(frozen=True, slots=True)
class RoundCard:
    """A round that everybody may see, at a moment."""

    round: Round
    phase: Phase

    @property
    def words(self) -> Words:
        return PHASES[self.phase]


@dataclass(frozen=True, slots=True)
class CallCard:
    """A call with its public rounds; ``present`` is the open one, else the next to come, else the last that closed."""

    call: Call
    terms: CallDefinition
    rounds: Sequence[RoundCard]

    @property
    def present(self) -> RoundCard | None:
        for wanted in (Phase.OPEN, Phase.COMING):
            found = next((each for each in self.rounds if each.phase is wanted), None)
            if found is not None:
                return found
        held = [each for each in self.rounds if each.phase is not Phase.CANCELLED]
        return held[-1] if held else None

    @property
    def look(self) -> str:
        """The pictogram: loose hexagons where a strategy is formed, joined ones where one is carried out."""
        return "formation" if self.terms.forms_strategy else "execution"


def call_cards(calls: Iterable[Call], rounds: Iterable[Round], at: datetime) -> list[CallCard]:
    """Return a card per call, each with its own rounds in the order they open."""
    by_call: dict[int, list[RoundCard]] = {}
    for round_ in rounds:
        by_call.setdefault(round_.call_id, []).append(RoundCard(round_, rules.phase(round_, at)))
    return [CallCard(call, call.definition, by_call.get(call.id, [])) for call in calls]
