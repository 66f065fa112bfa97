"""What comes without anybody's doing: mails to the letters' addresses, and days that pass without an answer."""

from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from portal import clock
from portal.demo.ground import Stage
from portal.inbound.processing import sort_waiting
from portal.inbound.receiving import receive
from portal.letters.models import Letter
from portal.letters.sending import reply_address
from portal.responses.answers.silence import note_silences


def happen(stage: Stage) -> None:
    """A roofer writes to Strathellen Drive, a machine answers at Cooperage Wharf, and a day has passed in silence."""
    stage.tell("  Mails that came by themselves, and days that passed")
    _arrive(
        stage,
        (-2, "10:20"),
        letter="We ask for dry homes at Strathellen Drive",
        sender="Kirkbrae Roofing <office@kirkbrae-roofing.example.com>",
        subject="Re: A complaint from 1 to 8 Strathellen Drive",
        text="Hello,\n\nWe are to look at the gutters of numbers 3 and 5 on {D+5}. Is that all right?\n\n"
        "Kirkbrae Roofing\n\n> Attached is a letter from the people of Strathellen Drive.\n",
    )
    _arrive(
        stage,
        (-44, "19:12"),
        letter="Fourteen days without heat",
        sender="Brackenfold Management <estates@brackenfold.example.com>",
        subject="Automatic reply: A complaint about the heat network",
        text="Thank you for your e-mail. The estates team reads its mail between ten and two.\n",
        machine=True,
    )
    with stage.at(0, "06:07"):
        note_silences()


def _arrive(
    stage: Stage, when: tuple[int, str], *, letter: str, sender: str, subject: str, text: str, machine: bool = False
) -> None:
    """A mail comes to the address of the letter with this headline, and is sorted."""
    with stage.at(*when):
        address = reply_address(Letter.get(Letter.title == letter))
        mail = EmailMessage(policy=SMTP)
        mail["From"], mail["To"], mail["Subject"] = sender, address, subject
        mail["Date"] = format_datetime(clock.now())
        mail["Message-ID"] = f"<{when[0] + 1000}.demo@{sender.rpartition('@')[2].rstrip('>')}>"
        if machine:
            mail["Auto-Submitted"] = "auto-replied"
        mail.set_content(stage.words(text))
        receive(mail.as_bytes(), to=address, sender="" if machine else sender.rpartition("<")[2].rstrip(">"))
        sort_waiting()
