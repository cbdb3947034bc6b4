"""The practice network's files: one zip a year, named and packed as the state's download for one
county.
"""

import zipfile
from contextlib import contextmanager
from pathlib import Path

from practice_network import network
from practice_network import state_layouts as layouts
from practice_network.state_counts import tally
from practice_network.students import draw_students
from see_the_system.messages import Refusal

ENCODING = "cp1252"


def zip_name(year):
    """The name of a year's download.

    >>> zip_name(2018)
    'sb_ca2018_all_99_csv_v3.zip'
    """
    return f"sb_ca{year}_all_{network.COUNTY_CODE}_csv_v{layouts.VERSIONS[year]}.zip"


def year_texts(year):
    """The two files of a year's zip: a dict of file name to bytes, the data first."""
    entities = network.entities(year)
    rows = tally(draw_students(year), entities, year)
    data, names = layouts.data_text(rows, year), layouts.entities_text(entities, year)
    return {
        zip_name(year).replace(".zip", ".txt"): data.encode(ENCODING),
        f"sb_ca{year}entities_csv.txt": names.encode(ENCODING),
    }


def write_year(folder, year):
    """Writes a year's zip into an existing folder and gives its path; the same bytes every time."""
    path = Path(folder) / zip_name(year)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in year_texts(year).items():
            member = zipfile.ZipInfo(name, date_time=(year, 10, 1, 0, 0, 0))
            member.create_system, member.external_attr = (
                3,
                0o644 << 16,
            )  # else they tell the machine it was written on
            archive.writestr(member, content, compress_type=zipfile.ZIP_DEFLATED, compresslevel=9)
    return path


def write_all(folder, years=network.YEARS):
    """Writes the zips of the years into a folder, made if need be, and gives their paths;
    ``Refusal`` if it cannot be written.
    """
    with writable(folder) as place:
        return [write_year(place, year) for year in years]


@contextmanager
def writable(folder):
    """A folder to write in (Path), made if need be; ``Refusal`` where it cannot be."""
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
        yield Path(folder)
    except OSError as error:
        raise Refusal(
            f"The folder {folder} cannot be written to ({error.strerror}). Name a folder you "
            "may write in."
        ) from error
