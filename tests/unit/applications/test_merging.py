"""The merge of two people's answers: whatever they type, in whatever order they save, no text disappears."""

from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from portal.applications.merging import Conflict, is_same, merge

KEYS = ("cooperation", "planning", "reach")
TEXTS = st.sampled_from([None, "", "een", "twee", "drie", "vier"])
ANSWERS = st.dictionaries(st.sampled_from(KEYS), TEXTS)


def test_different_questions_merge_by_themselves():
    base = {"planning": "oud", "reach": "oud"}
    found = merge({**base, "planning": "van hen"}, {"planning": "oud", "reach": "van mij"}, base)
    assert (found.changed, found.conflicts) == ({"reach": "van mij"}, ())


def test_the_same_question_changed_by_both_is_asked():
    found = merge({"reach": "van hen"}, {"reach": "van mij"}, {"reach": "oud"})
    assert (found.changed, found.conflicts) == ({}, (Conflict("reach", "van mij", "van hen"),))


def test_the_same_words_of_both_are_no_conflict():
    found = merge({"reach": "samen"}, {"reach": "samen"}, {"reach": "oud"})
    assert (found.changed, found.conflicts) == ({}, ())


def test_a_start_that_is_not_known_asks_about_every_difference():
    found = merge({"reach": "van hen", "planning": "zelfde"}, {"reach": "van mij", "planning": "zelfde"}, {})
    assert [each.key for each in found.conflicts] == ["reach"]


def test_emptying_an_answer_is_a_change_like_another():
    assert merge({"reach": "oud"}, {"reach": None}, {"reach": "oud"}).changed == {"reach": None}
    assert merge({"reach": "van hen"}, {"reach": ""}, {"reach": "oud"}).conflicts


def test_blanks_and_the_order_of_what_was_ticked_say_the_same():
    assert is_same(None, [])
    assert is_same("", None)
    assert is_same(["13014", "13001"], ["13001", "13014"])
    assert is_same([{"name": "De Brem", "hours": None}], [{"name": "De Brem"}])
    assert is_same({"2023": {"seniors": None}}, {})
    assert not is_same([{"name": "a"}, {"name": "b"}], [{"name": "b"}, {"name": "a"}])
    assert not is_same(None, False)
    assert not is_same("0", None)


@given(stored=ANSWERS, mine=ANSWERS, base=ANSWERS)
def test_no_text_of_either_is_lost_in_one_merge(stored, mine, base):
    found = merge(stored, mine, base)
    merged = {**stored, **found.changed}
    asked = {each.key: each for each in found.conflicts}
    for key, text in mine.items():
        typed_by_me = key not in base or not is_same(text, base[key])
        assert not typed_by_me or is_same(merged.get(key), text) or is_same(asked[key].mine, text)
    for key, text in stored.items():
        typed_by_them = key not in base or not is_same(text, base[key])
        assert not typed_by_them or is_same(merged.get(key), text)


@dataclass
class Room:
    """A section with its versions, as the command keeps them."""

    versions: list = field(default_factory=list)

    def save(self, mine, started_from, *, partly, set_aside=None):
        """Save as the portal does; the conflicts, after which a save that is not `partly` has changed nothing."""
        base = {key: self.versions[version].get(key) for key, version in started_from.items()}
        found = merge(self.versions[-1], mine, base)
        if found.conflicts and not partly:
            return found.conflicts
        if set_aside:
            standing = self.versions[-1]
            self.versions += [{**standing, **set_aside}, standing]
        if found.changed:
            self.versions.append({**self.versions[-1], **found.changed})
        return found.conflicts


@dataclass
class Writer:
    """One browser: what stands on its page, and the version each question started from."""

    room: Room
    page: dict = field(default_factory=dict)
    bases: dict = field(default_factory=dict)
    typed: set = field(default_factory=set)

    def open(self):
        now = len(self.room.versions) - 1
        self.page, self.bases, self.typed = dict(self.room.versions[now]), dict.fromkeys(KEYS, now), set()

    def type(self, key, text):
        self.page[key] = text
        self.typed.add(key)

    def save(self, choice):
        """Press save, and choose at every conflict until it is saved."""
        mine, set_aside = {key: self.page.get(key) for key in KEYS}, {}
        for _again in range(len(KEYS) + 1):
            bases = {key: self.bases[key] for key in mine}
            conflicts = self.room.save(mine, bases, partly=False, set_aside=set_aside)
            if not conflicts:
                return self.open()
            for each in conflicts:
                self.bases[each.key] = len(self.room.versions) - 1
                if choice == "theirs":
                    set_aside[each.key] = mine.pop(each.key)
        raise AssertionError("a choice did not settle the conflict")

    def autosave(self):
        """Send what was typed, as the script does; what is in conflict stays on the page, to be asked."""
        mine = {key: self.page.get(key) for key in self.typed}
        conflicts = {each.key for each in self.room.save(mine, {key: self.bases[key] for key in mine}, partly=True)}
        saved = self.typed - conflicts
        self.bases |= dict.fromkeys(saved, len(self.room.versions) - 1)
        self.typed = conflicts


STEPS = st.lists(
    st.tuples(
        st.integers(0, 1),
        st.one_of(
            st.tuples(st.just("type"), st.sampled_from(KEYS)),
            st.tuples(st.just("autosave"), st.just("")),
            st.tuples(st.just("save"), st.sampled_from(["mine", "theirs"])),
            st.tuples(st.just("open"), st.just("")),
        ),
    ),
    max_size=30,
)


@given(STEPS)
def test_no_typed_text_disappears_whatever_two_people_do(steps):
    room = Room([{key: f"begin {key}" for key in KEYS}])
    writers = [Writer(room), Writer(room)]
    for each in writers:
        each.open()
    sent = set()
    for place, (who, (what, about)) in enumerate(steps):
        writer = writers[who]
        if what == "type":
            if about in writer.typed:  # what an author types over, before it was saved, the author gave up
                sent.discard(writer.page[about])
            writer.type(about, f"tekst {place}")
        elif what == "open" and not writer.typed:  # a page that is left with unsent text keeps it on the computer
            writer.open()
        elif what in ("autosave", "save"):
            sent |= {writer.page[key] for key in writer.typed}
            writer.save(about) if what == "save" else writer.autosave()
        kept = {text for version in room.versions for text in version.values()}
        asked = {each.page[key] for each in writers for key in each.typed}
        assert sent <= kept | asked, "a text is in no version and on no page"
    for one in writers:
        one.save("mine")
    assert sent <= {text for version in room.versions for text in version.values()}
