"""Forms about organizations: finding one, proposing a change, deciding about it."""

import wtforms
from flask_babel import lazy_gettext as _l

from portal.forms import Words


class SearchForm(wtforms.Form):
    """Find an organization by name. Sent by GET, so it carries no proof of origin."""

    q = Words(_l("Name of a landlord, company or council"))

    @property
    def words(self) -> str:
        """What was typed, short enough to look for."""
        return (self.q.data or "")[:120]
