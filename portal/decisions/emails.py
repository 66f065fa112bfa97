"""Mails about a question for the members. No mail names the campaign or says what is asked."""

from datetime import datetime

from portal import mail
from portal.web import link_to

TEMPLATES = ("ballot_opened", "ballot_nudge", "ballot_ended", "ballot_paper_counted")


def about_ballot(
    *, kind: str, to: str, to_name: str, name: str, key: str, ballot: int, closes_at: datetime, outcome: str, by: str
) -> mail.Message:
    """The mail of this kind, one of TEMPLATES, from the facts that were kept when it was queued."""
    link = link_to("decisions.show", key=key, ballot_id=ballot)
    subject, text, html = mail.rendered(kind, name=name, link=link, closes_at=closes_at, outcome=outcome, by=by)
    return mail.Message(to=to, to_name=to_name, subject=subject, text=text, html=html)
