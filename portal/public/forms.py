"""The filters of the public pages, kept in the address."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import lazy_gettext as _
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from portal.calls.models import Round
from portal.core.forms import PortalForm
from portal.core.web import language
from portal.public.queries import AwardFilter


class ResultsFilter(PortalForm):
    class Meta:
        csrf = False

    programme = SelectField(_("Programme"), choices=[])
    round = SelectField(_("Round"), choices=[])

    def offer(self, rounds: Iterable[Round]) -> None:
        """Offer the programmes and rounds whose results are out; anything else in the address counts as no choice."""
        programmes = {each.call.programme.code: each.call.programme for each in rounds}
        names = {code: each.definition["name"][language()] for code, each in programmes.items()}
        self._offer(self.programme, _("All programmes"), names)
        self._offer(self.round, _("All rounds"), {each.code: each.code for each in rounds})

    def _offer(self, field: SelectField, every: str, labels: dict[str, str]) -> None:
        field.choices = [SelectChoice("", every), *(SelectChoice(code, label) for code, label in labels.items())]
        if field.data not in labels:
            field.data = None

    @property
    def asked(self) -> AwardFilter:
        return AwardFilter(self.programme.data, self.round.data)
