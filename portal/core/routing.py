"""Registration, guard and transaction as one decorator, so that their order cannot be wrong.

Load → policy → view → commit on a POST whose answer is below 400, roll back otherwise. What an auditor reads by that
role alone is written down here, for every page at once. An endpoint that was not registered here stops the application
from starting.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import Blueprint, Flask, Response, current_app, make_response, request
from werkzeug.routing import IntegerConverter

from portal.core.audit import reading_of
from portal.core.db import db
from portal.core.errors import Forbidden, NotFound
from portal.core.event_log import record_apart
from portal.core.policy import Policy
from portal.core.web import ctx, current_actor, wants_json
from portal.extensions import limiter

View = TypeVar("View", bound=Callable[..., Any])
Load = Callable[..., Any]

GUARDED = "__portal_policy__"
LOADED_BY = "__portal_load__"
LARGEST_BODY = "__portal_largest_body__"
WHEN_SIGNED_OUT = "__portal_when_signed_out__"


class RowNumber(IntegerConverter):
    """An ``<int:…>`` of an address: a number that a row can have. A longer one is no page, and never a fault."""

    regex = r"\d{1,18}"


class Pages(Blueprint):
    """A blueprint whose every endpoint names its policy."""

    def page(
        self, rule: str, *, policy: Policy[Any], load: Load | None = None, limit: str | None = None
    ) -> Callable[[View], View]:
        """Register a page that only shows (GET)."""
        return self._register(rule, ["GET"], policy, load, limit)

    def form(
        self,
        rule: str,
        *,
        policy: Policy[Any],
        load: Load | None = None,
        limit: str | None = None,
        largest_body: int | None = None,
        when_signed_out: Callable[..., Response | None] | None = None,
    ) -> Callable[[View], View]:
        """Register a page with a form (GET and POST); ``largest_body`` bytes where several files come at once.

        ``when_signed_out`` as for ``action``: what was sent is answered by it, the page itself never.
        """
        return self._register(
            rule, ["GET", "POST"], policy, load, limit, largest_body=largest_body, when_signed_out=when_signed_out
        )

    def action(
        self,
        rule: str,
        *,
        policy: Policy[Any],
        load: Load | None = None,
        limit: str | None = None,
        when_signed_out: Callable[..., Response | None] | None = None,
    ) -> Callable[[View], View]:
        """Register a button (POST). ``when_signed_out`` may answer somebody whose session ended, so that no text is lost."""
        return self._register(rule, ["POST"], policy, load, limit, when_signed_out=when_signed_out)

    def _register(
        self,
        rule: str,
        methods: list[str],
        policy: Policy[Any],
        load: Load | None,
        limit: str | None,
        *,
        largest_body: int | None = None,
        when_signed_out: Callable[..., Response | None] | None = None,
    ) -> Callable[[View], View]:
        _check_signature(rule, load)

        def decorate(view: View) -> View:
            @wraps(view)
            def guarded(**url: Any) -> Response:
                return run(view, policy, load, url)

            # Outermost, or a flood would still cost a load and a policy each.
            limited = limiter.limit(limit, methods=methods[-1:])(guarded) if limit else guarded
            setattr(limited, GUARDED, policy)
            setattr(limited, LOADED_BY, load)
            setattr(limited, LARGEST_BODY, largest_body)
            setattr(limited, WHEN_SIGNED_OUT, when_signed_out)
            self.add_url_rule(rule, endpoint=view.__name__, view_func=limited, methods=methods)
            return view

        return decorate


def run(view: Callable[..., Any], policy: Policy[Any], load: Load | None, url: dict[str, Any]) -> Response:
    """Answer one request: sign in first, then load, then policy, then the view, then commit or roll back."""
    writes = request.method == "POST"
    try:
        actor = current_actor()
        if actor.is_anonymous and not policy.is_public:
            return answer_signed_out() or make_response(current_app.login_manager.unauthorized())  # type: ignore[attr-defined]
        subject = None if load is None else load(**url, **({"lock": True} if writes else {}))
        if not policy.sees(actor, subject):
            raise NotFound
        if not policy.may(actor, subject):
            raise Forbidden(policy.name)
        reading = None if writes else reading_of(actor, policy, subject)
        response = make_response(view(**url) if load is None else view(subject))
        if writes and response.status_code < 400:
            db.session.commit()
            current_app.extensions["portal.after_commit"]()
        elif reading is not None and response.status_code < 400:
            record_apart(ctx(), reading)
        return response
    finally:
        db.session.rollback()


def answer_signed_out() -> Response | None:
    """Return the endpoint's own answer to a form sent by somebody who is not signed in any more; None where it has none."""
    if request.method != "POST":
        return None
    endpoint: Callable[..., Any] | None = current_app.view_functions.get(request.endpoint or "")
    keep: Callable[..., Response | None] | None = getattr(endpoint, WHEN_SIGNED_OUT, None)
    return None if keep is None or wants_json() else keep(**(request.view_args or {}))


def _check_signature(rule: str, load: Load | None) -> None:
    """Compare the rule's variables with the load's parameters, so that a slip shows at boot and not on a Friday."""
    if load is None:
        return
    variables = set(re.findall(r"<(?:[^:<>]+:)?(\w+)>", rule))
    parameters = inspect.signature(load).parameters
    if any(each.kind is each.VAR_KEYWORD for each in parameters.values()):
        return
    expected = {name for name in parameters if name != "lock"}
    required = {name for name, each in parameters.items() if name != "lock" and each.default is each.empty}
    if not (required <= variables <= expected) or "lock" not in parameters:
        raise TypeError(
            f"{rule}: {load.__qualname__} takes {sorted(parameters)}, expected {sorted(variables)} and lock"
        )


class UnguardedEndpoint(Exception):  # noqa: N818
    """An endpoint without a policy: the application does not start."""


def check_every_endpoint_is_guarded(app: Flask) -> None:
    """Raise UnguardedEndpoint for any endpoint that was not registered through ``Pages``."""
    bare = [name for name, view in app.view_functions.items() if not hasattr(view, GUARDED)]
    if bare:
        raise UnguardedEndpoint(f"no policy on: {', '.join(sorted(bare))}")


def policy_of(app: Flask, endpoint: str) -> Policy[Any]:
    """Return the policy that guards ``endpoint``."""
    policy: Policy[Any] = getattr(app.view_functions[endpoint], GUARDED)
    return policy


def load_of(app: Flask, endpoint: str) -> Load | None:
    """Return what loads the subject of ``endpoint``, or None where it has none."""
    load: Load | None = getattr(app.view_functions[endpoint], LOADED_BY)
    return load
