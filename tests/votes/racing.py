"""Two people press at the same moment, each with a connection of their own: python -m tests.votes.racing

In a process of its own with a database of its own, because the rows have to be committed. Prints what came of it as
JSON: for each race what each of the two got, and what stands in the database.
"""

import json
import threading
from collections.abc import Callable
from functools import partial
from typing import Any

from portal import create_app, migrate
from portal.database import close_connection, open_connection
from portal.errors import RuleBroken
from portal.letters import freezing
from portal.letters.blocks import Words, save_block
from portal.letters.models import Block, Letter, LetterVersion
from portal.letters.votes import voting
from portal.letters.votes.models import SignOff
from tests import builders

ROUNDS = 6


def main() -> None:
    """Race, and print."""
    app = create_app()
    found: dict[str, list[Any]] = {"freezes": [], "save and freeze": [], "votes and save": []}
    with app.test_request_context():
        migrate.up(app.config["DATA_DIR"])
        for _round in range(ROUNDS):
            people = [builders.build_person() for _ in range(3)]
            campaign = builders.build_campaign(leads=people)
            letter = builders.build_letter(campaign)
            builders.pass_vote(letter, *people)
            got = at_once(app, partial(freeze, letter, people[0]), partial(freeze, letter, people[1]))
            found["freezes"].append([got, versions_of(letter)])

            letter = builders.build_letter(campaign)
            builders.pass_vote(letter, *people)
            got = at_once(app, partial(freeze, letter, people[0]), partial(save, letter, people[1]))
            stands = Block.select().where(Block.letter == letter.id, Block.text == "Raced words").exists()
            found["save and freeze"].append([got, versions_of(letter), stands])

            letter = builders.build_letter(campaign)
            vote = builders.ask_circle(letter, people[0])
            got = at_once(app, partial(cast, vote, people[0]), partial(save, letter, people[1]))
            now = SignOff.get_by_id(vote.id)
            found["votes and save"].append([got, now.outcome, now.voter_count])
    print(json.dumps(found))


def at_once(app: Any, *acts: Callable[[], None]) -> list[str]:
    """Run each in a thread of its own from the same moment on; "done", or the words of the no, in their order."""
    start, got = threading.Barrier(len(acts)), [""] * len(acts)

    def run(nth: int, act: Callable[[], None]) -> None:
        with app.test_request_context():
            open_connection()
            start.wait()
            try:
                act()
                got[nth] = "done"
            except RuleBroken as broken:
                got[nth] = broken.message
            finally:
                close_connection()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return got


def freeze(letter: Letter, person: Any) -> None:
    freezing.freeze(Letter.get_by_id(letter.id), by=person)


def save(letter: Letter, person: Any) -> None:
    block = Block.select().where(Block.letter == letter.id, Block.kind == "closing").get()
    save_block(block, Words("Raced words"), seen=1, by=person)


def cast(vote: SignOff, person: Any) -> None:
    voting.cast_vote(SignOff.get_by_id(vote.id), choice="agree", by=person)


def versions_of(letter: Letter) -> list[bool]:
    return [
        "Raced words" in version.canonical_text
        for version in LetterVersion.select().where(LetterVersion.letter == letter.id)
    ]


if __name__ == "__main__":
    main()
