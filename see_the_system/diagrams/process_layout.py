"""Where the steps and connections of a process map stand, and the way of every connection."""

from itertools import pairwise
from math import ceil, inf
from typing import NamedTuple

from see_the_system.diagrams.process_grid import (
    WIDE,
    Channel,
    even_bands,
    fold,
    set_labels,
    set_ports,
)
from see_the_system.diagrams.routing import TRACK, Net, Route, up_to_step, verticals
from see_the_system.pictures.lettering import INK

HEAD = 116  # the width of what stands at the left of the lanes
_BETWEEN = 22  # between bands


class LaneStrip(NamedTuple):
    """A lane in a band: its number, and from where to where it reaches down."""

    lane: int
    top: float
    bottom: float


class ProcessLayout(NamedTuple):
    """The lanes of all bands, how far down and right all reaches, the routes of the connections.

    ``edge`` is where the lanes end at the right.
    """

    strips: list
    low: float
    edge: float
    right: float
    routes: list


def lay_out(heads, places, ways, top, width=inf):
    """Places what ``read_map`` gave, from the height ``top`` down (ProcessLayout).

    The steps have their cards; ``heads`` are the cards of the lanes. The process is wrapped into
    bands where it would be wider than ``width``.
    """
    set_labels(ways)
    laid = _lay_out(heads, places, ways, [0], top)
    spans = _spans(places)
    room = width - HEAD
    starts = [0]
    while laid.right > width and len(starts) < len(spans):
        starts = even_bands(spans, room)
        laid = _lay_out(heads, places, ways, starts, top)
        # What lines between bands need beside the columns shows when they have been drawn.
        room -= max(TRACK, laid.right - width)
    return laid


def _spans(places):
    """How much room each column takes with the gutter before it, all in one band (list)."""
    lefts = dict(sorted((place.column, place.left) for place in places))
    rights = [HEAD, *(left + WIDE for left in lefts.values())]
    return [right - before for before, right in pairwise(rights)]


def _lay_out(heads, places, ways, starts, top):
    rows, tracks = fold(places, ways, len(heads), starts)
    set_ports(places, ways)
    strips, low = _set_heights(places, ways, heads, rows, tracks, top)
    edge = max(_set_widths(places, ways, band) for band in range(len(starts)))
    right = _set_margins(ways, edge)
    return ProcessLayout(strips, low, edge, right, [_route(way) for way in ways])


# --- heights and widths


def _set_heights(places, ways, heads, rows, tracks, top):
    """Sets the heights of boxes and channels.

    Gives the lanes of all bands, from above, and how far down all reaches (list of LaneStrip).
    """
    beside = {}
    for place in places:
        beside.setdefault(place.row, []).append(place)
    levels, strips = {}, []
    y, band, lane = top, -1, None
    for number, row in enumerate(rows):
        if row.band != band:
            y = _set_corridor(row.band, tracks, levels, y)
        if row != (band, lane):
            strips.append(LaneStrip(row.lane, y, y))
        band, lane = row
        y = _set_row(beside.get(number, []), y)
        levels[Channel(number)] = y + TRACK
        y += TRACK * tracks[Channel(number)] + 14
        y = max(y, strips[-1].top + heads[lane].h)
        strips[-1] = strips[-1]._replace(bottom=y)
    low = _set_corridor(band + 1, tracks, levels, y)
    for way in ways:
        way.levels = [levels[channel] + TRACK * track for channel, track in way.tracks]
    return strips, low


def _set_corridor(number, tracks, levels, y):
    """Sets the heights of the channels above a band; gives where the band begins (float)."""
    parts = [Channel(number, part) for part in range(3)]
    used = sum(tracks[part] for part in parts)
    between = number > 0
    if not used:
        return y + _BETWEEN * between
    y += TRACK * between
    for part in parts:
        levels[part] = y
        y += TRACK * tracks[part]
    return y + 6


def _set_row(beside, y):
    """Sets the middle of a row's boxes, the row from ``y`` down; gives where it ends (float)."""
    half = max((place.high / 2 for place in beside), default=16)
    middle = up_to_step(y + 14 + half)
    lows = [16]
    for place in beside:
        place.y = middle
        lows.append(place.high / 2 + (place.lost.h + 6 if place.lost else 0))
    return middle + max(lows)


def _set_widths(places, ways, band):
    """Sets the left edges of a band's boxes and the verticals of connections, gutter by gutter.

    Gives how far right the band reaches (float).
    """
    columns = [place.column for place in places if place.band == band] or [0]
    left = HEAD
    for gutter in range(min(columns), max(columns) + 2):
        leaving = [way for way in ways if _leaves(way, band, gutter)]
        broadest = max((way.label[1] for way in leaving), default=0)
        left += 12 + (broadest + 8 if broadest else 0)
        entering = [way for way in ways if _enters(way, band, gutter)]
        nets = {way: _net_out(way) for way in leaving}
        nets |= {way: _net_in(way) for way in entering}
        if any(channel.is_corridor for way in nets for channel, _ in way.tracks):
            left = _on_tracks(left, band)
        xs, last = verticals(nets.values(), left)
        for way, x in zip(nets, xs, strict=True):
            if way in leaving:
                way.leaving = x
            else:
                way.entering = x
        left = last + (18 if nets else 6)
        here = [place for place in places if (place.band, place.column) == (band, gutter)]
        for place in here:
            place.left = left
        left += WIDE if here else 0
    return left


def _on_tracks(x, band):
    """The next place for verticals that leave their band (float).

    Those of neighboring bands stand between each other, so that none lies in another where they
    meet.
    """
    shift = TRACK / 2 * (band % 2)
    return ceil((x - shift) / TRACK) * TRACK + shift


def _leaves(way, band, gutter):
    return (way.source.band, way.source.column + 1) == (band, gutter)


def _enters(way, band, gutter):
    """Whether a connection has a vertical of its own where it enters (bool)."""
    return bool(way.tracks) and (way.target.band, way.target.column) == (band, gutter)


def _net_out(way):
    """What the vertical beside the source joins (Net)."""
    out, into = way.heights
    if not way.tracks:
        return Net((out,), (into,))
    level = way.levels[0]
    goes_left = way.margin_track is None and way.target.column <= way.source.column
    return Net((out, level), ()) if goes_left else Net((out,), (level,))


def _net_in(way):
    """What the vertical beside the target joins (Net)."""
    _, into = way.heights
    level = way.levels[-1]
    comes_back = way.margin_track is not None or way.is_loop
    return Net((), (level, into)) if comes_back else Net((level,), (into,))


def _set_margins(ways, edge):
    """Sets the verticals at the right of all bands; gives how far right all reaches (float)."""
    first = ceil((edge + 8) / TRACK) * TRACK
    right = edge
    for way in ways:
        if way.margin_track is not None:
            way.margin = first + TRACK * way.margin_track
            right = max(right, way.margin)
    return right


def _route(way):
    """The line of a connection (Route)."""
    out, into = way.heights
    x, last = way.leaving, way.entering
    if len(way.levels) > 1:
        level, other = way.levels
        side = way.margin
        bends = [(x, out), (x, level), (side, level), (side, other), (last, other), (last, into)]
    elif way.levels:
        bends = [(x, out), (x, way.levels[0]), (last, way.levels[0]), (last, into)]
    else:
        bends = [(x, out), (x, into)] if out != into else []
    start = (way.source.edge(out, right=True), out)
    end = (way.target.edge(into, right=False), into)
    return Route(way.connection.id, [start, *bends, end], True, {"stroke": INK})
