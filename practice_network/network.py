"""The practice network itself: eight fictional districts of county 99 and their schools.

California has 58 counties, so no real place has these codes. What a district or a school is like
(its size, its students, how its gap differs) is written here; ``score_model`` turns it into scores.
``stored`` reads what lies beside the modules, ``writable`` is a folder to write in.
"""

from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from pathlib import Path

import pandas as pd
import yaml

from see_the_system.data import codes
from see_the_system.messages import Refusal

COUNTY_CODE = "99"
COUNTY_NAME = "Practice County"
ZIP_CODE = "00099"
YEARS = (2015, 2016, 2017, 2018, 2019, 2021, 2022, 2023, 2024, 2025)
GRADES = (3, 4, 5, 6, 7, 8, 11)
KINDS = {"K5": (3, 4, 5), "K8": (3, 4, 5, 6, 7, 8), "M": (6, 7, 8), "H": (11,)}
KIND_NAMES = {"K5": "Elementary", "K8": "School", "M": "Middle", "H": "High"}
# The order of every list of ethnicity shares: 74, 75, 76, 77, 78, 79, 80, 144 and not reported.
ETHNICITY_CODES = (*codes.ETHNICITIES, 0)


@dataclass(frozen=True)
class District:
    """One district: its students' ethnicities (shares), and how its level and gap differ (SDs)."""

    code: str
    name: str
    ethnicities: tuple
    district_disadvantage: float  # added to the log odds of being socioeconomically disadvantaged
    effect: float  # added to every student's mean
    gap: float  # taken from focus students and given to the others: positive, a wider gap
    silent_years: tuple = ()  # years with students enrolled and nobody tested


DISTRICTS = (
    District(
        "10017",
        "Lanternfield Unified",
        (0.07, 0.005, 0.13, 0.03, 0.545, 0.005, 0.15, 0.05, 0.015),
        0.25,
        0.00,
        0.06,
    ),
    District(
        "10025",
        "Kindred Harbor Unified",
        (0.04, 0.003, 0.12, 0.04, 0.487, 0.005, 0.24, 0.055, 0.01),
        -0.35,
        0.06,
        -0.05,
    ),
    District(
        "10033",
        "Marigold Bend Unified",
        (0.03, 0.004, 0.04, 0.015, 0.756, 0.003, 0.12, 0.022, 0.01),
        0.45,
        -0.08,
        0.00,
    ),
    District(
        "10041",
        "Quiet Orchard Unified",
        (0.02, 0.012, 0.03, 0.01, 0.538, 0.005, 0.33, 0.045, 0.01),
        -0.10,
        0.05,
        0.10,
    ),
    District(
        "10058",
        "Sueño Creek Elementary",
        (0.02, 0.003, 0.09, 0.02, 0.617, 0.005, 0.18, 0.05, 0.015),
        -0.15,
        0.12,
        -0.09,
    ),
    District(
        "10066",
        "Wrenfield Joint Unified",
        (0.015, 0.02, 0.02, 0.01, 0.445, 0.005, 0.43, 0.045, 0.01),
        0.00,
        -0.05,
        0.03,
        (2022,),
    ),
    District(
        "10074",
        "Applewhistle Elementary",
        (0.01, 0.01, 0.02, 0.01, 0.38, 0.01, 0.50, 0.05, 0.01),
        -0.20,
        0.04,
        0.00,
    ),
    District(
        "10082",
        "Little Comet Elementary",
        (0.01, 0.03, 0.01, 0.01, 0.43, 0.01, 0.45, 0.04, 0.01),
        0.10,
        0.45,
        0.00,
    ),
)

DISTRICT_NAMES = {district.code: district.name for district in DISTRICTS}

# district, type (7 school, 10 locally funded and 9 direct-funded charter), code, kind, students a
# grade, name; then what is special: `from`/`to` the first and last year it is open, `was` an
# earlier name and the last year it had it.
_SCHOOLS = """
10017 7 6990019 K5 96 Lantern Hill
10017 7 6990027 K5 92 Paper Kite
10017 7 6990035 K5 104 Clover Street
10017 7 6990043 K5 88 Morning Bell
10017 7 6990050 K5 78 Open Gate
10017 7 6990068 K5 99 Sparrow Field
10017 7 6990076 K5 83 Story Bridge
10017 7 6990084 K5 91 Warm Stone
10017 7 6990092 K5 107 Copper Kettle
10017 7 6990100 K5 72 Juniper Window
10017 7 6990118 K5 95 Helping Hands
10017 7 6990126 K5 101 Blue Ladder
10017 7 6990134 K5 86 Seven Swings
10017 7 6990142 K5 94 Harvest Table | was Harvest Road 2021
10017 7 6990159 K5 76 Thimbleberry
10017 7 6990167 K5 89 Song Thrush
10017 7 6990175 K5 112 Big Umbrella
10017 7 6990183 K5 81 Pebble Path
10017 7 6990191 K5 97 Doña Alegría
10017 7 6990209 K5 90 Maple Compass
10017 7 6990217 K5 68 Firefly Lane
10017 7 6990225 K5 93 Good Neighbor
10017 7 6990233 K5 85 Willow Whistle
10017 7 6990241 K5 98 Porch Light
10017 7 6990258 K5 79 Hazel Corner
10017 7 6990266 K5 103 Seedling
10017 7 6990274 K5 66 Old Mill Pond | to 2017
10017 7 0199018 K5 84 New Mill Pond | from 2018
10017 7 6990282 K8 58 Tidewater Steps
10017 7 6990290 K8 52 Butterscotch Park
10017 7 6990308 M 310 Lighthouse Bend
10017 7 6990316 M 342 Twin Compass
10017 7 6990324 M 285 Cartwheel
10017 7 6990332 M 268 Gentle River
10017 7 6990340 M 331 Stargazer
10017 7 6990357 M 296 Long Table
10017 7 6990365 M 254 Kettle Pond
10017 7 6990373 M 317 Northern Lark
10017 7 6990381 M 276 Patchwork
10017 7 9930012 H 690 Lanternfield
10017 7 9930020 H 655 Old Clocktower
10017 7 9930038 H 720 Southlight
10017 7 9930046 H 610 Weathervane
10017 7 9930053 H 38 Second Sunrise Continuation
10017 10 0199026 K8 46 Tinker and Thread Charter
10017 10 0199034 M 88 Common Thread Charter
10017 9 0199042 K8 54 Ladder to the Moon Charter
10017 9 0199059 M 96 Wide Sky Charter | from 2016
10025 7 6991017 K5 88 Kite Harbor
10025 7 6991025 K5 76 Anchor and Oak
10025 7 6991033 K5 94 Salt Meadow Lane
10025 7 6991041 K5 69 Tugboat
10025 7 6991058 K5 85 Sea Glass
10025 7 6991066 K5 91 Kindling
10025 7 6991074 K5 73 Pelican Porch
10025 7 6991082 K5 82 Driftwood Corner
10025 7 6991090 K5 79 Signal Flag
10025 7 6991108 K5 87 Rainbarrel
10025 7 6991116 K8 56 Harbor Friends
10025 7 6991124 M 292 Tall Mast
10025 7 6991132 M 274 Buoy Bell
10025 7 6991140 M 238 Far Shore
10025 7 9931010 H 498 Kindred Harbor
10025 7 9931028 H 436 Sextant
10025 10 0199067 K8 44 Wavemaker Charter
10033 7 6992015 K5 84 Marigold Bend
10033 7 6992023 K5 92 Cricket Hollow
10033 7 6992031 K5 77 Sunflower Table
10033 7 6992049 K5 81 Honeycomb
10033 7 6992056 K5 73 Adobe Lane
10033 7 6992064 K5 88 Peppertree Bell
10033 7 6992072 M 262 Esperanza Peña
10033 7 6992080 M 231 Open Furrow
10033 7 9932018 H 468 Marigold Bend
10033 9 0199075 K8 41 Bright Furrow Charter
10041 7 6993013 K5 83 Plum Ladder
10041 7 6993021 K5 76 Windfall
10041 7 6993039 K5 71 Cider Press Road
10041 7 6993047 K8 48 Beekeeper
10041 7 6993054 M 226 Quiet Orchard
10041 7 9933016 H 262 Quiet Orchard
10058 7 6994011 K5 86 Sueño Creek
10058 7 6994029 K5 79 Footbridge
10058 7 6994037 M 158 Stepping Stones
10066 7 6995018 K5 84 Wrenfield
10066 7 6995026 M 81 Nest and Wing
10066 7 9935011 H 83 Wrenfield
10074 7 6996016 K8 33 Applewhistle
10074 7 6996024 K8 9 Far Pasture
10082 7 6997014 K8 10 Little Comet
"""
_SCHOOL = (
    r"(?P<district>\d+) (?P<type_id>\d+) (?P<code>\d+) (?P<kind>\w+) (?P<size>\d+) "
    r"(?P<name>[^|]+?)(?: \| from (?P<first>\d+)| \| to (?P<last>\d+)"
    r"| \| was (?P<old_name>.+) (?P<old_until>\d+))?$"
)


@dataclass(frozen=True)
class Network:
    """Districts and their schools: the practice network, or one as large as a state.

    ``score_model`` says how students of it score. schools: a frame as ``schools`` gives it; ``key``
    tells the random draws of one network from another's.
    """

    districts: tuple
    schools: pd.DataFrame = field(repr=False)
    key: tuple = ()


def practice():
    """The practice network itself (``Network``)."""
    return Network(DISTRICTS, schools())


def schools():
    """Every school of the practice network over all years (frame, a row a school, in CDS order)."""
    frame = pd.Series(_SCHOOLS.strip().splitlines()).str.extract(_SCHOOL)
    usual = {"first": str(YEARS[0]), "last": str(YEARS[-1]), "old_name": "", "old_until": "0"}
    numbers = ["type_id", "size", "first", "last", "old_until"]
    frame = frame.fillna(usual).astype(dict.fromkeys(numbers, int))
    return frame.sort_values(["district", "code"], ignore_index=True)


def full_name(school, year):
    """What a school (a row of ``schools``) was called in a year: one school changed its name.

    >>> row = schools().set_index("code").loc["6990142"]
    >>> full_name(row, 2019), full_name(row, 2022)
    ('Harvest Road Elementary', 'Harvest Table Elementary')
    """
    name = school.old_name if year <= school.old_until else school["name"]
    if name.endswith(("Charter", "Continuation")):
        return name
    return f"{name} {KIND_NAMES[school.kind]}"


@cache
def codes_where(**traits):
    """The codes of the schools that have these values in ``schools`` (frozenset).

    >>> len(codes_where(kind="H")), len(codes_where(type_id=9))
    (10, 3)
    """
    own = schools()
    for name, value in traits.items():
        own = own[own[name] == value]
    return frozenset(own.code)


@cache
def is_continuation(code):
    """Whether a school is a continuation school (bool)."""
    own = schools()
    return bool(own["name"][own.code == code].str.contains("Continuation").any())


def entities(year):
    """The county, the districts and the schools open in a year, in the order of the state's files.

    A frame: county_code, district_code, school_code, type_id, county_name, district_name,
    school_name, zip_code. As in the state's list a direct-funded charter (type 9) has its own name
    for a district name and its authorizer's district code.
    """
    own = schools().query("first <= @year <= last")
    rows = [("00000", "0000000", codes.COUNTY, "", "", "")]
    for district in DISTRICTS:
        rows.append((district.code, "0000000", codes.DISTRICT, district.name, "", ""))
        for _, school in own[own.district == district.code].iterrows():
            name = full_name(school, year)
            known_as = name if school.type_id == 9 else district.name
            rows.append((district.code, school.code, school.type_id, known_as, name, ZIP_CODE))
    columns = [
        "district_code",
        "school_code",
        "type_id",
        "district_name",
        "school_name",
        "zip_code",
    ]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.assign(county_code=COUNTY_CODE, county_name=COUNTY_NAME)


@cache
def stored(name):
    """What a YAML file of this package holds (lists and dicts), read once; not to be changed."""
    file = resources.files("practice_network").joinpath(name)
    return yaml.safe_load(file.read_text(encoding="utf-8"))


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
