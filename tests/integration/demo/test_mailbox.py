"""The mailbox shows every message the demo sent, as text."""

from email.message import EmailMessage

import pytest


@pytest.fixture
def post(demo):
    """Keep messages as the demo's mail server does; gone after the test."""
    store, kept = demo.extensions["portal.settings"].mail_store, []

    def keep(number, subject, text, html=None):
        mail = EmailMessage()
        mail["Subject"], mail["From"], mail["To"] = subject, "Digibankportaal <noreply@x.example>", "eva@y.example"
        mail["Date"] = "Mon, 20 Jun 2022 14:05:00 +0200"
        mail.set_content(text)
        if html:
            mail.add_alternative(html, subtype="html")
        path = store / f"{number:09d}.eml"
        path.write_bytes(mail.as_bytes())
        kept.append(path)

    yield keep
    for path in kept:
        path.unlink(missing_ok=True)


def test_an_empty_mailbox_says_what_belongs_there(visitor):
    assert "Nog geen berichten" in visitor.get("/demo/mailbox").text


def test_the_newest_message_comes_first_and_a_page_is_25(visitor, post):
    for number in range(1, 28):
        post(number, f"Bericht {number}.", "tekst")
    first = visitor.get("/demo/mailbox").text
    assert first.index("Bericht 27.") < first.index("Bericht 26.")
    assert "Bericht 3." in first
    assert "Bericht 2." not in first
    assert "before=3" in first
    assert "Bericht 2." in visitor.get("/demo/mailbox?before=3").text


def test_links_can_be_followed_and_markup_is_only_text(visitor, post):
    text = "Ga naar http://127.0.0.1:5000/account/confirm/7-ab. <script>alert(1)</script>"
    post(5, "Bevestig <b>", text, "<p><script>alert(2)</script></p>")
    page = visitor.get("/demo/mailbox/5").text
    assert 'href="http://127.0.0.1:5000/account/confirm/7-ab"' in page
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page
    assert "Bevestig &lt;b&gt;" in page


def test_a_message_that_is_not_there_is_not_found(visitor):
    assert visitor.get("/demo/mailbox/999").status_code == 404
