"""Every setting of the portal, read once from the environment into one frozen value.

In production nothing has a dangerous default: what is missing or weak is named all at once, and the portal does not
start. ``docs/OPERATIONS.md`` lists the variables.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

SHORTEST_SECRET = 32
SAFE_ENDPOINTS = ("https://", "http://localhost:", "http://127.0.0.1:")
FEWEST_CHARACTERS = 12  # different ones: "aaaa…" is long and no secret


class Mode(StrEnum):
    """Where the portal runs: the demo on one machine, the tests, or for real."""

    DEMO = "demo"
    TEST = "test"
    PRODUCTION = "production"


class StorageKind(StrEnum):
    """Where uploaded files lie: a folder of this machine, or a bucket."""

    LOCAL = "local"
    S3 = "s3"


class BadSettings(Exception):  # noqa: N818
    """The environment does not hold what the portal needs; the message names everything that is wrong."""


@dataclass(frozen=True, slots=True)
class S3Settings:
    """A bucket. An empty ``endpoint`` is Amazon's own."""

    bucket: str
    access_key: str
    secret_key: str = field(repr=False)
    endpoint: str = ""
    region: str = "eu-central-1"


@dataclass(frozen=True, slots=True)
class Settings:
    """The portal's settings. Addresses are URLs; sizes are bytes; durations are seconds."""

    mode: Mode
    secret_key: str
    database_url: str
    redis_url: str
    smtp_host: str
    smtp_port: int
    base_url: str
    storage_path: Path  # unused where ``s3`` is set
    database_owner_url: str = ""  # migrations only; the web process does not need it
    smtp_user: str = ""
    smtp_password: str = field(default="", repr=False)
    smtp_starttls: bool = False
    mail_from: str = "Digibankportaal <noreply@digibankportaal.example>"
    mail_lease: int = 150  # seconds; half of it is longer than the slowest conversation with a mail server
    mail_per_minute: int = 0  # messages, over all workers together; 0: as many as there are
    mail_store: Path | None = None  # the demo's SMTP server keeps messages here
    allowed_hosts: tuple[str, ...] = ("localhost", "127.0.0.1")
    trusted_proxies: tuple[str, ...] = ()
    max_upload: int = 20 * 1024 * 1024
    max_body: int = 24 * 1024 * 1024
    argon2_time_cost: int = 3
    argon2_memory_cost: int = 65536  # KiB
    session_lifetime: int = 12 * 3600
    session_idle: int = 3 * 3600  # without a page that somebody opened
    pool_size: int = 5
    s3: S3Settings | None = None
    clamd: str = ""  # host:port or the path of a socket; empty: no virus scanner
    metrics_token: str = field(default="", repr=False)  # empty: nobody reads the metrics

    @property
    def is_demo(self) -> bool:
        return self.mode is Mode.DEMO

    @property
    def is_secure(self) -> bool:
        """Whether cookies may only travel over https."""
        return self.base_url.startswith("https://")


class _Reader:
    """Reads the environment and remembers everything that is wrong with it."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self.env, self.wrong = env, list[str]()

    def optional(self, name: str, default: str = "") -> str:
        return self.env.get(name, "").strip() or default

    def required(self, name: str) -> str:
        value = self.optional(name)
        if not value:
            self.wrong.append(f"{name} is missing")
        return value

    def number(self, name: str, default: int) -> int:
        value = self.optional(name)
        if value and not value.isdigit():
            self.wrong.append(f"{name} must be a whole number, not {value!r}")
            return default
        return int(value) if value else default

    def address(self, name: str) -> str:
        """Return ``host:port``, or the absolute path of a unix socket."""
        value = self.optional(name)
        host, _, port = value.rpartition(":")
        if value and not value.startswith("/") and not (host and port.isdigit()):
            self.wrong.append(f"{name} must be host:port or the path of a socket, not {value!r}")
        return value

    def secret(self, name: str) -> str:
        """Return a secret that may be left out, and must be long where it is given."""
        value = self.optional(name)
        if value and (len(value) < SHORTEST_SECRET or len(set(value)) < FEWEST_CHARACTERS):
            self.wrong.append(f"{name} is weak: give at least {SHORTEST_SECRET} random characters")
        return value

    def several(self, name: str) -> tuple[str, ...]:
        return tuple(each.strip() for each in self.optional(name).split(",") if each.strip())


def _s3(read: _Reader) -> S3Settings | None:
    """Return the bucket where ``PORTAL_STORAGE`` asks one."""
    kind = read.optional("PORTAL_STORAGE", StorageKind.LOCAL)
    if kind not in tuple(StorageKind):
        read.wrong.append(f"PORTAL_STORAGE must be one of {', '.join(StorageKind)}, not {kind!r}")
    if kind != StorageKind.S3:
        return None
    return S3Settings(
        bucket=read.required("PORTAL_S3_BUCKET"),
        access_key=read.required("PORTAL_S3_ACCESS_KEY"),
        secret_key=read.required("PORTAL_S3_SECRET_KEY"),
        endpoint=read.optional("PORTAL_S3_ENDPOINT"),
        region=read.optional("PORTAL_S3_REGION", "eu-central-1"),
    )


def settings_from(environ: Mapping[str, str] | None = None) -> Settings:
    """Return the settings in ``environ`` (the process's by default); BadSettings names all that is wrong at once."""
    read = _Reader(os.environ if environ is None else environ)
    typed = read.optional("PORTAL_MODE", Mode.PRODUCTION)
    mode = Mode(typed) if typed in tuple(Mode) else Mode.PRODUCTION
    if mode != typed:
        read.wrong.append(f"PORTAL_MODE must be one of {', '.join(Mode)}, not {typed!r}")
    s3 = _s3(read)
    settings = Settings(
        mode=mode,
        secret_key=read.required("PORTAL_SECRET_KEY"),
        database_url=read.required("PORTAL_DATABASE_URL"),
        database_owner_url=read.optional("PORTAL_DATABASE_OWNER_URL"),
        redis_url=read.required("PORTAL_REDIS_URL"),
        smtp_host=read.required("PORTAL_SMTP_HOST"),
        smtp_port=read.number("PORTAL_SMTP_PORT", 25),
        smtp_user=read.optional("PORTAL_SMTP_USER"),
        smtp_password=read.optional("PORTAL_SMTP_PASSWORD"),
        smtp_starttls=read.optional("PORTAL_SMTP_STARTTLS") == "1",
        mail_from=read.optional("PORTAL_MAIL_FROM", "Digibankportaal <noreply@digibankportaal.example>"),
        mail_lease=read.number("PORTAL_MAIL_LEASE", 150),
        mail_per_minute=read.number("PORTAL_MAIL_PER_MINUTE", 0),
        mail_store=Path(read.optional("PORTAL_MAIL_STORE")) if read.optional("PORTAL_MAIL_STORE") else None,
        base_url=read.required("PORTAL_BASE_URL").rstrip("/"),
        storage_path=Path(read.optional("PORTAL_STORAGE_PATH") if s3 else read.required("PORTAL_STORAGE_PATH")),
        s3=s3,
        allowed_hosts=read.several("PORTAL_ALLOWED_HOSTS") or ("localhost", "127.0.0.1"),
        trusted_proxies=read.several("PORTAL_TRUSTED_PROXIES"),
        argon2_time_cost=read.number("PORTAL_ARGON2_TIME_COST", 3),
        argon2_memory_cost=read.number("PORTAL_ARGON2_MEMORY_COST", 65536),
        pool_size=read.number("PORTAL_POOL_SIZE", 5),
        clamd=read.address("PORTAL_CLAMD"),
        metrics_token=read.secret("PORTAL_METRICS_TOKEN"),
    )
    if mode is Mode.PRODUCTION:
        read.wrong.extend(unfit_for_production(settings, has_hosts=bool(read.several("PORTAL_ALLOWED_HOSTS"))))
    if read.wrong:
        raise BadSettings("The portal cannot start:\n  " + "\n  ".join(read.wrong))
    return settings


def unfit_for_production(settings: Settings, *, has_hosts: bool) -> Iterator[str]:
    """Yield what is set but too weak, or fit for the demo only."""
    secret = settings.secret_key
    if secret and (len(secret) < SHORTEST_SECRET or len(set(secret)) < FEWEST_CHARACTERS):
        yield f"PORTAL_SECRET_KEY is weak: give at least {SHORTEST_SECRET} random characters"
    if settings.base_url and not settings.is_secure:
        yield "PORTAL_BASE_URL must begin with https:// in production"
    if not has_hosts:
        yield "PORTAL_ALLOWED_HOSTS is missing"
    if settings.s3 is not None and settings.s3.endpoint and not settings.s3.endpoint.startswith(SAFE_ENDPOINTS):
        yield "PORTAL_S3_ENDPOINT must begin with https:// in production, unless it is on this machine"
    if settings.mail_store is not None:
        yield "PORTAL_MAIL_STORE is for the demo only"
