"""C6, Strathellen Drive: eight Scottish closes, two kinds of landlord, and clocks that know St Andrew's Day."""

from portal.campaigns.operations import Addressee
from portal.demo.acts import Circle, start
from portal.demo.copies import check_translation, translate
from portal.demo.crowd import Signer, settle_in, show_as, sign_directly, sign_online
from portal.demo.ground import Stage
from portal.demo.people import Company
from portal.demo.post import Post, start_letter
from portal.places.models import Building, Home
from portal.responses.deadlines import operations as deadlines

MEMBERS = ("Yusuf Aden", "Pawel Nowak", "Isla Rennie", "Callum Baird", "Agnes Munro")
SIGNERS = 57
POLISH = {
    "title": "Suche mieszkania przy Strathellen Drive",
    "parts": [
        {
            "text": "Szanowny Panie Laing,\n\nMieszkamy przy Strathellen Drive od numeru 1 do 8. Sześćdziesiąt cztery "
            "nasze mieszkania należą do Państwa; pozostałe trzydzieści dwa do prywatnych właścicieli, którzy mają te "
            "same klatki i te same dachy. Piszemy razem, bo wilgoć nie pyta o umowę najmu."
        },
        {
            "text": "W 19 z 96 mieszkań, w siedmiu z ośmiu klatek, jest wilgoć albo pleśń. W jedenastu wróciła po "
            "zamalowaniu."
        },
        {"text": "Gdy pada od zachodu, woda spływa po wewnętrznej ścianie klatki w numerach 3 i 5."},
        {
            "text": "Odsuwamy łóżka dzieci od ścian zewnętrznych. Płacimy za ogrzewanie pokoi, które potem godzinami "
            "wietrzymy. Niektórzy z nas usłyszeli, że suszymy za dużo prania."
        },
        {
            "text": "Prosimy zbadać każde z 19 mieszkań i każdemu z nich napisać, co stwierdzono.",
            "test": "Każde mieszkanie z listy ma pisemne podsumowanie",
        },
        {
            "text": "Prosimy naprawić dachy i rynny numerów 3 i 5, wspólnie z prywatnymi właścicielami, w ramach "
            "jednego zlecenia.",
            "test": "Przy następnym deszczu z zachodu ściana klatki jest sucha",
        },
        {"text": "Kiedy ostatnio sprawdzano każdy dach i co wtedy stwierdzono?"},
        {"text": "Prosimy pisać do nas wszystkich na adres poniżej. Przeczytamy to razem na najbliższym zebraniu."},
    ],
}


def build(stage: Stage, company: Company) -> None:
    """Build the campaign, from a wet stair to an investigation that is due this week."""
    stage.tell("  Strathellen Drive: 96 homes in Scotland, 19 with damp, two clocks")
    circle = start(
        stage,
        company,
        -63,
        "20:15",
        by="Morag Tait",
        title="Strathellen Drive: dry homes",
        kind="damp",
        place_name="Strathellen Drive",
        town="Kirkbrae",
        country="gb-sct",
        problem=(
            "Nineteen homes in eight closes are damp. The association paints, the private owners wait for the "
            "association, and the stair wall is wet. We want it looked at properly, and mended once."
        ),
        addressee=Addressee(
            organization="Glenorra Housing Association",
            sector="social_housing",
            person_name="Fraser Laing",
            post="head of property",
            email="complaints@glenorra.example.com",
            postal_address="Glenorra House\n2 Quay Street\nKirkbrae",
        ),
        buildings=[
            {"name": f"{number} Strathellen Drive", "floors": 4, "doors_per_floor": 3, "pattern": "letters"}
            for number in range(1, 9)
        ],
    )
    _gather(circle)
    post = start_letter(circle, -22, "19:10", by="Morag Tait", template="empty")
    post.head("We ask for dry homes at Strathellen Drive", -22, "19:15", by="Morag Tait")
    post.write(stage.data("strathellen.json"))
    post.freeze(-14, asked_by="Morag Tait", agreed_by="Yusuf Aden")
    _sign(circle, post)
    polish = translate(post, "pl", POLISH, by="Pawel Nowak", started=(-13, "18:40"), saved=(-13, "21:10"))
    check_translation(polish, post, (-12, "12:20"), by="Isla Rennie")
    _send_and_wait(circle, post)
    circle.put_up_poster(-9, by="Agnes Munro", note="In all eight closes")


def _gather(circle: Circle) -> None:
    homes = list(Home.select().join(Building).where(Building.place == circle.campaign.place_id).order_by(Home.id))
    for tenure, part in (("social_rent", homes[:64]), ("private_rent", homes[64:])):
        Home.update(tenure=tenure).where(Home.id.in_([home.id for home in part])).execute()
    for nth, name in enumerate(MEMBERS):
        circle.join(name, -61 + 3 * nth, "19:40", by="Morag Tait")
    circle.give("Yusuf Aden", "lead", -58, "20:00", by="Morag Tait")
    circle.give("Pawel Nowak", "drafter", -48, "20:05", by="Morag Tait")
    circle.give("Agnes Munro", "secretary", -45, "20:10", by="Morag Tait")
    circle.attach("Ailsa Drummond", -56, "17:30", by="Morag Tait")
    circle.demand(
        -30,
        "20:40",
        by="Morag Tait",
        kind="do",
        what="Investigate each damp home, and tell each one in writing what you found.",
        who="Head of property",
        by_on=10,
        test="Every home on the list has its written summary",
        home_count=19,
        first_win="A date for the first visit",
    )
    circle.go_public(-16, asked_by="Morag Tait", agreed_by="Yusuf Aden")


def _sign(circle: Circle, post: Post) -> None:
    company, dice = circle.company, circle.stage.dice
    members = [Signer("Morag Tait", "1A", display="full"), *(Signer(name, "", display="full") for name in MEMBERS)]
    others = [Signer(company.household(1)[0], "") for _ in range(SIGNERS - len(members))]
    dice.shuffle(others)
    show_as([*members, *others], post, full=21, first_name=14, resident=15)
    sign_online(post, members, first=(-14, "20:00"), last=(-13, "21:00"))
    sign_directly(post, others, first=(-14, "20:30"), last=(-12, "09:00"))
    settle_in(post, homes=41)


def _send_and_wait(circle: Circle, post: Post) -> None:
    """By e-mail to the address for complaints: the first stage's five working days have passed without a word."""
    stage, company = circle.stage, circle.company
    post.send(
        -12,
        ("18:20", "19:05"),
        asked_by="Morag Tait",
        agreed_by="Yusuf Aden",
        channel="email",
        to_name="Fraser Laing",
        to_address="complaints@glenorra.example.com",
        subject="A complaint from 1 to 8 Strathellen Drive",
        words="Dear Mr Laing,\n\nAttached is a letter from the people of Strathellen Drive. Treat it as a complaint at "
        "the first stage.\n\nMorag Tait and Yusuf Aden",
    )
    post.choose_rules(("sct.spso.s1", "sct.damp.investigate"), -11, "20:20", by="Agnes Munro")
    with stage.at(-6, "17:30"):
        deadlines.note_event(post.letter, event="aware", day=stage.day(-6), by=company["Agnes Munro"])
