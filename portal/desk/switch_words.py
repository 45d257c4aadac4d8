"""What each switch means, in words: on, off, and what turning it does."""

from __future__ import annotations

from dataclasses import dataclass

from portal.core.switches import Switch
from portal.core.text import Msg, _l


@dataclass(frozen=True, slots=True)
class SwitchWords:
    name: Msg
    when_on: Msg
    when_off: Msg
    turning_on: Msg
    turning_off: Msg


SWITCH_WORDS: dict[Switch, SwitchWords] = {
    Switch.NO_SCANNER: SwitchWords(
        name=_l("No virus scanner is used"),
        when_on=_l("Uploaded files can be opened at once, although no scanner looked at them."),
        when_off=_l("Uploaded files are held until a scanner found them clean: nobody can open them before."),
        turning_on=_l("Every file that is held now, and every file uploaded from now on, can be opened unscanned."),
        turning_off=_l("Every file that no scanner looked at is held again, and so is every new file."),
    ),
}
