"""Browsing as several people within one test: none of them is slowed down by the sign-ins of another test."""

import pytest

from portal.extensions import limiter


@pytest.fixture(autouse=True)
def fresh_limits(app):
    limiter.reset()
