"""Static files carry the hash of their content in their address."""

from pathlib import Path

import pytest

from portal.core import assets


@pytest.fixture
def static(tmp_path: Path) -> Path:
    for name in assets.STYLES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(f"/* {name} */\n", encoding="utf-8")
    (tmp_path / "css/tokens.css").write_text('src: url("../fonts/text.woff2")', encoding="utf-8")
    for name in ("fonts/text.woff2", "js/portal.js", "js/count.js"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name, encoding="utf-8")
    return tmp_path


def test_the_styles_are_one_file_in_the_order_of_the_cascade(static: Path) -> None:
    prepared = assets.prepare(static)
    css = (static / prepared.stylesheet).read_text(encoding="utf-8")
    assert prepared.url("portal.css") == f"/static/{prepared.stylesheet}"
    assert css.index("govuk-frontend") < css.index("css/base.css") < css.index("css/print.css")


def test_the_page_preloads_the_font_under_the_address_the_styles_ask_for(static: Path) -> None:
    prepared = assets.prepare(static)
    assert f'url("{prepared.url("fonts/text.woff2")}")' in (static / prepared.stylesheet).read_text(encoding="utf-8")


def test_a_changed_script_moves_all_scripts_so_that_their_imports_stay_together(static: Path) -> None:
    before = assets.prepare(static)
    (static / "js/count.js").write_text("changed", encoding="utf-8")
    after = assets.prepare(static)
    assert before.url("js/portal.js") != after.url("js/portal.js")
    assert (static / after.scripts / "count.js").read_text(encoding="utf-8") == "changed"
    assert after.stylesheet == before.stylesheet


def test_preparing_again_writes_nothing(static: Path) -> None:
    stylesheet = static / assets.prepare(static).stylesheet
    written_at = stylesheet.stat().st_mtime_ns
    assets.prepare(static)
    assert stylesheet.stat().st_mtime_ns == written_at


def test_a_file_that_does_not_exist_is_refused_when_the_page_is_made(static: Path) -> None:
    with pytest.raises(FileNotFoundError):
        assets.prepare(static).url("js/nowhere.js")
    with pytest.raises(FileNotFoundError):
        assets.prepare(static).url("fonts/nowhere.woff2")


def test_only_what_carries_its_hash_in_its_name_is_kept_for_ever(static: Path) -> None:
    prepared = assets.prepare(static)
    assert assets.is_immutable("", prepared.url("portal.css"))
    assert assets.is_immutable("", prepared.url("js/portal.js"))
    assert not assets.is_immutable("", "/static/icon.svg")
