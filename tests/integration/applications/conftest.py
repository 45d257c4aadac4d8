"""What the tests of an application's pages share."""

from dataclasses import dataclass

import pytest

from tests.world.drafting import given_team_draft
from tests.world.http import Visitor
from tests.world.sections import given_draft_to_fill, section_of, typed


@dataclass
class Desk:
    """A draft on the desk of somebody who writes it, signed in."""

    world: object
    visitor: object
    reference: str
    email: str

    def path(self, code):
        return f"/applications/{self.reference}/sections/{code}"

    def page(self, code):
        answer = self.visitor.get(self.path(code))
        assert answer.status_code == 200
        return answer.text

    def save(self, code, *, page=None, **changed):
        """Send the section's form as it stands on `page` (opened now, where none is given), changed as the test says."""
        return self.visitor.post(self.path(code), typed(page or self.page(code), **changed), page="/account")

    def stored(self, code):
        """The section's answers and version."""
        return self.world(section_of, self.reference, code)


@pytest.fixture
def desk(world, visitor):
    """A complete draft in an open round; who signs for its lead partner is signed in."""
    reference, email = world(given_draft_to_fill)
    visitor.sign_in(email)
    return Desk(world, visitor, reference, email)


@pytest.fixture
def draft(world):
    """A draft of a lead partner and a partner, each with somebody who writes."""
    return world(given_team_draft)


@pytest.fixture
def lead(visitor, draft):
    """The browser of who signs for the lead partner."""
    return visitor.sign_in(draft.lead)


@pytest.fixture
def partner(app, draft, lead):
    """A second browser, of who signs for the partner."""
    return Visitor(app).sign_in(draft.partner)
