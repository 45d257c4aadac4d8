"""The application factory: settings and the four edges come in, a guarded application comes out."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from config import Mode, Settings
from portal.accounts import signed_in
from portal.core import filters, logs, refusals, requests, web
from portal.core.arrival import Arrival
from portal.core.assets import is_immutable, prepare
from portal.core.clock import Clock
from portal.core.connections import use_lasting
from portal.core.db import db
from portal.core.files import Storage
from portal.core.mailer import Mailer
from portal.core.presence import Presence
from portal.core.queue import Queue
from portal.core.routing import RowNumber, check_every_endpoint_is_guarded
from portal.core.scanner import scanner_at
from portal.core.template_globals import PortalEnvironment
from portal.core.waking import wake
from portal.desk import navigation
from portal.extensions import babel, csrf, limiter, login_manager, migrate
from portal.notifications import foreseeing
from portal.translations.build import ensure_compiled

STATIC = Path(__file__).parent / "static"
ROOMS = (
    "portal.accounts.views.account",
    "portal.accounts.views.addresses",
    "portal.accounts.views.organisations",
    "portal.accounts.views.calendar",
    "portal.accounts.views.claims",
    "portal.accounts.views.people",
    "portal.applications.views.assigning",
    "portal.applications.views.budget",
    "portal.applications.views.budget_files",
    "portal.applications.views.budget_lines",
    "portal.applications.views.change",
    "portal.applications.views.change_desk",
    "portal.applications.views.completing",
    "portal.applications.views.desk",
    "portal.applications.views.documents",
    "portal.applications.views.empty_form",
    "portal.applications.views.ending",
    "portal.applications.views.extending",
    "portal.applications.views.history",
    "portal.applications.views.kept",
    "portal.applications.views.last_hours",
    "portal.applications.views.leaving",
    "portal.applications.views.overview",
    "portal.applications.views.papers",
    "portal.applications.views.parts",
    "portal.applications.views.sections",
    "portal.applications.views.signing",
    "portal.applications.views.starting",
    "portal.applications.views.taken_over",
    "portal.applications.views.submitting",
    "portal.applications.views.together",
    "portal.notifications.views.bell",
    "portal.notifications.views.choosing",
    "portal.notifications.views.own",
    "portal.notifications.views.parked",
    "portal.notifications.views.delivery_log",
    "portal.notifications.views.fan_outs",
    "portal.notifications.views.unsubscribing",
    "portal.notifications.views.texts",
    "portal.notifications.views.editing_texts",
    "portal.notifications.views.mailings",
    "portal.calls.views.programmes",
    "portal.calls.views.rounds",
    "portal.decisions.views.admission",
    "portal.decisions.views.applicant",
    "portal.decisions.views.board",
    "portal.decisions.views.contesting",
    "portal.decisions.views.deciding",
    "portal.decisions.views.exploring",
    "portal.decisions.views.following",
    "portal.decisions.views.letter_files",
    "portal.decisions.views.letter_texts",
    "portal.decisions.views.renewing",
    "portal.decisions.views.requests",
    "portal.decisions.views.withdrawing",
    "portal.partnerships.views.invitations",
    "portal.partnerships.views.partnerships",
    "portal.partnerships.views.strategies",
    "portal.reviewing.views.queue",
    "portal.reviewing.views.review",
    "portal.reviewing.views.paper",
    "portal.reviewing.views.offline",
    "portal.reviewing.views.versions",
    "portal.reviewing.views.assignment",
    "portal.reviewing.views.conflicts",
    "portal.reviewing.views.pool",
    "portal.reviewing.views.profile",
    "portal.reviewing.views.progress",
    "portal.reviewing.views.proposal",
    "portal.reviewing.views.proposal_table",
    "portal.reviewing.views.visibility",
    "portal.reviewing.views.consensus",
    "portal.reviewing.views.discussion",
    "portal.desk.views.calendar",
    "portal.desk.views.events",
    "portal.desk.views.exports",
    "portal.desk.views.my_work",
    "portal.desk.views.periodic",
    "portal.desk.views.reminders",
    "portal.desk.views.switches",
    "portal.public.views.pages",
    "portal.public.views.results",
    "portal.public.views.verify",
    "portal.operations.views",
)


def create_app(settings: Settings, *, clock: Clock, mailer: Mailer, storage: Storage, queue: Queue) -> Flask:
    """Return the portal. Raises UnguardedEndpoint when an endpoint has no policy."""
    logs.configure()
    app = Flask("portal", template_folder="../templates", static_folder=None)
    app.jinja_environment = PortalEnvironment
    app.config.update(flask_config(settings))
    app.url_map.converters["int"] = RowNumber
    app.extensions.update(
        {
            "portal.settings": settings,
            "portal.mailer": mailer,
            "portal.storage": storage,
            "portal.queue": queue,
            "portal.assets": prepare(STATIC),
            "portal.presence": Presence(settings.redis_url),
            "portal.scanner": scanner_at(settings.clamd),
            "portal.after_commit": lambda: wake(queue, scans=app.extensions["portal.scanner"] is not None),
        }
    )
    ensure_compiled()
    connect(app)
    migrate.init_app(app, db, directory="migrations")
    csrf.init_app(app)
    limiter.init_app(app)
    login_manager.init_app(app)
    babel.init_app(app, locale_selector=requests.locale, timezone_selector=lambda: "Europe/Brussels")
    app.jinja_env.globals["asset_url"] = app.extensions["portal.assets"].url
    web.install(app)
    filters.install_filters(app.jinja_env)
    requests.install(app, settings)
    for part in (refusals, signed_in, navigation, foreseeing):
        part.install(app)
    register_rooms(app)
    if settings.is_demo:
        clock = import_module("portal.demo.install").install(app)
    import_module("portal.cli").install(app)
    app.extensions["portal.clock"] = clock
    check_every_endpoint_is_guarded(app)
    wrap(app, settings, clock)
    return app


def connect(app: Flask) -> None:
    """Give the application its database."""
    db.init_app(app)
    with app.app_context():
        use_lasting(db.engine)


def register_rooms(app: Flask) -> None:
    """Register every room's pages; the rooms of one domain share its blueprint."""
    pages = {module.bp.name: module.bp for module in map(import_module, ROOMS)}
    for bp in pages.values():
        app.register_blueprint(bp)


def flask_config(settings: Settings) -> dict[str, object]:
    """Return Flask's own configuration, drawn from ours."""
    return {
        "SECRET_KEY": settings.secret_key,
        "TESTING": settings.mode is Mode.TEST,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": {
            "pool_size": settings.pool_size,
            "pool_recycle": 1800,
            "hide_parameters": True,  # a fault that is logged must not tell what people wrote
        },
        "MAX_CONTENT_LENGTH": settings.max_body,
        "MAX_FORM_MEMORY_SIZE": 4 * 1024 * 1024,  # a 10,000-word answer and thirty others fit many times over
        "MAX_FORM_PARTS": 2000,
        "SESSION_COOKIE_NAME": "__Host-portal" if settings.is_secure else "portal",
        "SESSION_COOKIE_SECURE": settings.is_secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_PATH": "/",
        "PERMANENT_SESSION_LIFETIME": settings.session_lifetime,
        "WTF_CSRF_TIME_LIMIT": None,  # as long as the session: a form left open over lunch is not a forgery
        "WTF_CSRF_SSL_STRICT": settings.is_secure,
        "BABEL_DEFAULT_LOCALE": "nl_BE",
        "BABEL_DEFAULT_TIMEZONE": "Europe/Brussels",
        "BABEL_TRANSLATION_DIRECTORIES": "translations",
        "RATELIMIT_STORAGE_URI": "memory://" if settings.mode is Mode.TEST else settings.redis_url,
        "RATELIMIT_IN_MEMORY_FALLBACK_ENABLED": True,
        "RATELIMIT_STRATEGY": "fixed-window",
    }


def wrap(app: Flask, settings: Settings, clock: Clock) -> None:
    """Lay the WSGI layers: static files, the proxy's word (only from a configured one), and the stamp of arrival."""
    wsgi = app.wsgi_app
    if settings.trusted_proxies:
        wsgi = ProxyFix(wsgi, x_for=1, x_proto=1, x_host=1)
    wsgi = WhiteNoise(wsgi, root=str(STATIC), prefix="static/", immutable_file_test=is_immutable)
    app.wsgi_app = Arrival(wsgi, clock, settings.trusted_proxies)  # type: ignore[method-assign]
