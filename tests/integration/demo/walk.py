"""One person's way along pages in a real browser, in both languages, and everything that is wrong on it."""

from tests.integration.demo.examples import cookie_of
from tests.world.browser import in_languages, look_at

POST = """([path, fields]) => {
  const form = document.createElement("form")
  form.method = "post"
  form.action = path
  const token = document.querySelector("input[name=csrf_token]").value
  for (const [name, value] of Object.entries({csrf_token: token, ...fields})) {
    const input = document.createElement("input")
    Object.assign(input, {type: "hidden", name, value})
    form.append(input)
  }
  document.body.append(form)
  form.submit()
}"""


class Walk:
    """One person's way along pages, and everything that was wrong on it."""

    def __init__(self, demo, address, chromium, person):
        self.demo, self.address, self.wrong = demo, address, []
        self.context = chromium.new_context(viewport={"width": 1280, "height": 900})
        if person:
            self.context.add_cookies([{**cookie_of(demo, person), "url": address}])
        self.tab = self.context.new_page()
        self.tab.on("request", self._stays_here)
        self.tab.on("pageerror", lambda error: self.wrong.append(f"{self.tab.url}: {error}"))

    def _stays_here(self, request):
        if not request.url.startswith((self.address, "data:")):
            self.wrong.append(f"{self.tab.url} asks {request.url}")

    def take(self, visits, world):
        for language, axe_at, chosen in in_languages(visits):
            self.tab.goto(f"{self.address}/language/{language}?next=/about")
            for visit in chosen:
                answer = self._open(visit, world)
                said = look_at(self.tab, answer.text(), axe_at=axe_at)
                if answer.status != visit.status:
                    said.insert(0, f"answers {answer.status}, not {visit.status}")
                self.wrong += [f"{visit} ({language}): {each}" for each in said]
        self.context.close()

    def _open(self, visit, world):
        values = {key: value for name in visit.named for key, value in world[name].items()} | visit.values
        with self.demo.test_request_context():
            path = self.demo.url_for(visit.endpoint, **values)
        if visit.posted is None:
            return self.tab.goto(self.address + path)
        with self.tab.expect_navigation() as answered:
            self.tab.evaluate(POST, [path, visit.posted])
        return answered.value
