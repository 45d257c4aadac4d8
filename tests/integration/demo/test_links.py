"""Every link on the pages that the cast meets leads to a page: none is missing, forbidden or broken."""

import re
from collections import Counter, deque

import pytest

APART = ("/static", "/language", "/demo", "//")
OF_EACH_SHAPE = 3  # pages that differ in a number or reference only


def _shape(url):
    return re.sub(r"DB-[AB]-[\d-]+|[AB]-\d{4}-\d|\b[AB]\d{1,2}\b|\d+|=.*", "*", url)


def _links(page):
    for link in re.findall(r'href="([^"#]+)', page):
        if link.startswith("/") and not link.startswith(APART):
            yield link.replace("&amp;", "&")


@pytest.mark.parametrize("person", ["", "eva", "hilde", "ines", "yannick", "joris", "mieke", "sofie", "greet"])
def test_every_link_leads_somewhere(demo, restored_once, visitor, monkeypatch, person):
    if person:
        visitor.post("/demo/sign-in-as", data={"person": person})
    monkeypatch.setitem(demo.config, "WTF_CSRF_ENABLED", True)  # forms are shown with their token
    waiting, seen, shapes, wrong = deque(["/", "/my-work"] if person else ["/"]), set(), Counter(), []
    while waiting:
        url = waiting.popleft()
        if url in seen or shapes[_shape(url)] == OF_EACH_SHAPE:
            continue
        seen.add(url)
        shapes[_shape(url)] += 1
        answer = visitor.get(url)
        if answer.status_code >= 400:
            wrong.append((url, answer.status_code))
        elif answer.mimetype == "text/html":
            waiting.extend(_links(answer.text))
        answer.close()
    assert wrong == []
    assert len(seen) > 15
