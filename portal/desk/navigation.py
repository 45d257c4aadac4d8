"""The main menu: what each person can open, asked of the pages' own policies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from flask import Flask, current_app, request, url_for

from portal.core.actor import Actor
from portal.core.routing import policy_of
from portal.core.text import Msg, _l
from portal.core.web import NavItem, current_actor, translate

ENTRIES: tuple[tuple[Msg, str], ...] = (
    (_l("My work"), "desk.my_work"),
    (_l("Reviews"), "reviewing.queue"),
    (_l("Applications"), "applications.applications"),
    (_l("Your organisations"), "accounts.organisations"),
    (_l("Partnerships"), "partnerships.partnerships"),
    (_l("Claims"), "accounts.claims"),
    (_l("Strategies"), "partnerships.strategy_desk"),
    (_l("Changes of partners"), "applications.change_desk"),
    (_l("Programmes"), "calls.programmes"),
    (_l("Rounds"), "calls.rounds"),
    (_l("Reviewers"), "reviewing.reviewers"),
    (_l("Rankings"), "decisions.rankings"),
    (_l("Review requests"), "decisions.review_requests"),
    (_l("Letters"), "decisions.letters"),
    (_l("Users and roles"), "accounts.people"),
    (_l("Messages"), "notifications.parked"),
    (_l("Operations"), "operations.overview"),
    (_l("Switches"), "desk.switches"),
    (_l("Periodic work"), "desk.periodic_work"),
    (_l("Event log"), "desk.events"),
    (_l("Calls"), "public.calls"),
    (_l("Results"), "public.results"),
    (_l("About digibanks"), "public.about"),
    (_l("Help and contact"), "public.help"),
)
OF_APPLICANTS = {"applications.applications", "accounts.organisations", "partnerships.partnerships"}
SECTIONS = {"notifications.parked": ("/admin/messages", "/admin/mailings", "/admin/message-texts")}
"""Where the pages of an entry do not stand under its own address."""
OF_VISITORS = {"public.about", "public.help"}  # in the foot of every page too


def _belongs(endpoint: str, actor: Actor) -> bool:
    """Tell whether an entry that is open to all is of use to this person: a menu of two lines is read by nobody."""
    if endpoint in OF_VISITORS:
        return actor.is_anonymous
    return endpoint not in OF_APPLICANTS or bool(actor.mandates) or not actor.roles


def navigation() -> list[NavItem]:
    """Return the entries whose page lets the actor through, in their order; the one is marked that one is in."""
    actor, app = current_actor(), current_app
    shown = [
        (label, endpoint)
        for label, endpoint in ENTRIES
        if policy_of(app, endpoint).allows(actor, None) and _belongs(endpoint, actor)
    ]
    addresses = {endpoint: url_for(endpoint) for _, endpoint in shown}
    section = _section(addresses)
    return [NavItem(translate(label), addresses[endpoint], _mark(endpoint, section)) for label, endpoint in shown]


def _section(addresses: Mapping[str, str]) -> str | None:
    """Return the entry to which most of the present address belongs; None where the page stands elsewhere."""
    here = f"{request.path}/"
    found = {
        each: endpoint
        for endpoint, address in addresses.items()
        for each in (address, *SECTIONS.get(endpoint, ()))
        if here.startswith(f"{each}/")
    }
    return found[max(found, key=len)] if found else None


def _mark(endpoint: str, section: str | None) -> Literal["page", "true", ""]:
    if request.endpoint == endpoint:
        return "page"
    return "true" if endpoint == section else ""


def install(app: Flask) -> None:
    """Give every page its menu."""
    app.extensions["portal.navigation"] = navigation
