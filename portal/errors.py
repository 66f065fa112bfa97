"""Ways in which the portal says no."""


class RuleBroken(Exception):
    """A rule of the domain said no. The text is for the person on the screen, in the page's own words.

    `field` names the form field that the sentence belongs to, when there is one.
    """

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class AlreadyDone(Exception):
    """The same press arrived twice: the first one did the work. `answer` is where it led, if known."""

    def __init__(self, answer: str | None) -> None:
        super().__init__(answer)
        self.answer = answer


class TooFast(Exception):
    """A limit is used up. `wait_seconds` says when it may be tried again."""

    def __init__(self, wait_seconds: int) -> None:
        super().__init__(wait_seconds)
        self.wait_seconds = wait_seconds
