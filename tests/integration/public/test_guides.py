"""The guides under Help: found from the help page, in both languages."""

import pytest

from portal.public.guides import FOLDER, GUIDES


def test_help_leads_to_the_guide_for_applicants(visitor):
    assert 'href="/help/applicants"' in visitor.get("/help").text
    page = visitor.get("/help/applicants").text
    assert "Gids voor aanvragers" in page
    assert "<h2>De deadline</h2>" in page
    visitor.get("/language/en")
    assert "<h2>The deadline</h2>" in visitor.get("/help/applicants").text


def test_an_unknown_guide_is_not_found(visitor):
    assert visitor.get("/help/ministers").status_code == 404


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.slug)
def test_a_guide_has_the_same_headings_in_both_languages(guide):
    levels = [
        [
            line.split(" ")[0]
            for line in (FOLDER / f"{guide.slug}.{language}.md").read_text().splitlines()
            if line.startswith("#")
        ]
        for language in ("nl", "en")
    ]
    assert levels[0] == levels[1] != []
