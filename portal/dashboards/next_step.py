"""The one next step of a campaign. A pure function over plain facts; the sentences are in templates/dashboards/."""

from datetime import date, timedelta
from typing import Any

from portal import clock
from portal.dashboards.steps import Reader, Step, Steps
from portal.dashboards.thread import (
    LetterFacts,
    Reply,
    Thread,
    VoteFacts,
    chaser_of,
    current_letter,
    is_within,
    reply_line,
)

# A chaser gets a week before anybody speaks of the next thing.
CHASER_DAYS = 7
MEETING_DAYS = 3
PROMISE_DAYS = 7
ENDED_MEETING_DAYS = 21


def next_step(thread: Thread, reader: Reader, *, listable_at: int) -> Step:
    """The one thing to do now. `listable_at` is how many members make a campaign listable."""
    steps = Steps(thread, reader)
    if thread.state in {"won", "partly_won", "lost", "ended"}:
        return steps.step(
            "closed",
            "meeting.call",
            "meetings.new",
            state=thread.state,
            also=[("reopen", "campaign.close", "closing.new", {})],
        )
    if thread.state == "paused":
        return steps.step("paused", "campaign.pause", "closing.pause")
    has_left = any(letter.sent_on for letter in thread.letters)
    return (
        _what_waits(steps)
        or (_what_is_missing(steps, listable_at) if not has_left else None)
        or (_what_the_plan_says(steps) if has_left else None)
        or _what_the_letter_needs(steps)
        or _what_was_promised(steps)
        or (_what_the_plan_says(steps, also_begun=True) if has_left else None)
        or _meet(steps)
    )


def _what_waits(steps: Steps) -> Step | None:
    """Things that somebody waits for today come before everything."""
    thread = steps.thread
    mine_first = sorted(thread.agreements, key=lambda asked: (not steps.agree(asked).is_mine, asked.id))
    if mine_first:
        return steps.agree(mine_first[0])
    vote = next((vote for vote in thread.votes if vote.is_open and vote.waits_for_me), None)
    if vote is not None:
        return _vote(steps, "vote", "letter.vote", vote)
    ballot = next((ballot for ballot in thread.ballots if ballot.waits_for_me), None)
    if ballot is not None:
        values, facts = {"ballot_id": ballot.id}, {"question": ballot.question, "closes_at": ballot.closes_at}
        return steps.step("ballot", "decision.vote", "decisions.show", values=values, **facts)
    unread = next((reply for reply in thread.replies if not reply.kind), None)
    if unread is not None:
        values = {"response_id": unread.id}
        return steps.step("read", "response.classify", "responses.show", values=values, day=unread.received_on)
    late = [promise for promise in thread.due_promises if promise.due_on and promise.due_on < thread.today]
    if late:
        # One that the reader has not looked at yet, before one that waits for the others.
        promise = min(late, key=lambda one: (one.is_checked_by_me, one.due_on))
        return steps.step(
            "check_promise",
            "commitment.check",
            "promises.show",
            values={"commitment_id": promise.id},
            what=promise.what,
            day=promise.due_on,
            is_checked_by_me=promise.is_checked_by_me,
            also=[("all_promises", "commitment.read", "promises.index", {})],
        )
    ended = thread.ended_meeting
    if ended is not None and ended.ends_at > thread.now - timedelta(days=ENDED_MEETING_DAYS):
        return steps.step(
            "close_meeting", "meeting.close", "meetings.show", values={"meeting_key": ended.key}, title=ended.title
        )
    coming = thread.next_meeting
    if coming is not None and is_within(clock.to_local(coming.starts_at).date(), thread.today, days=MEETING_DAYS):
        return _come(steps)
    if thread.request_count:
        return steps.step(
            "vouch", "campaign.vouch", "circle.index", count=thread.request_count, name=thread.requested_by
        )
    return None


def _what_is_missing(steps: Steps, listable_at: int) -> Step | None:
    """Before a first letter leaves: who it goes to, what is asked, which homes, and enough of us."""
    thread = steps.thread
    if not thread.has_target:
        return steps.step("name_target", "campaign.edit", "campaigns.target")
    if not thread.demand_count:
        return steps.step("say_demand", "campaign.edit_demands", "demands.new")
    if not thread.home_count:
        return steps.step("list_homes", "campaign.edit_homes", "homes.index")
    if thread.member_count < 2:
        return steps.step("invite_first", "campaign.invite", "invitations.index", listable_at=listable_at)
    if thread.member_count < listable_at:
        missing = listable_at - thread.member_count
        return steps.step(
            "invite_more", "campaign.invite", "invitations.index", count=thread.member_count, missing=missing
        )
    if thread.lead_count < 2:
        return steps.step("second_lead", "campaign.give_roles", "circle.index")
    return None


def _what_the_letter_needs(steps: Steps) -> Step | None:
    """Write, agree, freeze, show, gather, send, wait, chase."""
    thread = steps.thread
    letter = current_letter(thread)
    if letter is None:
        return steps.step("write", "letter.start", "letters.new")
    values = {"letter_id": letter.id}
    vote = next((vote for vote in thread.votes if vote.letter_id == letter.id), None)
    if vote is not None and not vote.is_open:
        return _vote(steps, "freeze_agreed", "letter.freeze", vote)
    if vote is not None:
        return _vote(steps, "voting", "letter.read", vote)
    if not letter.is_frozen:
        return steps.step(
            "finish_draft",
            "letter.edit",
            "letters.show",
            values=values,
            title=letter.title,
            also=[("freeze", "letter.open_vote", "sign_off.show", values)],
        )
    if letter.sent_on is None:
        return _gather_or_send(steps, letter)
    reply = reply_line(thread)
    if reply.line == "waiting":
        return _wait(steps, reply)
    if reply.line == "late":
        return _chase(steps, reply)
    if reply.line == "refused":
        return None if thread.next_meeting else steps.step("refused", "meeting.call", "meetings.new")
    return None


def _what_the_plan_says(steps: Steps, *, also_begun: bool = False) -> Step | None:
    """The next step of the plan: ask the members, hear them, begin. One under way leaves room for everything else."""
    rung = steps.thread.rung
    if rung is None or (rung.state == "started") != also_begun:
        return None
    facts = {"what": rung.what, "why": rung.why}
    if rung.state == "voting":
        return steps.step(
            "rung_voting", "decision.read", "decisions.show", values={"ballot_id": rung.ballot_id}, **facts
        )
    names = {"unlocked": "rung_ask", "agreed": "rung_begin", "started": "rung_finish"}
    also: list[Any] = [("plan", "escalation.read", "escalation.show", {})]
    values = {"rung_id": rung.id}
    return steps.step(names[rung.state], "escalation.plan", "escalation_steps.show", values=values, also=also, **facts)


def _vote(steps: Steps, name: str, action: str, vote: VoteFacts) -> Step:
    values = {"letter_id": vote.letter_id}
    return steps.step(name, action, "sign_off.show", values=values, title=vote.title, closes_at=vote.closes_at)


def _gather_or_send(steps: Steps, letter: LetterFacts) -> Step:
    thread = steps.thread
    if thread.visibility == "circle":
        return steps.step("go_public", "campaign.ask_to_go_public", "publicity.show", title=letter.title)
    values = {"letter_id": letter.id}
    counts = {
        "title": letter.title,
        "signed": letter.signed_home_count,
        "homes": thread.home_count,
        "people": letter.signature_count,
    }
    # Half of the homes is when a landlord can no longer say "a few".
    if letter.signature_count and letter.signed_home_count * 2 >= thread.home_count:
        return steps.step("send", "letter.send", "sending.show", values=values, **counts)
    also = [("poster", "campaign.invite", "invitations.index", {}), ("send_now", "letter.send", "sending.show", values)]
    return steps.step("gather", "letter.sign", "signing.show", values={"letter_key": letter.key}, also=also, **counts)


def _log(letter: LetterFacts) -> tuple[str, str, str, dict[str, Any]]:
    return ("log_answer", "response.log", "responses.new", {"letter_id": letter.id})


def _wait(steps: Steps, reply: Reply) -> Step:
    assert reply.letter is not None
    return steps.step(
        "wait",
        "response.log",
        "responses.new",
        values={"letter_id": reply.letter.id},
        day=reply.due_on,
        title=reply.letter.title,
        by_rule=reply.reason.title if reply.reason else "",
        also=[("meet", "meeting.call", "meetings.new", {})],
    )


def _chase(steps: Steps, reply: Reply) -> Step:
    """Ask again once; when that had its week too, decide together what comes next."""
    thread, letter = steps.thread, reply.letter
    assert letter is not None
    chaser = chaser_of(thread, letter)
    facts = {"day": reply.due_on, "days": reply.days_late, "title": letter.title}
    facts["by_rule"] = reply.reason.title if reply.reason else ""
    if chaser is None:
        return steps.step(
            "chase", "letter.start", "letters.new", values={"chases": letter.id}, also=[_log(letter)], **facts
        )
    values = {"letter_id": chaser.id}
    if not chaser.is_frozen:
        return steps.step("finish_chaser", "letter.edit", "letters.show", values=values, also=[_log(letter)], **facts)
    if chaser.sent_on is None:
        return steps.step("send_chaser", "letter.send", "sending.show", values=values, also=[_log(letter)], **facts)
    if (thread.today - chaser.sent_on).days < CHASER_DAYS:
        facts["day"] = chaser.sent_on + timedelta(days=CHASER_DAYS)
        return steps.step("wait_chaser", "response.log", "responses.new", values={"letter_id": letter.id}, **facts)
    if thread.next_meeting is not None:
        return _come(steps)
    also = [_log(letter), ("plan", "escalation.read", "escalation.show", {})]
    return steps.step("decide", "meeting.call", "meetings.new", also=also, **facts)


def _what_was_promised(steps: Steps) -> Step | None:
    """What they said they would do: soon due, broken, or all kept."""
    thread = steps.thread
    coming = [promise for promise in thread.due_promises if promise.due_on and promise.due_on >= thread.today]
    if coming and coming[0].due_on and is_within(coming[0].due_on, thread.today, days=PROMISE_DAYS):
        return steps.step(
            "promise_due",
            "commitment.read",
            "promises.show",
            values={"commitment_id": coming[0].id},
            what=coming[0].what,
            day=coming[0].due_on,
        )
    broken = thread.broken
    if broken is not None and not _was_chased(thread, broken.settled_on):
        return steps.step(
            "broken_promise",
            "letter.start",
            "letters.new",
            what=broken.what,
            also=[("all_promises", "commitment.read", "promises.index", {})],
        )
    tally = thread.tally
    if tally.total and tally.kept == tally.total:
        return steps.step("all_kept", "campaign.close", "closing.new", count=tally.total)
    if coming and thread.next_meeting is None:
        return steps.step("promises_wait", "meeting.call", "meetings.new", what=coming[0].what, day=coming[0].due_on)
    return None


def _was_chased(thread: Thread, since: date | None) -> bool:
    return since is not None and any(letter.sent_on and letter.sent_on >= since for letter in thread.letters)


def _come(steps: Steps) -> Step:
    meeting = steps.thread.next_meeting
    assert meeting is not None
    return steps.step(
        "come",
        "meeting.read",
        "meetings.show",
        values={"meeting_key": meeting.key},
        title=meeting.title,
        starts_at=meeting.starts_at,
        where=meeting.where,
        count=meeting.yes_count,
    )


def _meet(steps: Steps) -> Step:
    """Nothing presses: meet. The next step of last resort, so that there always is one."""
    return _come(steps) if steps.thread.next_meeting else steps.step("meet", "meeting.call", "meetings.new")
