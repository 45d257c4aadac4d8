"""A message in the words that are shipped, beside the text that an administrator would begin to edit."""

from flask_babel import force_locale

from portal.core.requests import LOCALES
from portal.notifications.links import Links
from portal.notifications.table import notification_named
from portal.notifications.texts.composing import say
from portal.notifications.texts.problems import problems_with_wording
from portal.notifications.texts.shipped import shipped_wording


def check_wording(app, delivery, event):
    """Editing begins with exactly what would be sent: the shipped text as an administrator meets it says the same."""
    settings = app.extensions["portal.settings"]
    notification = notification_named(delivery.notification)
    if not notification.variables:
        return
    with force_locale(LOCALES[delivery.language]):
        links = Links(app.url_map, settings.base_url, settings.secret_key)
        context = notification.context(event, delivery, links)
    assert {each.key for each in notification.variables} <= set(context)
    written = shipped_wording(app, notification, delivery.language)
    found = [str(each.message) % each.message.params for each in problems_with_wording(notification, *_of(written))]
    assert not found, (notification.name, found)
    shipped, edited = (say(app, notification, each, context, delivery.language) for each in (None, written))
    assert edited.subject == shipped.subject
    assert edited.text.split() == shipped.text.split(), (edited.text, shipped.text)


def _of(wording):
    return wording.subject, wording.body
