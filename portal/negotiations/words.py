"""The words of the screen for a meeting with them: how far we go, and who does what in the room."""

from flask_babel import lazy_gettext as _l

WEIGHTS = {
    "must": (_l("We must have it"), _l("Without it we do not agree.")),
    "wait": (_l("It can wait"), _l("We want it, and can say by when.")),
    "trade": (_l("We would trade it"), _l("For something that matters more.")),
}

# What somebody with this duty does, line by line, as on their card.
DUTIES = {
    "chair": (
        _l("Leads the talk"),
        (
            _l("Open it: who we are, how many homes, how long we have."),
            _l("Go through the demands in our order. One at a time."),
            _l("After each question, wait. Count to ten in your head. Do not fill the silence."),
            _l("Say back what you heard: “So you will do this by that day. Is that right?”"),
            _l("If they say no, ask why, and go on to the next demand. We talk about it among ourselves first."),
            _l("Close it: read out every promise with its day, and say that we write it down today."),
        ),
    ),
    "facts": (
        _l("Has the facts"),
        (
            _l("Bring the letter, the dates and the list of promises, on paper."),
            _l("When they say something that is not so, say calmly what is, and where it stands."),
            _l("If you do not know, say: “We shall look it up and write to you.”"),
            _l("Do not argue. One fact is stronger than five."),
        ),
    ),
    "story": (
        _l("Tells what it is like"),
        (
            _l("Two minutes, your own life, no numbers."),
            _l("Begin with one evening. Say what you did, and what it cost."),
            _l("End with what you want: one sentence."),
            _l("You decide what you tell, and whether it is told again."),
        ),
    ),
    "notes": (
        _l("Takes notes"),
        (
            _l("Write down who came from their side, with their posts."),
            _l("For every demand: yes, no or maybe, in their own words, and the day they name."),
            _l("If it went too fast, ask: “Can you say that again, so that I have it right?”"),
            _l("Afterwards: enter the promises here, the same day."),
        ),
    ),
    "time": (
        _l("Keeps the time"),
        (
            _l("Before it begins: how many minutes has each demand?"),
            _l("Show the chair a card at five minutes, and at none."),
            _l("Keep ten minutes at the end for reading out the promises."),
            _l("If they want to leave early, say: “Before you go: what do you promise, and by when?”"),
        ),
    ),
}
