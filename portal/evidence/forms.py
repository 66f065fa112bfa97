"""The form for one item of evidence."""

from flask_babel import lazy_gettext as _l

from portal.evidence.operations import Particulars
from portal.forms import Day, Form, Length, Number, RadioField, SeenVersion, Words, needed

KINDS = (
    ("reports", _l("Reports from neighbours")),
    ("complaint", _l("A complaint we made")),
    ("photos", _l("Photographs")),
    ("measurement", _l("Something measured")),
    ("document", _l("A document")),
    ("public", _l("A public source")),
)
KIND_HINTS = {
    "reports": _l("A survey at the doors, or a list that neighbours filled in."),
    "complaint": _l("By phone, by form or in writing, with the number they gave you."),
    "photos": _l("With their dates. The pictures stay with whoever took them."),
    "measurement": _l("Such as damp, heat, noise, or the hours a lift stood still."),
    "document": _l("A letter, a bill, minutes, a report."),
    "public": _l("A newspaper, a register, accounts that anybody can read."),
}


class EvidenceForm(Form):
    """One thing that a fact can rest on."""

    kind = RadioField(_l("What is it?"), [needed(_l("Choose what it is"))], choices=KINDS)
    title = Words(
        _l("What does it show?"),
        [needed(_l("Write what it shows")), Length(max=160, message=_l("Say it in 160 characters or less"))],
        description=_l("In a line, without names and illnesses. “Mould in bedrooms, from our survey at the doors.”"),
    )
    reference = Words(
        _l("Reference"),
        [Length(max=200, message=_l("The reference must be 200 characters or less"))],
        description=_l("Their number for a complaint, the page of a document, the address of a public source."),
    )
    source = Words(
        _l("Who counted it, or where is it kept?"),
        [Length(max=200, message=_l("This must be 200 characters or less"))],
        description=_l("Only the circle reads this line. It never goes with a letter."),
    )
    home_count = Number(
        _l("How many homes is it about?"),
        description=_l("Leave it empty where it is not about homes. Letters can take this number from here."),
    )
    from_on = Day(_l("From which day?"), description=_l("The first day it is about, like 3/3/2026."))
    to_on = Day(_l("Until which day?"), description=_l("Leave it empty where it goes on."))
    seen = SeenVersion()

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choice_hints = KIND_HINTS

    @property
    def particulars(self) -> Particulars:
        """What was typed."""
        return Particulars(
            kind=self.kind.data,
            title=self.title.data or "",
            reference=self.reference.data or "",
            source=self.source.data or "",
            home_count=self.home_count.data,
            from_on=self.from_on.data,
            to_on=self.to_on.data,
        )
