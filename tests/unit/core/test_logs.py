"""What a log line may hold."""

import json

import structlog

from portal.core.logs import configure


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
