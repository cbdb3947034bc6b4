"""``python -m practice_network FOLDER`` writes the practice network's files into a folder."""

import sys

from practice_network.public_files import write_public
from practice_network.year_files import write_all
from see_the_system.messages import Refusal


def main(arguments):
    """Writes the files into the one folder named; 0 when done, 2 after saying what is wrong."""
    try:
        if len(arguments) != 1:
            raise Refusal(
                "Name one folder for the practice network's files: "
                "python -m practice_network FOLDER"
            )
        paths = write_all(arguments[0]) + write_public(arguments[0])
    except Refusal as problem:
        print(problem, file=sys.stderr)
        return 2
    size = sum(path.stat().st_size for path in paths) / 1e6
    print(f"{len(paths)} synthetic files are in {arguments[0]} ({size:.1f} MB).")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
