"""The start page: the lessons by their titles, and the way to the facilitator's notes."""

from importlib.resources import files
from pathlib import Path
from urllib.parse import quote

from see_the_system.whole_files import write_whole

SETTINGS = ".workshop"  # what makes a folder a workshop folder: its address, settings and log
START_PAGE = Path(SETTINGS, "start.html")
HERE = files("see_the_system.workshop")


def write_start_page(path, *, team, cards, practice):
    """Write the start page of a team with the ``cards`` of its lessons to a file."""
    import jinja2

    template = jinja2.Template((HERE / "start.html.j2").read_text("utf-8"), autoescape=True)
    lessons = [{**card._asdict(), "link": f"voila/render/{quote(card.file)}"} for card in cards]
    page = template.render(team=team, lessons=lessons, practice=practice, css=style())
    write_whole(path, page)


def style():
    """What all pages of a workshop look like (text, CSS)."""
    return (HERE / "workshop.css").read_text("utf-8")
