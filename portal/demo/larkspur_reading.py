"""Two of Larkspur Point read the solicitors' letter differently, and say why. Nobody has settled it."""

from portal.demo.ground import Stage
from portal.people.models import Person
from portal.responses import queries
from portal.responses.answers import together
from portal.responses.models import Response

WHY = (
    ("Farid Noori", "19:10", "They name no day and say neither yes nor no. To me that is no answer."),
    ("Dot Hargreaves", "19:40", "They say they will think about it. I would not write that they said nothing."),
)


def talk_over(stage: Stage) -> None:
    """Each says in a sentence why they read the sixth demand as they do."""
    response = Response.get(Response.from_name.startswith("Tarrant & Vole"))
    disputed = next(row.ask.block_id for row in queries.sheet_rows(response) if row.is_disputed)
    for name, hour, text in WHY:
        with stage.at(-18, hour):
            together.say_why(response, disputed, text=text, by=Person.get(Person.name == name))
