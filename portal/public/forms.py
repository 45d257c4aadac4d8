"""The forms of the public pages: filters, kept in the address, and what somebody wants verified."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, ValidationError

from portal.calls.models import Round
from portal.core.forms import LineField, PortalForm
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
        names = {code: each.definition.name.in_language(language()) for code, each in programmes.items()}
        self._offer(self.programme, _("All programmes"), names)
        self._offer(self.round, _("All rounds"), {each.code: each.code for each in rounds})

    def _offer(self, field: SelectField, every: str, labels: dict[str, str]) -> None:
        field.choices = [SelectChoice("", every), *(SelectChoice(code, label) for code, label in labels.items())]
        if field.data not in labels:
            field.data = None

    @property
    def asked(self) -> AwardFilter:
        return AwardFilter(self.programme.data, self.round.data)


class VerifyForm(PortalForm):
    """A reference with a SHA-256, typed or computed from a file that is kept nowhere."""

    reference = LineField(
        _("Reference"),
        [InputRequired(_("Give the reference of the application, such as DB-B-2022-1-0001."))],
        description=_("It stands on the document, such as DB-B-2022-1-0001."),
    )
    sha256 = LineField(_("SHA-256"), description=_("64 figures and letters from a to f; spaces do not matter."))
    file = FileField(
        _("Or choose the file itself"),
        description=_("The PDF or the data as you received them. The file is read, not kept."),
    )

    def validate_sha256(self, field: LineField) -> None:
        """Ask for one of the two; a digest that cannot be one is a slip of the pen, and said to be."""
        if self.file.data:
            return
        if not field.data:
            raise ValidationError(gettext("Give the SHA-256, or choose the file."))
        if not re.fullmatch(r"[0-9a-f]{64}", self.digest):
            raise ValidationError(gettext("A SHA-256 has 64 figures and letters from a to f. Check what you typed."))

    @property
    def digest(self) -> str:
        """The digest asked about, as 64 lower-case figures: that of the file where one was chosen."""
        if self.file.data:
            return hashlib.file_digest(self.file.data.stream, "sha256").hexdigest()
        return re.sub(r"\s", "", self.sha256.data or "").lower()
