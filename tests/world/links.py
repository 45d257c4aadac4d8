"""The links that a mail carries, as the portal derives them."""

from datetime import timedelta

from portal.accounts.tokens import Purpose, link_token
from portal.core.clock import machine_now

PAGES = {Purpose.CONFIRM_EMAIL: "confirm", Purpose.RESET_PASSWORD: "reset"}


def account_link(app, purpose, person, *, age=timedelta(0)):
    """The path of a link to ``person`` that was written ``age`` ago."""
    key = app.extensions["portal.settings"].secret_key
    token = link_token(key, purpose, person.id, person.nonce, now=machine_now() - age)
    return f"/account/{PAGES[purpose]}/{token}"
