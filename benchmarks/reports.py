"""Reports a minute: our batch against papermill and nbconvert called one district after another, as one would by hand.

    python -m benchmarks.reports [--districts 6] [--rounds 3] [--jobs N]

The two ways take turns, so that a busy machine slows both. The notebook is the district template, on the districts of the
practice network; where there is no template, a stand-in of eight figures and ten tables.
"""

import argparse
import logging
import statistics
import sys
import tempfile
import time
from pathlib import Path

import nbformat
import papermill
from nbconvert import HTMLExporter

from helpers.data import store
from helpers.paths import REPORT_TEMPLATE, SAMPLE
from helpers.reports.batch import Task, run_batch
from helpers.reports.template import Template

STAND_IN = [
    "# parameters\ndistrict = '99-10017'  # type: str The district's code.",
    """import warnings
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from IPython.display import HTML, Markdown, display
seed = int("".join(letter for letter in district if letter.isdigit()))
rng = np.random.default_rng(seed)
years = [2018, 2019, 2022, 2023, 2024]
rows = [(y, s, g, int(rng.integers(40, 160)), rng.uniform(10, 60)) for y in years for s in range(12) for g in (6, 7, 8)]
frame = pd.DataFrame(rows, columns=["year", "school", "grade", "students", "met"])
display(Markdown(f"# The mathematics gap in district {district}"))
display(Markdown("The data are made up."), metadata={"see_the_system": {"headline": "Made-up data, to measure speed."}})""",
    *["""figure, axes = plt.subplots(figsize=(7, 4))
for grade, part in frame[frame.school == {number}].groupby("grade"):
    axes.plot(part.year, part.met, marker="o", label=f"Grade {{grade}}")
axes.set(title="School {number}", xlabel="Year", ylabel="Met the standard (%)")
axes.legend()
plt.show()""".format(number=number) for number in range(8)],
    *[f"frame[frame.school == {number}].pivot_table(index='grade', columns='year', values='met').round(1)" for number in range(10)],
]


def stand_in(folder):
    """A notebook of eight figures and ten tables (path)."""
    notebook = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}})
    notebook.cells = [nbformat.v4.new_code_cell(source) for source in STAND_IN]
    notebook.cells[0].metadata.tags = ["parameters"]
    notebook.cells.insert(2, nbformat.v4.new_markdown_cell("## School by school\n\nEach line is one grade."))
    path = folder / "stand_in.ipynb"
    nbformat.write(notebook, path)
    return path


def work(folder, count):
    """The notebook, the districts and the parameters that say where their data are."""
    if not REPORT_TEMPLATE.is_file():
        return stand_in(folder), [f"99-{10000 + number}" for number in range(count)], {}
    path = store.open_data([SAMPLE])
    return REPORT_TEMPLATE, list(store.districts(path)["district"])[:count], {"store": str(path)}


def by_hand(template, districts, out, parameters):
    """One district after another, with papermill's and nbconvert's defaults."""
    out.mkdir()
    for district in districts:
        notebook = papermill.execute_notebook(template, out / f"{district}.ipynb", {**parameters, "district": district}, progress_bar=False)
        html, _ = HTMLExporter(exclude_input=True).from_notebook_node(notebook)
        (out / f"{district}.html").write_text(html, encoding="utf-8")


def ours(template, districts, out, parameters, jobs):
    """The batch behind ``see-the-system reports``."""
    tasks = [Task(district, "Benchmark", inputs={"district": district, **parameters}) for district in districts]
    outcome = run_batch(Template(template), tasks, out, jobs=jobs)
    if outcome.failed:
        sys.exit(outcome.failed[0].reason)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--districts", type=int, default=6)
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--jobs", type=int)
    given = arguments.parse_args()
    logging.disable(logging.WARNING)
    seconds = {"by hand": [], "ours": []}
    with tempfile.TemporaryDirectory(prefix="sts-bench-") as folder:
        folder = Path(folder)
        template, districts, parameters = work(folder, given.districts)
        print(f"{len(districts)} reports of {template.name}, {given.rounds} rounds")
        for number in range(given.rounds):
            for way, made in (("by hand", lambda out: by_hand(template, districts, out, parameters)),
                              ("ours", lambda out: ours(template, districts, out, parameters, given.jobs))):
                start = time.perf_counter()
                made(folder / f"{way.replace(' ', '_')}_{number}")
                seconds[way].append(time.perf_counter() - start)
        for way, measured in seconds.items():
            rate = 60 * len(districts) / statistics.median(measured)
            print(f"{way:8} {rate:6.1f} reports a minute   {[round(each, 1) for each in measured]} s")
    ratio = statistics.median(hand / our for hand, our in zip(seconds["by hand"], seconds["ours"], strict=True))
    print(f"ours makes {ratio:.2f} times as many")


if __name__ == "__main__":
    main()
