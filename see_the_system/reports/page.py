"""An executed notebook as one page: no code, no request to anywhere, readable on a phone, on paper
and by ear.
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

OURS = "see_the_system"  # the key of display metadata that speaks to the page
LEFT_OUT = {"remove-cell", "remove-output"}  # the only cell tags that the page knows
IMAGES = ("image/svg+xml", "image/png", "image/jpeg")
POLICY = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; "
    "base-uri 'none'; form-action 'none'"
)
HEADING = re.compile(r"<h([1-6])\b([^>]*)>(.*?)</h\1\s*>", re.S | re.I)
TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class Facts:
    """What the page says about itself, all of it data: the district, and what the report was made
    with and when.
    """

    name: str
    place: str = ""
    made: str = ""
    versions: str = ""


def render(notebook, facts):
    """The page of an executed notebook (HTML text, whole): outputs and markdown in their order,
    code and warnings left out.

    Names are escaped; the notebook's own HTML is taken as it is, but a policy in the page keeps it
    from running scripts or asking any server for anything.
    """
    body, kind = _without_title("\n".join(_cells(notebook)))
    body, sections = _headings(body)
    first, rest = _after_first_section(_scrolling(body))
    named = facts.name.casefold() in kind.casefold()
    return shell(
        "page.html.j2",
        ["page.css"],
        ["page.js"],
        facts=facts,
        sections=sections,
        first=Markup(first),
        rest=Markup(rest),
        kind="" if named else kind,
        heading=kind if named and kind else facts.name,
        title=kind if named and kind else ": ".join(filter(None, [facts.name, kind])),
    )


def headline(notebook):
    """The sentence that stands for the report in the index, from display metadata
    {"see_the_system": {"headline": ...}} (text or "").
    """
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            told = output.get("metadata", {}).get(OURS, {}).get("headline")
            if told:
                return " ".join(str(told).split())
    return ""


def shell(template, styles, scripts, **content):
    """Fill one of the package's page templates, with its style and script inside and a policy that
    allows nothing else.
    """
    css, js = "".join(map(_source, styles)), "".join(map(_source, scripts)).strip()
    digest = base64.b64encode(hashlib.sha256(js.encode()).digest()).decode()
    policy = POLICY.format(digest=digest)
    return (
        _jinja()
        .get_template(template)
        .render(css=Markup(css), js=Markup(js), policy=policy, **content)
    )


@cache
def _source(name):
    return files("see_the_system.reports").joinpath(name).read_text(encoding="utf-8")


@cache
def _jinja():
    loader = jinja2.FunctionLoader(_source)
    return jinja2.Environment(
        loader=loader,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )


def _cells(notebook):
    for cell in notebook.cells:
        tags = set(cell.metadata.get("tags", []))
        if "remove-cell" in tags:
            continue
        if cell.cell_type == "markdown":
            yield markdown(cell.source)
        elif cell.cell_type == "code" and not tags & LEFT_OUT:
            yield from filter(None, map(_output, cell.outputs))


def markdown(text):
    """Markdown as HTML, by nbconvert's own filter but without its paragraph signs beside headings
    (text).
    """
    from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

    return MarkdownWithMath(
        renderer=IPythonRenderer(escape=False, exclude_anchor_links=True)
    ).render(text)


def _output(output):
    if output.output_type == "stream":
        return _plain(output.text) if output.name == "stdout" else ""
    if output.output_type == "error":
        return ""
    data = output.get("data", {})
    if "text/html" in data:
        return _cleaned(_joined(data["text/html"]))
    if "text/markdown" in data:
        return markdown(_joined(data["text/markdown"]))
    for kind in IMAGES:
        if kind in data:
            return _image(kind, _joined(data[kind]), output.get("metadata", {}))
    return _plain(_joined(data.get("text/plain", "")))


def _joined(text):
    return "".join(text) if isinstance(text, list) else text


def _plain(text):
    text = text.rstrip()
    if not text or re.match(
        r"<[\w.]+ .*>$|Text\(|\[?<[\w.]+", text
    ):  # the repr of an object that a cell ended with
        return ""
    return f"<p>{escape(text)}</p>" if "\n" not in text else f"<pre>{escape(text)}</pre>"


def _image(kind, content, metadata):
    told = [metadata.get(kind, {}), metadata.get(OURS, {}), metadata]
    alt = next(
        (each["alt"] for each in told if isinstance(each, dict) and each.get("alt")), "Figure"
    )
    encoded = (
        base64.b64encode(content.encode()).decode()
        if kind == "image/svg+xml"
        else re.sub(r"\s", "", content)
    )
    return f'<img src="data:{kind};base64,{encoded}" alt="{escape(alt)}">'


def _cleaned(html):
    html = re.sub(
        r"<script\b.*?</script\s*>|<link\b[^>]*>|<style scoped>.*?</style>",
        "",
        html,
        flags=re.S | re.I,
    )
    # pandas' border, and its corner cell that heads nothing
    return html.replace('<table border="1"', "<table").replace("<th></th>", "<td></td>")


def _without_title(body):
    """The body without its first heading when that is its title, and the title's words."""
    first = HEADING.search(body)
    if first and first[1] == "1":
        return body[: first.start()] + body[first.end() :], unescape(TAG.sub("", first[3])).strip()
    return body, ""


def _headings(body):
    """Headings in order under the page's one h1, each with an id of its own; and the sections [(id,
    words)] for the contents.
    """
    used, sections, before = {"content"}, [], [1]

    def heading(found):
        level = min(max(int(found[1]), 2), before[0] + 1)
        before[0] = level
        words = TAG.sub("", found[3]).strip()
        own = re.search(r'\bid="([^"]*)"', found[2])
        name = _unused(
            own[1] if own else re.sub(r"\W+", "-", unescape(words)).strip("-") or "section", used
        )
        if level == 2:
            sections.append((unescape(name), unescape(words)))
        rest = re.sub(r'\s*\bid="[^"]*"', "", found[2])
        return f'<h{level} id="{name}"{rest}>{found[3]}</h{level}>'

    return HEADING.sub(heading, body), sections


def _after_first_section(body):
    """The body in two: the first section, which stands before the contents so that a page opens
    with its finding, and the rest.
    """
    starts = [found.start() for found in re.finditer(r"<h2\b", body)]
    cut = starts[1] if len(starts) > 1 else len(body)
    return body[:cut], body[cut:]


def _unused(name, used):
    number, free = 1, name
    while free in used:
        number, free = number + 1, f"{name}-{number + 1}"
    used.add(free)
    return free


def _scrolling(body):
    """Tables and figures in containers of their own, so that a narrow screen scrolls them and never
    the page.
    """
    counts = {}

    def wrapped(found):
        what = "Table" if found[0][:6].lower() == "<table" else "Figure"
        counts[what] = counts.get(what, 0) + 1
        width = re.match(r'<(?:svg|img)\b[^>]*?\swidth="(\d+(?:\.\d+)?)(?:px)?"', found[0], re.I)
        size = f' style="--natural: {width[1]}px"' if width else ""
        element = (
            "div" if what == "Table" else "span"
        )  # a picture may stand in a paragraph, where a div may not
        return (
            f'<{element} class="scroll {what.lower()}" data-label="{what} '
            f'{counts[what]}"{size}>{found[0]}</{element}>'
        )

    return re.sub(
        r"<table\b.*?</table\s*>|<svg\b.*?</svg\s*>|<img\b[^>]*>", wrapped, body, flags=re.S | re.I
    )
