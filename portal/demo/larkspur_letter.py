"""The letter about damp: written by many, signed by 143, sent. And the one about lifts, in the making."""

from portal.demo.acts import Circle
from portal.demo.copies import check_translation, keep_as_template, name_themselves, translate
from portal.demo.crowd import Signer, show_as, sign_directly, sign_online
from portal.demo.desk import Desk, Register
from portal.demo.post import Post, start_letter
from portal.demo.writing import evenings
from portal.places.models import Building, Home

# The rules for a complaint to a social landlord in England.
COMPLAINT = ("eng.social.complaint.s1.ack", "eng.social.complaint.s1.answer")
# The day on which the text was fixed.
FROZEN = -48
SIGNED_HOMES = 66
SIGNERS = 143
ON_PAPER = 52
# Floors from here up are quiet: few have signed there yet.
QUIET_FLOOR = 10
SIGNED_UPSTAIRS = 16
OPENLY = (
    "Keisha Ampofo",
    "Dot Hargreaves",
    "Farid Noori",
    "Lorraine Bassey",
    "Joe Pell",
    "Ivan Ostrow",
    "Trevor Light",
)


def write_and_sign(circle: Circle, homes: dict[str, str], people: list[str]) -> Post:
    """From the first line to the last name on paper."""
    register = Register(circle)
    evidence = circle.stage.data("larkspur_evidence.json")
    register.fill([row for row in evidence if row["day"] <= FROZEN])
    register.withdraw("twice", -64, "18:40", by="Joe Pell")
    post = start_letter(circle, -75, "20:05", by="Farid Noori", template="damp_and_mould")
    desk = Desk(post, register)
    post.write(circle.stage.data("larkspur_damp.json"), desk.acts_of(circle.stage.data("larkspur_damp_desk.json")))
    _vote(post, people)
    post.fix(FROZEN, "19:40", by="Dot Hargreaves")
    online, paper = _signers(circle, homes, people)
    show_as([*online, *paper], post, full=58, first_name=41, resident=30)
    sign_online(post, online, first=(-48, "19:45"), last=(-43, "21:30"))
    sign_directly(post, paper, first=(-43, "19:00"), last=(-43, "21:40"))
    _copies(post)
    return post


def _vote(post: Post, people: list[str]) -> None:
    """Two evenings: 22 agree, one of them after an answer, and three agree with a worry. Three voted on paper."""
    opened = post.open_vote(-51, "20:30", by="Keisha Ampofo", closes=-49)
    for name, hour in (
        ("Keisha Ampofo", "20:35"),
        ("Farid Noori", "20:50"),
        ("Dot Hargreaves", "21:05"),
        ("Bolu Adeyemi", "21:20"),
        ("Amina Dirie", "22:10"),
    ):
        post.say(opened, name, "agree", -51, hour)
    doubt = "They will say that the fans are new by now. I would want to see when we tested, and who."
    doubted = post.say(opened, "Trevor Light", "not_yet", -50, "07:40", doubt)
    for name, hour in (("Lorraine Bassey", "09:10"), ("Joe Pell", "12:20"), ("Hassan Dirie", "12:45")):
        post.say(opened, name, "agree", -50, hour)
    for name, hour in (("Stella Okoro", "11:05"), ("Pat Sumner", "11:10"), ("Nasreen Malik", "11:15")):
        papers = ("Dot Hargreaves", hour), ("Keisha Ampofo", f"15:{hour[3:]}")
        post.say_on_paper(opened, name, "agree", -50, typed=papers[0], read=papers[1])
    post.reply(
        doubted,
        post.stage.words(
            "It stands under fact 4: {D-89}, 61 homes, two people at each door. If they changed a fan since, we ask "
            "them to show us which one."
        ),
        -50,
        "20:15",
        by="Keisha Ampofo",
    )
    worried = (
        ("Ivan Ostrow", "17:30", "In the end those of us with a lease pay for a part of it. Say that at the meeting."),
        ("Wen Li", "21:40", "After six is before I am home. I would come at eight."),
        ("Danny Crewe", "22:15", "I still think they move only when somebody is watching."),
    )
    votes = [post.say(opened, name, "worry", -50, hour, worry) for name, hour, worry in worried]
    post.reply(votes[0], "It is first on the list for the meeting, and you say it.", -50, "22:30", by="Keisha Ampofo")
    post.say(opened, "Trevor Light", "agree", -49, "07:35")
    for name, (_day, hour) in zip(people[:9], evenings(-49, 12, last=-49), strict=False):
        post.say(opened, name, "agree", -49, hour)
    post.say(opened, "Marisol Vega", "agree", -49, "20:20")
    post.count(opened, -49, "20:31")


def _signers(circle: Circle, homes: dict[str, str], people: list[str]) -> tuple[list[Signer], list[Signer]]:
    """143 people behind 66 doors: the members first, then those who live with them and next to them."""
    company, dice = circle.company, circle.stage.dice
    doors = _doors(circle, set(homes.values()))
    signers = [Signer(name, home, display="full" if name in OPENLY else "hidden") for name, home in homes.items()]
    free = [door for door in doors if door not in homes.values()]
    signers += [Signer(name, door) for name, door in zip(people, free, strict=False)]
    paper: list[Signer] = []
    for signer in signers:
        if signer.name == "Harbhajan Kaur":
            signer.way = "paper"
    # Behind each door that has nobody yet lives somebody; then households fill up, two or three to a door.
    behind = [door for door in free[len(people) :]]
    spare = [door for door in doors if door != homes["Harbhajan Kaur"]]
    while len(behind) < SIGNERS - len(signers):
        behind.append(dice.choice(spare))
    names: dict[str, list[str]] = {}
    for door in behind:
        if door not in names:
            names[door] = company.household(behind.count(door))
    newcomers = [Signer(names[door].pop(), door) for door in behind]
    for signer in newcomers[-(ON_PAPER - 1) :]:
        signer.way = "paper"
    paper = [signer for signer in [*signers, *newcomers] if signer.way == "paper"]
    return [signer for signer in [*signers, *newcomers] if signer.way == "online"], paper


def _doors(circle: Circle, known: set[str]) -> list[str]:
    """The 66 doors behind which somebody signs: all known ones, most of the lower floors, few of the upper ones."""
    building = Building.get(Building.place == circle.campaign.place_id)
    open_doors = Home.select().where(Home.building == building.id, Home.status == "occupied", Home.label != "14A")
    homes = list(open_doors.order_by(Home.id))
    circle.stage.dice.shuffle(homes)
    upstairs = [home.label for home in homes if home.floor_order >= QUIET_FLOOR]
    downstairs = [home.label for home in homes if home.floor_order < QUIET_FLOOR]
    chosen = [label for label in upstairs if label in known]
    chosen += [label for label in upstairs if label not in known][: SIGNED_UPSTAIRS - len(chosen)]
    rest = SIGNED_HOMES - len(chosen)
    lower = [label for label in downstairs if label in known]
    lower += [label for label in downstairs if label not in known][: rest - len(lower)]
    both = [*lower, *chosen]
    circle.stage.dice.shuffle(both)
    return both


def send(post: Post) -> None:
    """By e-mail in the morning, and by hand at their office at noon, with a photograph outside."""
    words = post.stage.words(
        "Dear Philippa Stroud,\n\n"
        "Attached is an open letter from the people of Larkspur Point. 143 of us have signed it, from 66 "
        "of our 84 homes. It asks for six things and has two questions. We look for your answer by {D-28}, "
        "number by number.\n\n"
        "An answer to this address reaches all of us.\n\n"
        "Keisha Ampofo and Dot Hargreaves\nfor the people of Larkspur Point"
    )
    post.send(
        -42,
        ("08:15", "09:05"),
        asked_by="Keisha Ampofo",
        agreed_by="Dot Hargreaves",
        channel="email",
        to_name="Philippa Stroud",
        to_address="complaints@meridalehomes.example.com",
        subject="Open letter from 143 people of Larkspur Point",
        words=words,
    )
    post.send(
        -42,
        ("13:10", "13:25"),
        asked_by="Dot Hargreaves",
        agreed_by="Keisha Ampofo",
        channel="hand",
        to_name="Front desk, Meridale House",
        to_address="12 Station Parade, Ashmere",
        note="Dot, Joe and Amina with both children. The desk gave us a stamped copy. 52 of the names are "
        "on the paper sheets, which we showed and kept.",
    )
    post.choose_rules(COMPLAINT, -42, "20:15", by="Dot Hargreaves")
    _keep(post)


def _copies(post: Post) -> None:
    """In three languages, with four people who want to be named to them; and what of it is kept for the next time."""
    data = post.stage.data
    somali = translate(
        post, "so", data("larkspur_damp_so.json"), by="Amina Dirie", started=(-47, "21:10"), saved=(-46, "22:35")
    )
    check_translation(somali, post, (-45, "23:10"), by="Hassan Dirie")
    dari = translate(
        post, "fa", data("larkspur_damp_fa.json"), by="Farid Noori", started=(-47, "08:30"), saved=(-47, "09:50")
    )
    check_translation(dari, post, (-46, "10:20"), by="Nasreen Malik")
    translate(
        post, "pa", data("larkspur_damp_pa.json"), by="Nasreen Malik", started=(-44, "11:00"), saved=(-44, "11:40")
    )
    name_themselves(
        post,
        (
            ((-46, "10:40"), "Nasreen Malik", "2B", post.stage.words("MH-20934, by telephone on {D-131}")),
            ((-45, "19:25"), "Dot Hargreaves", "2A", ""),
            ((-45, "20:10"), "Marisol Vega", "3B", post.stage.words("MH-20340, on the website on {D-221}")),
            ((-44, "13:35"), "Stella Okoro", "5F", post.stage.words("MH-20655, by telephone on {D-176}")),
        ),
    )


def _keep(post: Post) -> None:
    """What of it is kept for the next time."""
    keep_as_template(
        post,
        (-37, "20:45"),
        by="Farid Noori",
        name="Damp, as we wrote it",
        about="For a neighbouring block, or for us in a year. The gaps are what changes.",
    )


def draft_lifts(circle: Circle) -> None:
    """The second letter: four people at work, and two texts for demand 2 that nobody has settled yet."""
    register = Register(circle)
    evidence = circle.stage.data("larkspur_evidence.json")
    register.fill([row for row in evidence if row["day"] > FROZEN])
    post = start_letter(
        circle,
        -12,
        "21:00",
        by="Bolu Adeyemi",
        template="empty",
        demands=("Keep at least one lift", "Mend lift A", "Have a plan for each neighbour"),
    )
    desk = Desk(post, register)
    post.write(circle.stage.data("larkspur_lifts.json"), desk.acts_of(circle.stage.data("larkspur_lifts_desk.json")))
