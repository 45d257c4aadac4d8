"""Kinds of conflict and their evidence in words."""

from __future__ import annotations

from portal.core.text import Msg, _l
from portal.reviewing.conflicts import Evidence
from portal.reviewing.states import ConflictKind

KIND_LABELS: dict[ConflictKind, Msg] = {
    ConflictKind.MEMBER: _l("In a partner organisation"),
    ConflictKind.PARENT: _l("In the family of a partner organisation"),
    ConflictKind.SAME_ROUND: _l("Own organisation takes part in this round"),
    ConflictKind.NAMED: _l("Named in the application"),
    ConflictKind.DECLARED: _l("Declared by the reviewer"),
    ConflictKind.LOCAL_GOVERNMENT: _l("Local government in the service area"),
    ConflictKind.MAIL_DOMAIN: _l("Same e-mail domain"),
    ConflictKind.ADVISED: _l("Advised the partnership"),
    ConflictKind.NAMESAKE: _l("Same family name and municipality"),
}

_WHY: dict[ConflictKind, Msg] = {
    ConflictKind.MEMBER: _l("%(name)s has or had a part in %(organisation)s, a partner in this application."),
    ConflictKind.PARENT: _l(
        "%(name)s has or had a part in %(organisation)s, parent, child or sister of the partner %(about)s."
    ),
    ConflictKind.SAME_ROUND: _l("%(name)s belongs to %(organisation)s, which takes part in this round itself."),
    ConflictKind.NAMED: _l("The name or e-mail address of %(name)s stands in this application."),
    ConflictKind.DECLARED: _l("%(name)s declared a conflict of interest on this application."),
    ConflictKind.LOCAL_GOVERNMENT: _l("%(name)s works for %(organisation)s, a local government in the service area."),
    ConflictKind.MAIL_DOMAIN: _l(
        "The e-mail address of %(name)s has the domain %(about)s, as somebody at %(organisation)s."
    ),
    ConflictKind.ADVISED: _l("%(name)s advised this partnership: %(about)s"),
    ConflictKind.NAMESAKE: _l(
        "%(name)s has the family name of %(about)s of %(organisation)s, and lives in the same municipality."
    ),
}
_CONTACT = _l("The e-mail address of %(name)s has the domain %(about)s, as an address in this application.")


def why(name: str, evidence: Evidence) -> Msg:
    """Return one piece of evidence as a sentence about the person called ``name``."""
    words = _WHY[evidence.kind]
    if evidence.kind is ConflictKind.MAIL_DOMAIN and evidence.organisation is None:
        words = _CONTACT
    return Msg(words, {"name": name, "organisation": evidence.organisation or "", "about": evidence.explanation})
