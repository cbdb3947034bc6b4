"""The practice network's files: one zip a year, as the state's download for one county."""

import io
import zipfile
from pathlib import Path

from practice_network import network
from practice_network import state_layouts as layouts
from practice_network.state_counts import tally
from practice_network.stored_files import writable
from practice_network.students import draw_students
from see_the_system.whole_files import write_whole

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
    data = layouts.data_text(rows, year)
    names = layouts.entities_text(entities, year)
    return {
        zip_name(year).replace(".zip", ".txt"): data.encode(ENCODING),
        f"sb_ca{year}entities_csv.txt": names.encode(ENCODING),
    }


def write_year(folder, year):
    """Writes a year's zip into an existing folder and gives its path; the same bytes every time."""
    path = Path(folder) / zip_name(year)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in year_texts(year).items():
            member = zipfile.ZipInfo(name, date_time=(year, 10, 1, 0, 0, 0))
            # Without these two a zip tells the machine it was written on.
            member.create_system = 3
            member.external_attr = 0o644 << 16
            archive.writestr(member, content, compress_type=zipfile.ZIP_DEFLATED, compresslevel=9)
    write_whole(path, packed.getvalue())
    return path


def write_all(folder, years=network.YEARS):
    """Writes the zips of the years into a folder, made if need be, and gives their paths.

    ``Refusal`` if it cannot be written.
    """
    with writable(folder) as place:
        return [write_year(place, year) for year in years]
