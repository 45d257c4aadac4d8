"""A browser without a screen: it signs in with a password and posts forms with their token."""

import re

from flask import Flask, has_app_context

from tests.world.accounts import PASSWORD

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')

SEEN = re.compile(r'name="seen" value="([0-9a-f]{64})"')


def seen_on(page):
    """The digest of whom a page names: its button acts for exactly these."""
    found = SEEN.search(page)
    assert found, "the page names nobody"
    return found[1]


class Visitor:
    """One browser. A pushed application context would leak who is signed in, so there may be none."""

    def __init__(self, app: Flask) -> None:
        assert not has_app_context(), "leave the application context before you browse"
        self.client = app.test_client()

    def get(self, path, **kwargs):
        return self.client.get(path, **kwargs)

    def post(self, path, data=None, *, page=None, **kwargs):
        """Post a form; its token comes from ``page`` (the form's own page by default), or from any page of ours."""
        found = TOKEN.search(self.client.get(page or path).text) or TOKEN.search(self.client.get("/sign-in").text)
        assert found, f"no form on {page or path}"
        return self.client.post(path, data={"csrf_token": found[1], **(data or {})}, **kwargs)

    def upload(self, path, field, content, name):
        """Post one file."""
        return self.upload_all(path, field, [(name, content)])

    def upload_all(self, path, field, files, **options):
        """Post files, as pairs of name and content. The body is built here: the client would leave a large one in a file
        that nobody closes.
        """
        token, edge = TOKEN.search(self.client.get(path).text) or TOKEN.search(self.client.get("/sign-in").text), "edge"
        parts = (
            ('form-data; name="csrf_token"', token[1].encode()),
            *((f'form-data; name="{field}"; filename="{name}"', content) for name, content in files),
        )
        body = b"".join(
            f"--{edge}\r\nContent-Disposition: {head}\r\n\r\n".encode() + each + b"\r\n" for head, each in parts
        )
        kind = f"multipart/form-data; boundary={edge}"
        return self.client.post(path, data=body + f"--{edge}--\r\n".encode(), content_type=kind, **options)

    def sign_in(self, email, password=PASSWORD):
        answer = self.post("/sign-in", {"email": email, "password": password})
        assert answer.status_code == 302, "not signed in"
        return self
