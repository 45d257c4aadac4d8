"""Every kind of page, as the person who uses it, in Dutch and English: axe finds nothing and a phone is wide enough."""

import pytest

from tests.world.browser import assert_accessible

DRAFT = "/applications/DB-B-2022-3-0003"  # of Digibank Noordheide
AWARDED = "/applications/DB-A-2021-1-0001"  # its formation
VISITOR = ["/", "/calls", "/calls/digibanken/formation", "/calls/digibanken/execution", "/about", "/help"]
VISITOR += ["/accessibility", "/privacy", "/sign-in", "/register", "/account/forgot", "/account/mail-sent", "/nowhere"]
VISITOR += ["/account/confirm-again", "/rounds/B-2022-3", "/rounds/B-2022-4", "/results", "/results/B-2022-1"]
VISITOR += ["/verify", "/rounds/B-2022-3/form"]
PAGES = {
    None: VISITOR,
    "Eva Claes": [
        "/my-work",
        "/account",
        "/organisations",
        "/organisations/claim",
        "/organisations/1999000150",
        "/partnerships",
        "/partnerships/begin",
        "/partnerships/1",
        "/partnerships/1/invite",
        "/partnerships/1/area",
        "/strategies/24",  # of Digibank Noordheide
        "/rounds/B-2022-3/apply",
        "/applications",
        DRAFT,
        *(
            f"{DRAFT}/{page}"
            for page in ("budget", "budget/lines/add", "documents", "documents/dnsh_analysis", "check", "admissibility")
        ),
        *(f"{DRAFT}/{page}" for page in ("timeline", "withdraw", "kept", "parts/1")),
        *(f"{DRAFT}/sections/{code}" for code in ("B1", "B6", "B7", "B13", "B14")),  # every kind of question
        AWARDED,
        f"{AWARDED}/receipt",
        f"{AWARDED}/papers",
        f"{DRAFT}/papers",
        f"{AWARDED}/decision",
    ],
    "Joris Wuyts": [
        "/my-work",
        "/reviews",
        "/reviews/130",
        "/reviews/130/paper",
        "/reviews/136/invitation",
    ],  # begun, and invited
    "Mieke Hendrickx": [
        "/my-work",
        "/desk/claims",
        "/desk/strategies",
        "/desk/rounds/B-2022-2/dossiers",
        "/desk/rounds/B-2022-2/reviews",
        "/desk/dossiers/DB-B-2022-2-0010",
        "/desk/dossiers/DB-B-2022-2-0008/reviewers",
        "/desk/dossiers/DB-B-2022-2-0002/consensus",
        DRAFT,
        f"{DRAFT}/sections/B4",
    ],
    "Greet Aerts": [
        "/audit/events",
        "/audit/events?topic=round.announced&since=2022-01-01",
        "/audit/events?subject=onbekend",
    ],
    "Sofie De Backer": [
        "/my-work",
        "/admin/programmes",
        "/admin/calls/digibanken/execution",
        "/admin/rounds",
        "/admin/rounds/B-2022-4",
        "/admin/rounds/B-2022-4/move",
        "/admin/rounds/B-2022-4/cancel",
        "/admin/calls/digibanken/execution/draft-round",
        "/admin/people",
        "/admin/outbox",
        "/admin/switches",
        "/admin/switches/no_scanner",
        "/desk/rankings",
        "/desk/rounds/B-2022-1/ranking",
        "/desk/rounds/B-2022-2/ranking",
    ],
}


@pytest.mark.timeout(180)
@pytest.mark.parametrize("person", PAGES, ids=lambda person: person or "visitor")
def test_a_page_is_accessible_in_both_languages(tab, address, person):
    tab.goto(f"{address}/")
    if person:
        tab.get_by_text("Aanmelden als …").click()
        tab.get_by_role("button", name=person).click()
        tab.wait_for_selector(".dp-who")
    for language in ("nl", "en"):
        tab.goto(f"{address}/language/{language}?next=/about")
        for page in PAGES[person]:
            answer = tab.goto(address + page)
            assert answer.status == (404 if page == "/nowhere" else 200), page
            assert_accessible(tab)
