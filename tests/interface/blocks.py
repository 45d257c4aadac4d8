"""A small application that draws every building block of `templates/components`, for looking and for axe."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from flask import Flask, Response, make_response, render_template, request
from flask_babel import Babel
from flask_wtf import CSRFProtect
from flask_wtf.file import FileField
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional

from portal.core import assets, filters
from portal.core.forms import EuroField, LineField, MomentField, PortalForm, ProseField
from portal.core.text import _l
from portal.core.web import language, translate
from portal.translations.build import ensure_compiled

ROOT = Path(__file__).parent.parent.parent
NOW = datetime(2022, 6, 20, 12, 5, tzinfo=UTC)
CLOSES = datetime(2022, 7, 29, 10, 0, tzinfo=UTC)


class ExampleForm(PortalForm):
    """One field of each kind."""

    devices = IntegerField(
        "Hoeveel toestellen leent u uit?",
        description="Het totaal over de hele looptijd.",
        validators=[InputRequired("Vul een geheel getal in, bijvoorbeeld 120.")],
    )
    name = LineField("Naam van het knooppunt", validators=[InputRequired("Vul de naam in.")])
    support = ProseField(
        "Welke ondersteuning krijgt de lener?",
        description="Beoordelaars letten op wie helpt, wanneer en hoe lang.",
        validators=[InputRequired("Beschrijf de ondersteuning.")],
        max_characters=1200,
    )
    deposit = EuroField(
        "Waarborg per toestel", description="Vul 0 in als u geen waarborg vraagt.", validators=[Optional()]
    )
    starts_at = MomentField("Begin", validators=[Optional()])
    opens_on = DateField("Eerste dag", validators=[Optional()])
    kind = SelectField("Soort", choices=[SelectChoice("vast", "Vast"), SelectChoice("mobiel", "Mobiel")])
    route = RadioField(
        "Welke weg volgt u?",
        choices=[
            SelectChoice("a", "Uw voortraject is afgerond"),
            SelectChoice("b", "Uw samenwerkingsverband bestond al"),
        ],
        validators=[InputRequired("Kies een weg.")],
    )
    sources = SelectMultipleField(
        "Waar komen de toestellen vandaan?", choices=[SelectChoice("1", "Hersteld"), SelectChoice("2", "Geschonken")]
    )
    proof = FileField("Btw-bewijs", description="Pdf, hoogstens 10 MB.")
    agrees = BooleanField(
        "Ik verklaar dat de kosten niet dubbel gesubsidieerd worden.", validators=[InputRequired("Vink dit aan.")]
    )
    score = RadioField("Score", choices=[SelectChoice(str(score)) for score in range(11)], validators=[Optional()])


class Actor:
    """Who is signed in on the page of building blocks."""

    name = "Lotte Verhaegen"
    is_anonymous = False


def create_blocks_app() -> Flask:
    """The application; `/` draws the blocks, `/leeg` an empty form, `/fout/<name>` an error page."""
    ensure_compiled()
    app = Flask(
        __name__,
        root_path=str(ROOT),
        static_folder=str(ROOT / "portal/static"),
        template_folder=str(ROOT / "templates"),
    )
    app.jinja_loader.searchpath.append(str(Path(__file__).parent / "templates"))  # type: ignore[union-attr]
    app.config.update(SECRET_KEY="building blocks", BABEL_TRANSLATION_DIRECTORIES=str(ROOT / "portal/translations"))
    CSRFProtect(app)
    Babel(app, default_locale="nl_BE", default_timezone="Europe/Brussels", locale_selector=_locale)
    filters.install_filters(app.jinja_env)
    app.jinja_env.filters["t"] = translate
    app.jinja_env.globals.update(asset_url=assets.prepare(ROOT / "portal/static").url, language=language)
    app.context_processor(_shared)
    app.after_request(_guarded)
    for endpoint in (
        "accounts.sign_in",
        "accounts.sign_out",
        "public.accessibility",
        "public.privacy",
        "public.open_data",
        "public.help",
    ):
        app.add_url_rule(f"/{endpoint}", endpoint, _blocks, methods=["GET", "POST"])
    app.add_url_rule("/server-time", "public.server_time", _server_time)
    app.add_url_rule("/taal/<language>", "public.language", _blocks)
    app.add_url_rule("/", "blocks", _blocks)
    app.add_url_rule("/fout/<name>", "error", _error)
    return app


def _locale() -> str:
    return "en_GB" if request.args.get("lang") == "en" else "nl_BE"


def _shared() -> dict[str, Any]:
    items = [{"label": _l("Open data"), "url": "/", "current": "page", "count": 5}, {"label": "Oproepen", "url": "#"}]
    return {
        "navigation": items,
        "current_actor": Actor(),
        "server_now": NOW,
        "request_id": "5f1c0a7e",
        "settings": {"max_upload": 20_000_000},
        "actor_caption": "voor 2 organisaties",
    }


def _guarded(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'"
    )
    return response


def _blocks(**_url: str) -> Response:
    form = ExampleForm(
        MultiDict({"devices": "ca. 120", "support": "Elke lener krijgt een startgesprek.", "sources": "1"})
    )
    form.validate()
    context = {
        "form": form, "closes_at": CLOSES, "soon": NOW + timedelta(hours=2, minutes=55), "amount": Decimal("471200.00"),
        "today": date(2022, 6, 20), "digest": "1d1cc12db964dbb3ccb8cd9409ffbc33c359037bf3839d4b6b759109e222201a",
    }  # fmt: skip
    return make_response(render_template("building_blocks.html", **context))


def _server_time() -> dict[str, str]:
    return {"now": NOW.isoformat()}


def _error(name: str) -> Response:
    context = {"state": _l("Round closed"), "since": NOW, "closed_at": CLOSES, "kept_url": "#", "back_url": "#"}
    return make_response(render_template(f"errors/{name}.html", **context))
