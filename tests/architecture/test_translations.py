"""Everything on screen can be read in Dutch, and says the same in both languages."""

from pathlib import Path

from portal.translations import build


def test_every_english_sentence_has_a_dutch_one() -> None:
    missing = [f"{message.id} ({message.locations[0][0]})" for message in build.untranslated()]
    assert not missing, "run `python -m portal.translations.build` and put these in a .po of your domain"


def test_the_dutch_sources_agree_with_the_english_and_with_each_other() -> None:
    assert list(build.problems(build.source_files())) == []


def test_a_disagreement_between_two_files_is_named(tmp_path: Path) -> None:
    for name, dutch in (("one", "Bewaar"), ("two", "Bewaren")):
        (tmp_path / f"{name}.po").write_text(f'msgid "Save"\nmsgstr "{dutch}"\n', encoding="utf-8")
    assert list(build.problems(sorted(tmp_path.iterdir()))) == ["two.po: 'Save' says 'Bewaren', one.po says 'Bewaar'"]


def test_a_lost_placeholder_is_named(tmp_path: Path) -> None:
    (tmp_path / "one.po").write_text('msgid "%(days)s left"\nmsgstr "nog dagen"\n', encoding="utf-8")
    assert list(build.problems(sorted(tmp_path.iterdir()))) == [
        "one.po: '%(days)s left' has [] where the English has ['days']"
    ]
