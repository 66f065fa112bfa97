"""Forms about mail that came in."""

from flask_babel import lazy_gettext as _l

from portal.forms import BooleanField, Form, Length, Words, needed


class TheirsForm(Form):
    """It is from them; and whether to believe that domain from now on."""

    believe_domain = BooleanField(_l("From now on, take proved mail from there for theirs"))


class BelieveForm(Form):
    """Believe another domain."""

    domain = Words(
        _l("Their other domain, or a whole address"),
        [
            needed(_l("Enter what stands after the @, such as example.org, or a whole address")),
            Length(max=254, message=_l("The domain must be 254 characters or less")),
        ],
    )


class HandOverForm(Form):
    """Give a held mail to its letter."""

    where = Words(
        _l("The letter’s reply address, or the address of its public page"),
        [
            needed(_l("Enter the letter’s reply address, or the address of its public page")),
            Length(max=500, message=_l("The address must be 500 characters or less")),
        ],
    )
