"""What docs/deploy holds is what a server is set up with: read by the programs themselves where they are, else as text."""

import configparser
import re
import shutil
import subprocess
from datetime import timedelta
from importlib.util import module_from_spec, spec_from_file_location

import pytest
import yaml

from config import settings_from
from portal.core.meters import Sums
from portal.operations.figures import Disk, Figures
from portal.operations.metrics import exposition
from portal.operations.rules import BACKUPS, DEPTHS, FREE, SIGNS, WAITS
from workers.queues import NAMES

UNITS = ("portal.target", "portal-web.socket", "portal-web.service", "portal-beat.service", "portal-backup.service",
         "portal-backup.timer", *(f"portal-worker@{name}.service" for name in NAMES))  # fmt: skip
OF_PROMETHEUS = {"up"}


@pytest.fixture(scope="module")
def deploy(root):
    return root / "docs" / "deploy"


@pytest.fixture(scope="module")
def alerts(deploy):
    """Every rule by its name."""
    groups = yaml.safe_load((deploy / "alerts.yml").read_text(encoding="utf-8"))["groups"]
    return {rule["alert"]: rule for group in groups for rule in group["rules"]}


def lines(deploy, name):
    """The settings of one unit: (section, key) → values."""
    found, section = {}, ""
    for line in (deploy / "systemd" / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif "=" in line and not line.startswith("#"):
            key, _, value = line.partition("=")
            found.setdefault((section, key), []).append(value)
    return found


def test_systemd_accepts_every_unit(deploy, root, tmp_path):
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not on this machine; the other tests read the units as text")
    units = tmp_path / "units"
    shutil.copytree(deploy / "systemd", units)
    for file in units.rglob("*.*"):
        if file.is_file():
            text = file.read_text(encoding="utf-8").replace("/srv/portal/app", str(root).replace(" ", "\\x20"))
            file.write_text(text, encoding="utf-8")
    paths = [str(units / name) for name in UNITS]
    said = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *paths],
        env={"SYSTEMD_UNIT_PATH": f"{units}:", "PATH": "/usr/bin:/bin"},
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    ours = [line for line in said.stderr.splitlines() if "portal" in line]
    assert (said.returncode, ours) == (0, []), said.stderr


def test_the_target_starts_a_worker_for_each_queue_beat_and_web(deploy):
    wanted = " ".join(lines(deploy, "portal.target")["Unit", "Wants"]).split()
    assert set(wanted) == {
        "portal-web.service", "portal-beat.service", *(f"portal-worker@{name}.service" for name in NAMES)
    }  # fmt: skip


def test_what_ends_ends_warm(deploy):
    """A signal to the children would break off what they do; the times are those of the longest task and request."""
    worker, web = lines(deploy, "portal-worker@.service"), lines(deploy, "portal-web.service")
    assert worker["Service", "KillMode"] == web["Service", "KillMode"] == ["mixed"]
    from workers.app import celery

    assert int(worker["Service", "TimeoutStopSec"][0]) > celery.conf.task_time_limit
    assert web["Service", "ExecReload"] == ["/bin/kill -HUP $MAINPID"]
    assert int(web["Service", "TimeoutStopSec"][0]) > gunicorn_settings(deploy).graceful_timeout


def gunicorn_settings(deploy):
    spec = spec_from_file_location("gunicorn_conf", deploy / "gunicorn.conf.py")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_gunicorn_reads_its_file(deploy, root):
    command = [shutil.which("gunicorn") or root / ".venv/bin/gunicorn", "--config", deploy / "gunicorn.conf.py"]
    said = subprocess.run(
        [*command, "--print-config", "flask:Flask"],
        cwd=root, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert re.search(r"^graceful_timeout += 60$", said.stdout, re.MULTILINE), said.stderr


def test_the_example_holds_every_setting_that_production_asks_for(deploy):
    text = (deploy / "portal.env.example").read_text(encoding="utf-8")
    reading = configparser.ConfigParser(interpolation=None)
    reading.optionxform = str
    reading.read_string(f"[env]\n{text}")
    secrets = dict.fromkeys(("PORTAL_SECRET_KEY", "PORTAL_METRICS_TOKEN"), "kzJd8sLq0Zx7Vb2Nw5Rt9Ym4Hc6Fg1Pa")
    given = {name: value.strip('"') for name, value in reading["env"].items()} | secrets
    settings = settings_from(given)
    assert settings.is_secure
    assert settings.trusted_proxies == ("127.0.0.1",)


def test_nginx_tells_when_a_request_came_and_takes_no_clients_word_for_it(deploy):
    text = (deploy / "nginx.conf").read_text(encoding="utf-8")
    assert text.count("{") == text.count("}")
    for header in ('X-Request-Start "t=$msec"', 'X-Request-Elapsed "$request_time"', "X-Forwarded-For $remote_addr"):
        assert f"proxy_set_header {header};" in text
    assert "client_max_body_size 104m;" in text
    assert "proxy_next_upstream off;" in text


def known_metrics():
    kinds = ("outbox", "delivery", "letter", "paper", "job", "file")
    counts = {(kind, state): 1 for kind in kinds for state in ("parked", "failed", "held")}
    full = Figures(
        counts=counts, waited={"outbox": timedelta(0)}, queues={"mail": 0}, backup=timedelta(0), disk=Disk(1, 2)
    )
    page = exposition(full, Sums()).decode()
    named = set(re.findall(r"^# TYPE (\S+) ", page, re.MULTILINE))
    return named | {f"{name}_bucket" for name in named if name.endswith("_duration_seconds")} | OF_PROMETHEUS


def test_the_alerts_ask_for_figures_that_there_are(alerts):
    known = known_metrics()
    for name, rule in alerts.items():
        assert rule["labels"]["severity"] in ("look", "act"), name
        assert rule["annotations"]["summary"]
        asked = set(re.findall(r"\b(?:portal_\w+|up)\b", re.sub(r'"[^"]*"', "", rule["expr"])))
        assert asked, name
        assert asked <= known, name
        assert rule["expr"].count("(") == rule["expr"].count(")"), name


def limit_of(rule):
    return float(re.findall(r"[<>] ([\d.]+)", rule["expr"])[0])


def test_the_alerts_draw_the_lines_of_the_page(alerts):
    def pair(look, act):
        return limit_of(alerts[look]), limit_of(alerts[act])

    def seconds(lines_):
        return tuple(each.total_seconds() for each in lines_)

    assert pair("PortalEventsWait", "PortalEventsStuck") == seconds(WAITS["outbox"])
    assert pair("PortalMessagesWait", "PortalMessagesStuck") == seconds(WAITS["delivery"])
    for kind in ("letter", "paper", "job"):
        assert pair("PortalDocumentsWait", "PortalDocumentsStuck") == seconds(WAITS[kind])
    assert pair("PortalWorkerQuiet", "PortalWorkerGone") == seconds(SIGNS)
    assert pair("PortalBackupMissed", "PortalBackupsFail") == seconds(BACKUPS)
    assert pair("PortalQueueLong", "PortalQueueOverflows") == DEPTHS
    assert pair("PortalDiskLow", "PortalDiskFull") == FREE


def test_what_to_do_is_written_down_for_every_alert(alerts, root):
    text = (root / "docs" / "OPERATIONS.md").read_text(encoding="utf-8")
    assert [name for name in alerts if f"`{name}`" not in text] == []
