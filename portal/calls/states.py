"""A round is drafted, announced or cancelled by people; open and closed follow from the clock."""

from __future__ import annotations

from enum import StrEnum


class RoundState(StrEnum):
    """What people decided about a round. *In review* and *results out* are told down by other domains."""

    DRAFT = "draft"
    ANNOUNCED = "announced"
    CANCELLED = "cancelled"


class RankingPolicy(StrEnum):
    """What happens at the funding line, chosen before opening."""

    STRICT = "strict"  # the first that does not fit ends the list
    SKIP = "skip"  # go on down and take what fits, with what was skipped recorded
    PARTIAL = "partial"  # offer the first that does not fit a reduced amount, within its stated minimum
