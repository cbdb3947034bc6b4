"""What a fishbone shows, read once from a theory: causes with grade, votes and share of the gap."""

from collections import Counter
from typing import NamedTuple

from see_the_system.english import counted
from see_the_system.theory.evidence import grades


class Twig(NamedTuple):
    """One cause to be drawn, ``depth`` causes below one that meets its category's rib.

    ``dots`` are its votes, ``note`` says them with its share of the gap.
    """

    item: str
    text: str
    depth: int
    grade: str
    dots: int
    note: str


class Bone(NamedTuple):
    """One category with the causes under it, a list of twigs for each cause that meets the rib."""

    item: str
    text: str
    blocks: list

    @property
    def twigs(self):
        """All its causes, from above (list of Twig)."""
        return [twig for block in self.blocks for twig in block]


def read_bones(theory, shares):
    """The categories of a theory with their causes (list of Bone).

    shares: what part of the gap a cause makes, in words by cause id.
    """
    grade_of = grades(theory)
    votes = Counter()
    for vote in theory.votes:
        votes[vote.on] += vote.dots
    bones = []
    for category in theory.categories:
        blocks = []
        for cause, depth in _causes(theory, category):
            parts = [counted(votes[cause.id], "vote")] if votes[cause.id] else []
            parts += [shares[cause.id]] if shares.get(cause.id) else []
            note = " · ".join(parts)
            twig = Twig(cause.id, cause.text, depth, grade_of[cause.id], votes[cause.id], note)
            if depth == 0:
                blocks.append([])
            blocks[-1].append(twig)
        bones.append(Bone(category.id, category.text, blocks))
    return bones


def _causes(theory, category):
    """The causes under a category, each followed by those under it (generator of Cause, depth).

    A list of what is ahead, in place of calls within calls: a chain may be a thousand causes deep.
    """
    ahead = [(cause, 0) for cause in reversed(theory.under(category.id, "cause"))]
    while ahead:
        cause, depth = ahead.pop()
        yield cause, depth
        ahead += [(under, depth + 1) for under in reversed(theory.under(cause.id, "cause"))]
