"""Single requests over loopback, for checking what the servers answer."""

import http.client
import re
from dataclasses import dataclass
from urllib.parse import urlencode

from bench.load import NotValid
from bench.servers import Server


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()


def ask(
    server: Server, path: str, *, form: dict[str, str] | None = None, headers: dict[str, str] | None = None
) -> Answer:
    """GET, or POST when there is a form."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    try:
        given = dict(headers or {})
        if form is None:
            connection.request("GET", path, headers=given)
        else:
            given["Content-Type"] = "application/x-www-form-urlencoded"
            connection.request("POST", path, urlencode(form), given)
        answer = connection.getresponse()
        return Answer(answer.status, answer.headers, answer.read())
    finally:
        connection.close()


def expect(answer: Answer, status: int, marker: str, what: str) -> Answer:
    """The answer itself. Raises NotValid when it is not what a person would have to see."""
    if answer.status != status or marker not in answer.text:
        raise NotValid(f"{what}: status {answer.status} instead of {status}, or {marker!r} is not in it")
    return answer


def page_of_form(server: Server, path: str, *, network: str) -> tuple[str, str]:
    """The cookie and the form token of somebody from `network` who opened the page with a form."""
    answer = expect(ask(server, path, headers={"X-Forwarded-For": network}), 200, "csrf_token", path)
    token = re.search(r'name="csrf_token" value="([^"]+)"', answer.text)
    cookie = answer.headers.get("Set-Cookie", "").split(";")[0]
    if not token or not cookie:
        raise NotValid(f"{path}: no form token or no cookie")
    return cookie, token[1]
