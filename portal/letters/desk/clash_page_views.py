"""The page with two texts for one part, shown when a save comes second and again until somebody chooses."""

from dataclasses import dataclass
from typing import Any

from flask import Response
from flask_babel import gettext as _

from portal.campaigns.models import Campaign
from portal.letters import blocks, forms, history
from portal.letters.desk.looking import mark_of
from portal.letters.desk.tokens import device_half
from portal.letters.models import Block, BlockRevision, Letter
from portal.letters.saving import waiting_texts, words_at
from portal.web import current_person, render, wants_fragment


@dataclass(frozen=True)
class Waiting:
    """A text that waits beside the one that stands: what each changed, and a form to write a third from it."""

    revision: BlockRevision
    who: str
    is_mine: bool
    has_base: bool
    theirs: history.Compared
    compared: history.Compared
    form: forms.BlockForm


def show_clashes(
    campaign: Campaign,
    letter: Letter,
    block: Block,
    *,
    status: int = 200,
    just_now: bool = False,
    problem: str = "",
    third: tuple[int, forms.BlockForm] | None = None,
) -> Response:
    """The page with the text that stands and those that wait. `third` is a form that came back with errors, and for
    which revision.
    """
    person, texts = current_person(), []
    for revision in waiting_texts(block):
        now, other = blocks.Words.of(block), blocks.Words.of(revision)
        base = words_at(block, revision.based_on) if revision.based_on else None
        form = forms.BlockForm(
            block.kind, formdata=None, data={**vars(other), "seen": block.version}, place=f"third_{revision.id}"
        )
        if third is not None and third[0] == revision.id:
            form = third[1]
        is_mine = revision.saved_by_id == person.id
        texts.append(
            Waiting(
                revision=revision,
                who=_("You") if is_mine else revision.saved_by.first_name if revision.saved_by else "–",
                is_mine=is_mine,
                has_base=base is not None,
                theirs=history.compare(base or other, now),
                compared=history.compare(base or now, other),
                form=form,
            )
        )
    return render(
        "letters/clash.html",
        "clashing",
        status=status,
        campaign=campaign,
        letter=letter,
        block=block,
        texts=texts,
        just_now=just_now,
        problem=problem,
        in_place=in_place(block),
        **for_script(),
    )


def for_script() -> dict[str, Any]:
    """What pages with a form need for static/js/desk.js."""
    return {"device_half": device_half, "mark_of": mark_of, "blocks": []}


def in_place(block: Block) -> str | None:
    """The element that a form on the desk changes; on a page of its own it leads back to the desk instead."""
    return f"block_{block.id}" if wants_fragment() else None
