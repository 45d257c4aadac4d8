"""What a log line may hold."""

import errno
import io
import json
import logging
import sys

import structlog

from portal.core.logs import configure, formatter


def fail(password):
    raise ValueError(len(password))


def test_a_traceback_names_the_fault_and_never_the_values_around_it(capsys):
    configure()
    password = "drie blauwe lampen"
    try:
        fail(password)
    except ValueError as fault:
        structlog.get_logger("portal.test").error("fault", request_id="abc", exc_info=fault)
    line = json.loads(capsys.readouterr().out)
    assert line["request_id"] == "abc"
    assert "ValueError: 18" in line["exception"]
    assert password not in json.dumps(line, ensure_ascii=False)


class FullDisk(io.StringIO):
    def flush(self):
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_line_that_the_disk_refuses_stops_nobody(monkeypatch):
    configure()
    monkeypatch.setattr(sys, "stdout", FullDisk())
    structlog.get_logger("portal.test").info("request", request_id="abc")


def test_the_lines_of_libraries_are_of_the_same_form():
    record = logging.LogRecord("celery.worker", logging.WARNING, "x.py", 1, "lost %s", ("the broker",), None)
    line = json.loads(formatter().format(record))
    assert (line["event"], line["level"], line["logger"]) == ("lost the broker", "warning", "celery.worker")
