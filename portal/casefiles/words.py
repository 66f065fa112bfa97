"""The words of a case file."""

from flask_babel import lazy_gettext as _l

SENDER_CHECKS = {
    "by_hand": _l("entered by hand by a member"),
    "checked": _l("the mail system proved the sender’s domain"),
    "unchecked": _l("came by mail; the mail system could not prove the sender"),
}
PROMISE_STATES = {
    "promised": _l("promised"),
    "kept": _l("kept, residents say"),
    "partly_kept": _l("kept in part, residents say"),
    "disputed": _l("residents do not agree"),
    "not_kept": _l("not kept, residents say"),
    "renegotiated": _l("agreed anew"),
    "cancelled": _l("taken out"),
}
# What happened, by the verb that the timeline keeps. A verb that is not here is told by its name.
TIMELINE = {
    "campaign_started": _l("The campaign began"),
    "member_joined": _l("A neighbour joined"),
    "role_given": _l("Somebody took on a role"),
    "organizer_attached": _l("An organizer began to help"),
    "organizer_left": _l("An organizer no longer helps"),
    "went_public": _l("The campaign was opened to others"),
    "left_public": _l("The campaign was shown to fewer people"),
    "campaign_paused": _l("The campaign paused"),
    "campaign_resumed": _l("The campaign went on"),
    "campaign_closed": _l("The campaign ended"),
    "campaign_reopened": _l("The campaign was opened again"),
    "letter_started": _l("A letter was begun"),
    "vote_opened": _l("A vote on the letter began"),
    "vote_ended": _l("The vote on the letter ended"),
    "letter_frozen": _l("The words of the letter were fixed"),
    "letter_reopened": _l("The letter is written anew"),
    "letter_withdrawn": _l("The letter was withdrawn"),
    "letter_sent": _l("The letter was sent"),
    "letter_shown": _l("The letter was shown in public"),
    "letter_came_back": _l("The letter came back"),
    "response_logged": _l("An answer came"),
    "response_read": _l("The answer was read"),
    "commitment_made": _l("A promise was made"),
    "commitment_settled": _l("Residents spoke clearly about a promise"),
    "meeting_called": _l("A meeting was called"),
    "meeting_cancelled": _l("A meeting was called off"),
    "meeting_closed": _l("A meeting was held"),
    "casefile_made": _l("A case file was made"),
}
SIDES = {"ours": _l("we"), "theirs": _l("they"), "note": _l("note")}
