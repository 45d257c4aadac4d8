"""What the pages of the budget say of a partner: how its VAT status decides what it enters."""

from __future__ import annotations

from portal.applications.states import VatStatus
from portal.core.text import Msg, _l


def vat_rule(status: VatStatus | None) -> Msg:
    """Return which amounts a partner of this VAT status enters (domain §4)."""
    if status is VatStatus.LIABLE:
        return _l("This partner is liable to VAT: enter amounts without VAT.")
    if status is VatStatus.EXEMPT:
        return _l("This partner is exempt from VAT: enter amounts with VAT.")
    if status is VatStatus.MIXED:
        return _l("This partner has a mixed VAT status: enter amounts with only the VAT that it does not recover.")
    return _l("Say in its part which VAT status this partner has: it decides whether amounts hold VAT.")
