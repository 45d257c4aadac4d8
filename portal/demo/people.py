"""The shapes of the demo's cast and crowd. All of them are fictitious."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from portal.core.actor import Right, Role
from portal.core.text import Text

# lokaal bestuur, andere overheid, onderneming, kennisinstelling, middenveld
OrganisationKind = Literal["local_government", "other_government", "company", "knowledge_institution", "civil_society"]


@dataclass(frozen=True, slots=True)
class DemoOrganisation:
    """`enterprise_number` is ten digits in a stretch that is not assigned; `nis` is where it has its seat."""

    key: str
    name: str
    kind: OrganisationKind
    enterprise_number: str
    nis: str


@dataclass(frozen=True, slots=True)
class DemoMandate:
    """A person's right in the organisation with this key; a right to bind that no case officer confirmed says so."""

    organisation: str
    right: Right
    is_confirmed: bool = True


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """`part` is what the demo bar says of the named cast; the crowd has none."""

    key: str
    name: str
    email: str
    language: Literal["nl", "en"] = "nl"
    roles: tuple[Role, ...] = ()
    mandates: tuple[DemoMandate, ...] = ()
    part: Text | None = None


@dataclass(frozen=True, slots=True)
class DemoPartnership:
    """Keys of organisations: the promotor, core partners (kernpartners) and network partners (netwerkpartners).

    `service_area` holds the NIS codes of 2022.
    """

    key: str
    name: str
    promotor: str
    core: tuple[str, ...]
    service_area: tuple[str, ...]
    network: tuple[str, ...] = ()
