"""Where files lie and who scans them, as the environment says it: everything that is wrong is named at once."""

from pathlib import Path

import pytest

from config import BadSettings, S3Settings, settings_from

COMPLETE = {
    "PORTAL_SECRET_KEY": "k3Jd8sLq0Zx7Vb2Nw5Rt9Ym4Hc6Fg1Pa",
    "PORTAL_DATABASE_URL": "postgresql://portal_app@db/portal",
    "PORTAL_REDIS_URL": "redis://queue/0",
    "PORTAL_SMTP_HOST": "mail",
    "PORTAL_BASE_URL": "https://portal.example",
    "PORTAL_ALLOWED_HOSTS": "portal.example",
    "PORTAL_STORAGE_PATH": "/srv/files",
}
BUCKET = {
    "PORTAL_STORAGE": "s3",
    "PORTAL_S3_BUCKET": "portal-files",
    "PORTAL_S3_ACCESS_KEY": "key",
    "PORTAL_S3_SECRET_KEY": "secret",
    "PORTAL_S3_ENDPOINT": "https://objects.example",
    "PORTAL_STORAGE_PATH": "",
}


def refusal(**changed):
    with pytest.raises(BadSettings) as refused:
        settings_from({**COMPLETE, **changed})
    return str(refused.value).splitlines()[1:]


def test_a_folder_is_where_files_lie_unless_a_bucket_is_asked():
    assert settings_from(COMPLETE).s3 is None
    assert settings_from(COMPLETE).storage_path == Path("/srv/files")
    assert settings_from({**COMPLETE, **BUCKET}).s3 == S3Settings(
        "portal-files", "key", "secret", "https://objects.example"
    )


def test_what_a_bucket_lacks_is_named_at_once():
    lacking = {**BUCKET, "PORTAL_S3_BUCKET": "", "PORTAL_S3_SECRET_KEY": ""}
    assert refusal(**lacking) == ["  PORTAL_S3_BUCKET is missing", "  PORTAL_S3_SECRET_KEY is missing"]


def test_a_bucket_is_reached_over_https_unless_it_is_on_this_machine():
    assert refusal(**BUCKET | {"PORTAL_S3_ENDPOINT": "http://objects.example"}) == [
        "  PORTAL_S3_ENDPOINT must begin with https:// in production, unless it is on this machine"
    ]
    near = settings_from({**COMPLETE, **BUCKET, "PORTAL_S3_ENDPOINT": "http://127.0.0.1:9000"})
    assert near.s3.endpoint == "http://127.0.0.1:9000"


def test_another_storage_is_not_known():
    assert refusal(PORTAL_STORAGE="ftp") == ["  PORTAL_STORAGE must be one of local, s3, not 'ftp'"]


def test_the_secret_of_a_bucket_is_not_printed():
    assert "secret" not in repr(settings_from({**COMPLETE, **BUCKET}).s3).replace("secret_key", "")


@pytest.mark.parametrize("address", ["scanner:3310", "/run/clamav/clamd.ctl", "[::1]:3310", ""])
def test_a_scanner_is_an_address_or_a_socket(address):
    assert settings_from({**COMPLETE, "PORTAL_CLAMD": address}).clamd == address


@pytest.mark.parametrize("address", ["scanner", "scanner:", ":3310", "tcp://scanner"])
def test_what_is_no_address_of_a_scanner_is_refused(address):
    assert refusal(PORTAL_CLAMD=address) == [
        f"  PORTAL_CLAMD must be host:port or the path of a socket, not {address!r}"
    ]


def test_the_token_of_the_metrics_may_be_left_out_and_must_be_long_where_it_is_given():
    assert settings_from(COMPLETE).metrics_token == ""
    token = COMPLETE["PORTAL_SECRET_KEY"]
    given = settings_from({**COMPLETE, "PORTAL_METRICS_TOKEN": token})
    assert given.metrics_token == token
    assert f"metrics_token='{token}'" not in repr(given)
    for weak in (token[:31], "a" * 40):
        assert refusal(PORTAL_METRICS_TOKEN=weak) == [
            "  PORTAL_METRICS_TOKEN is weak: give at least 32 random characters"
        ]
