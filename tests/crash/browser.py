"""A browser without script: reads the forms of a page and sends them, over real connections."""

import http.client
from html.parser import HTMLParser
from itertools import count
from urllib.parse import urlencode

_networks = count(1)


class Form:
    """One form of a page with what stands in it."""

    def __init__(self, action: str) -> None:
        self.action = action
        self.fields: dict[str, str] = {}


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._text = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "form":
            self.forms.append(Form(given.get("action", "")))
        elif self.forms and (name := given.get("name")):
            if tag == "textarea":
                self._text = name
                self.forms[-1].fields[name] = ""
            elif tag == "input" and (given.get("type") not in ("checkbox", "radio") or "checked" in given):
                self.forms[-1].fields[name] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._text = ""

    def handle_data(self, data: str) -> None:
        if self._text:
            self.forms[-1].fields[self._text] += data


class Browser:
    """Somebody's browser in a network of its own. Raises OSError or HTTPException when the server goes away."""

    def __init__(self, port: int, cookie: str = "") -> None:
        self.port, self.cookie = port, cookie
        number = next(_networks)
        self.network = f"10.{number // 256 % 256}.{number % 256}.9"

    def ask(self, path: str, form: dict[str, str] | None = None) -> tuple[int, str]:
        """Open a page or send a form. Returns the status, and the text or where it leads."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"X-Forwarded-For": self.network, **({"Cookie": self.cookie} if self.cookie else {})}
        try:
            if form is None:
                connection.request("GET", path, headers=headers)
            else:
                headers["Content-Type"] = "application/x-www-form-urlencoded"
                connection.request("POST", path, urlencode(form), headers)
            answer = connection.getresponse()
            text = answer.read().decode()
        finally:
            connection.close()
        if cookie := answer.headers.get("Set-Cookie"):
            self.cookie = cookie.split(";")[0]
        return answer.status, answer.headers.get("Location") or text

    def form(self, path: str, ending: str) -> Form | None:
        """The form of a page whose address ends so, or None when the page has none."""
        status, text = self.ask(path)
        assert status == 200, f"{path}: {status}"
        found = _Forms()
        found.feed(text)
        return next((form for form in found.forms if form.action.endswith(ending)), None)
