"""Anyone can ask whether a digest was frozen for a reference; nobody learns more than that."""

import pytest

from tests.world.papers import given_submitted_of_three

WRONG = "f" * 64
MATCHES, DIFFERS = "Het klopt<", "Het klopt niet"


def ask(visitor, reference, sha256):
    return visitor.post("/verify", {"reference": reference, "sha256": sha256})


def test_a_visitor_verifies_a_digest_with_its_reference_to_the_second(world, visitor):
    made = world(given_submitted_of_three)
    page = ask(visitor, made.reference, made.sha256)
    assert page.status_code == 200
    assert MATCHES in page.text
    assert "28 juli 2022 om 11.59.03" in page.text
    for name in ("Noordheide", "Kringloop", "Eva", "Lotte"):
        assert name not in page.text


def test_a_digest_may_be_typed_in_groups_and_capitals_and_a_reference_in_small_letters(world, visitor):
    made = world(given_submitted_of_three)
    groups = " ".join(made.sha256.upper()[start : start + 8] for start in range(0, 64, 8))
    assert MATCHES in ask(visitor, made.reference.lower(), groups).text


def test_an_unknown_reference_and_a_wrong_digest_read_alike(world, visitor, count_statements):
    made = world(given_submitted_of_three)
    pages, counts = [], []
    for reference, sha256 in ((made.reference, WRONG), ("DB-B-2022-9-9999", WRONG), ("DB-B-2022-9-9999", made.sha256)):
        with count_statements() as sent:
            page = ask(visitor, reference, sha256)
        assert page.status_code == 200
        groups = [f"<span>{sha256[start : start + 8]}</span>" for start in range(0, 64, 8)]
        words = page.text.replace(reference, "REFERENCE").replace(sha256, "DIGEST").replace("".join(groups), "DIGEST")
        pages.append(words[words.index("<main") : words.index('name="csrf_token"')])
        counts.append(len(sent))
    assert DIFFERS in pages[0]
    assert pages[0] == pages[1] == pages[2]
    assert counts[0] == counts[1] == counts[2]


def test_a_file_is_read_by_the_server_where_the_browser_did_not(world, visitor):
    made = world(given_submitted_of_three)
    assert MATCHES in upload(visitor, made.reference, made.content.encode()).text
    assert DIFFERS in upload(visitor, made.reference, made.content.encode() + b"\n").text


def upload(visitor, reference, content):
    from io import BytesIO

    from tests.world.http import TOKEN

    token = TOKEN.search(visitor.get("/verify").text)[1]
    data = {"csrf_token": token, "reference": reference, "file": (BytesIO(content), "gegevens.json")}
    return visitor.client.post("/verify", data=data, content_type="multipart/form-data")


@pytest.mark.parametrize(
    ("reference", "sha256", "asked"),
    [
        ("", WRONG, "Vul de referentie van de aanvraag in"),
        ("DB-B-2022-1-0001", "", "Vul de SHA-256 in, of kies het bestand."),
        ("DB-B-2022-1-0001", "abc", "Een SHA-256 telt 64 cijfers"),
    ],
)
def test_what_is_missing_is_asked_and_what_was_typed_stays(visitor, reference, sha256, asked):
    page = ask(visitor, reference, sha256)
    assert page.status_code == 422
    assert asked in page.text
    assert f'value="{reference}"' in page.text


def test_a_link_fills_the_form_in_and_asks_nothing_yet(visitor):
    page = visitor.get("/verify?reference=DB-B-2022-1-0001")
    assert 'value="DB-B-2022-1-0001"' in page.text
    assert DIFFERS not in page.text


def test_guessing_is_slowed_down(visitor):
    answers = [ask(visitor, "DB-B-2022-1-0001", WRONG).status_code for _ in range(21)]
    assert answers == [200] * 20 + [429]
