"""Words for the codes in a round's workbook: what parted a row from the one above it, and why it stands where it does."""

from __future__ import annotations

from portal.core.text import Msg, _l
from portal.decisions.rules import ReasonCode, TieKey

PARTED_BY: dict[TieKey, Msg] = {
    TieKey.TOTAL: _l("Total"),
    TieKey.CRITERION: _l("Score on the first tie-break"),
    TieKey.COVERAGE: _l("New municipalities"),
    TieKey.TIME: _l("Time of submission"),
    TieKey.THRESHOLD: _l("Threshold missed"),
}

STANDS_BECAUSE: dict[ReasonCode, Msg] = {
    ReasonCode.FITS: _l("Fits the budget"),
    ReasonCode.REDUCED: _l("Fits with a reduced amount"),
    ReasonCode.DOES_NOT_FIT: _l("Does not fit the budget"),
    ReasonCode.NO_REDUCTION: _l("Does not fit, and accepts no reduction"),
    ReasonCode.BELOW_MINIMUM: _l("Does not fit: less is left than its minimum"),
    ReasonCode.PASSED_OVER: _l("Passed over: a lower one fits"),
    ReasonCode.AFTER_THE_LINE: _l("Below the funding line"),
    ReasonCode.THRESHOLD_MISSED: _l("Threshold missed"),
}
