"""Make the calendar files from the library `holidays`. Run by bin/calendars; the portal itself needs only the files.

The nations are always named: without one the library gives only the days that all of them share.
"""

import json
from datetime import date
from typing import Any

from portal.deadlines.calendars import FOLDER, NAMES

FIRST, LAST = 2024, 2032
NATIONS = {
    "gb-eng-wls": ("ENG", "WLS"),
    "gb-sct": ("SCT",),
    "gb-nir": ("NIR",),
    "gb-union": ("ENG", "WLS", "SCT", "NIR"),
    "none": (),
}


def days_of(name: str, first: int = FIRST, last: int = LAST) -> dict[date, str]:
    """The free days of a calendar that fall on a weekday, with their names, by the library."""
    import holidays

    found: dict[date, str] = {}
    for nation in NATIONS[name]:
        for day, words in holidays.country_holidays("GB", subdiv=nation, years=range(first, last + 1)).items():
            if day.weekday() < 5:
                found.setdefault(day, words.replace("'", "’"))
    return dict(sorted(found.items()))


def file_of(name: str) -> dict[str, Any]:
    """What the file of a calendar should hold."""
    import holidays

    if not NATIONS[name]:
        return {
            "calendar": name,
            "made_from": "Monday to Friday, no free days",
            "years": {"first": None, "last": None},
            "days": {},
        }
    return {
        "calendar": name,
        "made_from": f"holidays {holidays.__version__}, GB: {', '.join(NATIONS[name])}",
        "years": {"first": FIRST, "last": LAST},
        "days": {day.isoformat(): words for day, words in days_of(name).items()},
    }


def write_files() -> None:
    """Write every calendar anew."""
    for name in NAMES:
        text = json.dumps(file_of(name), ensure_ascii=False, indent=1)
        (FOLDER / f"{name}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    write_files()
