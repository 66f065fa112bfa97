"""The list of features in their order. Each may import only those before it; dashboards reads all."""

from importlib import import_module

from flask import Blueprint, Flask

ORDER = (
    "places",
    "people",
    "targets",
    "deadlines",
    "campaigns",
    "evidence",
    "letters",
    "responses",
    "inbound",
    "decisions",
    "escalation",
    "records",
    "meetings",
    "negotiations",
    "casefiles",
    "reminders",
    "canvassing",
    "mentoring",
    "coalitions",
    "dashboards",
)

# Modules with a blueprint `bp`, in no particular order.
VIEWS = (
    "people.views",
    "campaigns.views",
    "campaigns.demand_views",
    "campaigns.home_views",
    "campaigns.closing_views",
    "campaigns.circle_views",
    "campaigns.role_views",
    "campaigns.joining_views",
    "campaigns.invitation_views",
    "campaigns.organizer_views",
    "campaigns.publicity_views",
    "campaigns.publishing.views",
    "evidence.views",
    "letters.views",
    "letters.block_views",
    "letters.desk.live_views",
    "letters.desk.arrange_views",
    "letters.desk.clash_views",
    "letters.editions.history_views",
    "letters.votes.views",
    "letters.votes.paper_views",
    "letters.editions.views",
    "letters.editions.version_views",
    "letters.editions.again_views",
    "letters.editions.check_views",
    "letters.signing_views",
    "letters.signature_views",
    "letters.sending_views",
    "letters.deliveries.views",
    "letters.talk.suggesting_views",
    "letters.talk.suggestion_views",
    "letters.talk.comment_views",
    "letters.talk.author_views",
    "letters.copies.evidence_views",
    "letters.copies.filling_views",
    "letters.copies.papers_views",
    "letters.copies.template_views",
    "letters.copies.named_views",
    "letters.copies.press_views",
    "letters.copies.translation_views",
    "letters.copies.public_views",
    "responses.views",
    "responses.promise_views",
    "responses.chasing_views",
    "responses.answers.views",
    "responses.answers.correcting_views",
    "responses.answers.follow_views",
    "responses.answers.legal_views",
    "responses.answers.letter_views",
    "responses.answers.together_views",
    "responses.checking.views",
    "responses.checking.door_views",
    "responses.checking.change_views",
    "responses.deadlines.views",
    "responses.deadlines.change_views",
    "responses.deadlines.calendar_views",
    "records.views",
    "records.proposal_views",
    "records.correction_views",
    "inbound.views",
    "inbound.mail_views",
    "inbound.address_views",
    "inbound.steward_views",
    "inbound.excerpt_views",
    "meetings.views",
    "meetings.rsvp_views",
    "meetings.room_views",
    "casefiles.views",
    "reminders.views",
    "decisions.views",
    "decisions.paper_views",
    "escalation.views",
    "escalation.step_views",
    "negotiations.views",
    "negotiations.prepare_views",
    "negotiations.after_views",
    "mentoring.views",
    "dashboards.views",
    "dashboards.public_views",
)


def blueprints(app: Flask) -> list[Blueprint]:
    """Every blueprint of this app. Those for development are absent elsewhere."""
    from portal import site

    found = [site.health]
    found += [import_module(f"portal.{name}").bp for name in VIEWS]
    if not app.config["PRODUCTION"]:
        from portal import styleguide

        found += [site.development, styleguide.bp]
    return found
