"""An executed notebook as one page: no code, and no request to anywhere.

It is readable on a phone, on paper and by ear.
"""

import base64
import hashlib
import re
from dataclasses import dataclass
from functools import cache
from html import escape, unescape
from importlib.resources import files

import jinja2
from markupsafe import Markup

from see_the_system.pictures.svg_kit import STYLE

OURS = "see_the_system"  # the key of display metadata that speaks to the page
LEFT_OUT = {"remove-cell", "remove-output"}  # the only cell tags that the page knows
IMAGES = ("image/svg+xml", "image/png", "image/jpeg")
POLICY = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; "
    "base-uri 'none'; form-action 'none'"
)
HEADING = re.compile(r"<h([1-6])\b([^>]*)>(.*?)</h\1\s*>", re.DOTALL | re.IGNORECASE)
TAG = re.compile(r"<[^>]*>")
OWN_ID = re.compile(r'\s*\bid="([^"]*)"')
FETCHING = re.compile(
    r"<script\b.*?</script\s*>|<link\b[^>]*>|<style scoped>.*?</style>", re.DOTALL | re.IGNORECASE
)
# A picture laid out twice fits every screen as it is.
WIDE = re.compile(
    r'<(table)\b.*?</table\s*>|<svg\b(?![^>]*class="(?:desk|phone)").*?</svg\s*>|<img\b[^>]*>',
    re.DOTALL | re.IGNORECASE,
)
PICTURE_WIDTH = re.compile(r'<(?:svg|img)\b[^>]*?\swidth="(\d+(?:\.\d+)?)(?:px)?"', re.IGNORECASE)
INDENTATION_AND_COMMENTS = re.compile(r"^\s+|/\*.*?\*/\s*", re.DOTALL | re.MULTILINE)
OBJECT_REPR = re.compile(r"<[\w.]+ .*>$|Text\(|\[?<[\w.]+")


@dataclass(frozen=True)
class Facts:
    """What the page says of itself: the district, its place, the day, what it was made from."""

    name: str
    place: str = ""
    made: str = ""
    versions: str = ""


def render(notebook, facts):
    """The page of an executed notebook (HTML text, whole).

    Outputs and markdown stand in their order, code and warnings are left out. Names are escaped;
    the notebook's own HTML is taken as it is, but a policy in the page keeps it from running
    scripts or asking any server for anything.
    """
    body, title = _without_title(_styled_once("\n".join(_cells(notebook))))
    body, contents = _headings(body)
    first, rest = _after_first_section(_scrolling(body))
    heading, kind = facts.name, title
    if title and facts.name.casefold() in title.casefold():
        heading, kind = title, ""
    return shell(
        "page.html.j2",
        ["page.css"],
        ["page.js"],
        facts=facts,
        sections=contents,
        first=Markup(first),
        rest=Markup(rest),
        kind=kind,
        heading=heading,
        title=": ".join(filter(None, [heading, kind])),
    )


def headline(notebook):
    """The sentence that stands for the report in the index (text, "" where there is none).

    It is the first that display metadata give: {"see_the_system": {"headline": ...}}.
    """
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            sentence = output.get("metadata", {}).get(OURS, {}).get("headline")
            if sentence:
                return " ".join(str(sentence).split())
    return ""


def shell(template, styles, scripts, **content):
    """One of the package's page templates, filled (HTML text).

    Its style and its script stand inside, and a policy allows nothing else.
    """
    css = INDENTATION_AND_COMMENTS.sub("", "".join(map(_source, styles)))
    js = "".join(map(_source, scripts)).strip()
    policy = POLICY.format(digest=_base64(hashlib.sha256(js.encode()).digest()))
    page = _jinja().get_template(template)
    return page.render(css=Markup(css), js=Markup(js), policy=policy, **content)


def _styled_once(body):
    """The body with the style of its pictures, which each brings along, in the first alone."""
    before, style, after = body.partition(STYLE)
    return before + style + after.replace(STYLE, "")


def _base64(data):
    return base64.b64encode(data).decode()


@cache
def _source(name):
    return files("see_the_system.reports").joinpath(name).read_text(encoding="utf-8")


@cache
def _jinja():
    return jinja2.Environment(
        loader=jinja2.FunctionLoader(_source),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )


def _cells(notebook):
    for cell in notebook.cells:
        tags = set(cell.metadata.get("tags", []))
        if cell.cell_type == "markdown" and "remove-cell" not in tags:
            yield markdown(cell.source)
        elif cell.cell_type == "code" and not tags & LEFT_OUT:
            yield from filter(None, map(_output, cell.outputs))


def markdown(text):
    """Markdown as HTML (text), by nbconvert's own filter but without its paragraph signs."""
    # Loaded here: it takes half a second, in which the first kernels already work.
    from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

    renderer = IPythonRenderer(escape=False, exclude_anchor_links=True)
    return MarkdownWithMath(renderer=renderer).render(text)


def _output(output):
    if output.output_type == "stream":
        return _plain(output.text) if output.name == "stdout" else ""
    if output.output_type == "error":
        return ""
    data = {kind: _joined(content) for kind, content in output.get("data", {}).items()}
    if "text/html" in data:
        return _cleaned(data["text/html"])
    if "text/markdown" in data:
        return markdown(data["text/markdown"])
    for kind in IMAGES:
        if kind in data:
            return _image(kind, data[kind], output.get("metadata", {}))
    return _plain(data.get("text/plain", ""))


def _joined(text):
    return "".join(text) if isinstance(text, list) else text


def _plain(text):
    text = text.rstrip()
    # The repr of an object that a cell ended with is nothing to read.
    if not text or OBJECT_REPR.match(text):
        return ""
    return f"<p>{escape(text)}</p>" if "\n" not in text else f"<pre>{escape(text)}</pre>"


def _image(kind, content, metadata):
    alternatives = (metadata.get(kind, {}), metadata.get(OURS, {}), metadata)
    texts = [each.get("alt") for each in alternatives if isinstance(each, dict)]
    alt = next(filter(None, texts), "Figure")
    # A notebook holds SVG as text, other pictures in base64 already.
    encoded = _base64(content.encode()) if kind == "image/svg+xml" else re.sub(r"\s", "", content)
    return f'<img src="data:{kind};base64,{encoded}" alt="{escape(alt)}">'


def _cleaned(html):
    html = FETCHING.sub("", html)
    # pandas' border, and its corner cell that heads nothing
    return html.replace('<table border="1"', "<table").replace("<th></th>", "<td></td>")


def _words(html):
    """What is read of a heading (text)."""
    return unescape(TAG.sub("", html)).strip()


def _without_title(body):
    """The body without its first heading when that is its title, and the title's words."""
    title = HEADING.search(body)
    if not title or title[1] != "1":
        return body, ""
    return body[: title.start()] + body[title.end() :], _words(title[3])


def _headings(body):
    """The body with ids and steps in its headings, and its sections: [(id, words)]."""
    used = {"content"}
    sections = []
    level = 1

    def stepped(found):
        nonlocal level
        # A level left out is a gap for whoever goes through a page by its headings.
        level = min(max(int(found[1]), 2), level + 1)
        words = _words(found[3])
        own = OWN_ID.search(found[2])
        wanted = own[1] if own else re.sub(r"\W+", "-", words).strip("-")
        name = _unused(wanted or "section", used)
        if level == 2:
            sections.append((unescape(name), words))
        return f'<h{level} id="{name}"{OWN_ID.sub("", found[2])}>{found[3]}</h{level}>'

    return HEADING.sub(stepped, body), sections


def _unused(name, used):
    free = name
    number = 1
    while free in used:
        number += 1
        free = f"{name}-{number}"
    used.add(free)
    return free


def _after_first_section(body):
    """The body in two: its first section, which stands before the contents, and the rest."""
    starts = [found.start() for found in re.finditer(r"<h2\b", body)]
    cut = starts[1] if len(starts) > 1 else len(body)
    return body[:cut], body[cut:]


def _scrolling(body):
    """Tables and figures in boxes of their own, so that a narrow screen scrolls them alone."""
    counts = {"Table": 0, "Figure": 0}

    def boxed(found):
        what = "Table" if found[1] else "Figure"
        counts[what] += 1
        width = PICTURE_WIDTH.match(found[0])
        size = f' style="--natural: {width[1]}px"' if width else ""
        # A picture may stand in a paragraph, where a div may not.
        element = "div" if what == "Table" else "span"
        label = f"{what} {counts[what]}"
        return (
            f'<{element} class="scroll {what.lower()}" data-label="{label}"{size}>{found[0]}'
            f"</{element}>"
        )

    return WIDE.sub(boxed, body)
