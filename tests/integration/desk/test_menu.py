"""The main menu: each person's own entries, and a mark on the one that they are in."""

import re

import pytest

from portal.core.actor import Role
from tests.world.accounts import given_person

MARKED = re.compile(r'<a href="([^"]+)" aria-current="(page|true)"')


def marked(page):
    menu = page.partition('class="dp-nav"')[2].partition("</nav>")[0]
    return MARKED.findall(menu)


@pytest.mark.parametrize(
    ("address", "mark"),
    [
        ("/admin/rounds", [("/admin/rounds", "page")]),
        ("/admin/outbox", [("/admin/outbox", "page")]),
        ("/admin/mailings/new", [("/admin/outbox", "true")]),
        ("/admin/messages/sendings", [("/admin/outbox", "true")]),
        ("/admin/message-texts", [("/admin/outbox", "true")]),
        ("/calls/digibanken/formation", [("/calls", "true")]),
        ("/account", []),
    ],
)
def test_the_entry_that_one_is_in_is_marked(world, visitor, address, mark):
    visitor.sign_in(world(given_person, roles=[Role.ADMINISTRATOR]).email)
    assert marked(visitor.get(address).text) == mark
