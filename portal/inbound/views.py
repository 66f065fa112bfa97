"""The tray of new mail, one message, its files: for leads only."""

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from portal.campaigns.finding import find_campaign, find_in
from portal.campaigns.models import Campaign
from portal.inbound import forms, operations, queries, words
from portal.inbound.addresses import domain_of
from portal.inbound.models import InboundFile, InboundMail
from portal.letters.models import Letter
from portal.responses.folding import fold
from portal.storage import StoredFile
from portal.targets.domains import FREE_MAIL
from portal.web import action, download, get_or_404, render

bp = Blueprint("inbound", __name__)
PATH = "/campaigns/<key>/mail"
ONE = f"{PATH}/<int:inbound_id>"


def find_mail(key: str, inbound_id: int, action_name: str) -> tuple[Campaign, InboundMail]:
    """The campaign and its message, or the same 404 as for anything missing. One message needs one statement."""
    campaign = find_campaign(key, action_name)
    mail = get_or_404(queries.mails_of(campaign), InboundMail.id == inbound_id)
    mail.campaign = mail.letter.campaign = campaign
    return campaign, mail


def show_mail(
    campaign: Campaign, mail: InboundMail, status: int = 200, form: forms.TheirsForm | None = None
) -> Response:
    """The page of one message."""
    domain = domain_of(mail.from_address)
    return render(
        "inbound/show.html",
        status=status,
        campaign=campaign,
        mail=mail,
        letter=mail.letter,
        files=operations.files_of(mail),
        folded=fold(mail.text),
        sorts=words.SORTS,
        whys=words.WHYS,
        form=form or forms.TheirsForm(formdata=None),
        # A domain that everybody can have an address at is never believed as a whole.
        domain="" if domain in FREE_MAIL else domain,
    )


@bp.get(PATH)
@action("inbound.read")
def index(key: str) -> ResponseReturnValue:
    """What came to the addresses of our letters: what waits for a word, and the rest."""
    campaign = find_campaign(key, "inbound.read")
    letter_id = request.args.get("letter", type=int)
    letter = find_in(campaign, Letter, letter_id) if letter_id else None
    before = request.args.get("before", type=int)
    tray = queries.tray_of(campaign, letter_id=letter.id if letter else None, before=before)
    return render(
        "inbound/index.html",
        campaign=campaign,
        letter=letter,
        tray=tray,
        before=before,
        sorts=words.SORTS,
        whys=words.WHYS,
    )


@bp.get(ONE)
@action("inbound.read")
def show(key: str, inbound_id: int) -> ResponseReturnValue:
    """One message: who it says it is from, what could be proved, its words, and what to do with it."""
    return show_mail(*find_mail(key, inbound_id, "inbound.read"))


@bp.get(f"{ONE}/original")
@action("inbound.read")
def original(key: str, inbound_id: int) -> ResponseReturnValue:
    """The message byte for byte, as a download only."""
    _campaign, mail = find_mail(key, inbound_id, "inbound.read")
    return download(mail.file)


@bp.get(f"{ONE}/files/<int:position>")
@action("inbound.read")
def file(key: str, inbound_id: int, position: int) -> ResponseReturnValue:
    """A file that came with it, as a download only."""
    _campaign, mail = find_mail(key, inbound_id, "inbound.read")
    rows = StoredFile.select().join(InboundFile).where(InboundFile.mail == mail.id)
    return download(get_or_404(rows, InboundFile.position == position))
