"""The words of the screen for an organization's record, by the names that the database keeps."""

from flask_babel import lazy_gettext as _l

from portal.campaigns.words import STATE_WORDS as STATE_WORDS

SECTORS = {
    "social_housing": _l("A housing association or council landlord"),
    "private_landlord": _l("A private landlord"),
    "managing_agent": _l("A managing agent"),
    "water": _l("A water company"),
    "energy": _l("An energy or heat company"),
    "council": _l("A council, about something other than our homes"),
    "developer": _l("A developer"),
    "club": _l("A club or its owner"),
    "other": _l("Not sure, or something else"),
}
COUNTRIES = {
    "": _l("Not known"),
    "gb": _l("All of the UK"),
    "gb-eng": _l("England"),
    "gb-sct": _l("Scotland"),
    "gb-wls": _l("Wales"),
    "gb-nir": _l("Northern Ireland"),
    "other": _l("Another country"),
}
PURPOSES = {
    "complaints": _l("Complaints"),
    "letters": _l("Letters"),
    "chief_executive": _l("The chief executive"),
    "press": _l("Press"),
    "data_requests": _l("Requests for your data"),
    "other": _l("Something else"),
}
WAYS = {"email": _l("E-mail"), "post": _l("Post"), "web": _l("A form on their website")}
# subject of a proposal → what it is about
SUBJECTS = {
    "name": _l("The name"),
    "other_name": _l("Another name"),
    "parent": _l("Whose part it is"),
    "sector": _l("What they are"),
    "country": _l("Which nation it is in"),
    "website": _l("The website"),
    "address": _l("A new address"),
    "address_end": _l("An address that is no longer right"),
    "domain": _l("A domain they write from"),
    "domain_end": _l("A domain they no longer write from"),
    "person": _l("Somebody in a post"),
    "person_end": _l("Somebody who has left a post"),
    "words": _l("Something else"),
    "merged": _l("Two records were the same"),
}
STATES = {
    "open": _l("Waits for a decision"),
    "accepted": _l("Accepted"),
    "declined": _l("Declined"),
    "withdrawn": _l("Taken back"),
}
