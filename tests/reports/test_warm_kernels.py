"""Forked kernels beside papermill's stock ones, and what a report can do to the others."""

import asyncio
import os
import re
import subprocess
import sys
from textwrap import indent

import nbformat
import papermill
import psutil
import pytest
from jupyter_core.utils import ensure_event_loop

from see_the_system.data.store import open_store
from see_the_system.paths import REPORT_TEMPLATE, SAMPLE
from see_the_system.reports import warm_kernels
from see_the_system.reports.batch import run_batch
from see_the_system.reports.fork_server import MARK, rehearse
from see_the_system.reports.kernels import TOO_MUCH, Kernels
from see_the_system.reports.template import PYTHON, Template
from see_the_system.reports.warm_kernels import ForkedKernel
from tests.browser import apart
from tests.reports.conftest import code, rows, task, write_template

pytestmark = pytest.mark.skipif(not warm_kernels.CAN_FORK, reason="kernels are forked on Linux")

# A notebook each: what it shows, with a warm kernel and without, must be the same.
NOTEBOOKS = {
    "rich display": [
        "from IPython.display import HTML, Markdown, SVG, JSON, Latex, display",
        "display(HTML('<b>a</b>'), Markdown('*b*'), Latex('$c$'))\ndisplay(JSON({'d': [1, 2]}))",
        'display(SVG(\'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"></svg>\'))',
        "display({'text/plain': 'x', 'text/html': '<i>x</i>'}, raw=True, metadata={'own': 1})",
        "import pandas as pd\npd.DataFrame({'n': [1, 2]}, index=['a', 'b'])",
    ],
    "figures": [
        "import matplotlib.pyplot as plt\nfig, ax = plt.subplots()\nax.plot([1, 3, 2]);",
        "import seaborn as sns\nsns.lineplot(x=[1, 2], y=[2, 1])",
        "%config InlineBackend.figure_formats = ['svg']\nplt.rcParams['svg.hashsalt'] = 'x'\n"
        "plt.rcParams['svg.fonttype'] = 'none'\nplt.bar([1], [2]).patches[0].get_height()",
    ],
    "prints and logs": [
        "import sys, logging, warnings\nprint('out'); print('err', file=sys.stderr)",
        "logging.warning('logged'); warnings.warn('warned')",
        "import subprocess\nsubprocess.run(['echo', 'by a child'])",
        "logging.getLogger().handlers",
    ],
    "updates": [
        "from IPython.display import display, clear_output",
        "shown = display('one', display_id='it')",
        "shown.update('two')",
        "print('gone'); clear_output(wait=True); print('stays')",
    ],
    "chance": [
        "import random, numpy as np\nlen({random.random(), np.random.rand(), np.random.rand()})"
    ],
    "what is there": [
        "sorted(name for name in globals() if not name.startswith('_'))",
        "import os, sys, threading",
        "sorted(t.name for t in threading.enumerate())",
        "__name__, sys.path[-3:], os.getcwd()",
        "import pandas as pd, matplotlib as mpl",
        "pd.get_option('display.max_rows'), mpl.get_backend()",
        "get_ipython().__class__.__name__, sys.stdin.__class__.__name__",
        "import numpy as np, locale",
        "np.get_printoptions()['precision'], locale.getlocale()",
    ],
    "an exception": ["def f():\n    raise ValueError('no')", "f()", "print('never')"],
    "a syntax error": ["x = = 2"],
    "an end": ["raise SystemExit(3)", "print('goes on or not')"],
    "a question": ["input('your name? ')"],
    "magics": [
        "%time 1 + 1",
        "%%capture shown\nprint(1)",
        "shown.stdout",
        "!echo 2",
        "%who str",
        "?len",
    ],
    "await": [
        "import asyncio\nasync def one():\n    await asyncio.sleep(0)\n    return 1",
        "await one()",
    ],
}
# What differs from run to run in papermill's own outputs too.
PASSING = "|".join(
    (
        r"0x[0-9a-f]+",
        r"ipykernel_\d+",
        r"\d{4}-\d\d-\d\dT[\d:.]+(Z|\+00:00)?",
        r"(?<=\"duration\": )[\d.e-]+",
        r"(CPU times|Wall time)[^\"]*",
        r"(?<=\"id\": )\"[0-9a-f-]+\"",
    )
)


def run_by(engine, cells, folder, **options):
    """A notebook of these cells as it is executed and kept by an engine (text)."""
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(source, id=f"c{n}") for n, source in enumerate(cells)]
    )
    notebook.metadata["kernelspec"] = PYTHON
    asked = folder / "asked.ipynb"
    kept = folder / "kept.ipynb"
    nbformat.write(notebook, asked)

    def execute():
        with asyncio.Runner(loop_factory=ensure_event_loop):
            try:
                papermill.execute_notebook(
                    asked, kept, engine_name=engine, progress_bar=False, cwd=folder, **options
                )
            except papermill.PapermillExecutionError as error:
                return re.sub(PASSING, "", f"{error.ename}: {error.evalue}\n{_joined(kept)}")
            return re.sub(PASSING, "", _joined(kept))

    return apart(execute)


def _joined(kept):
    """An executed notebook (text), what is printed in a row as one output.

    On a busy machine a kernel sends it in as many messages as it finds time for.
    """
    notebook = nbformat.read(kept, as_version=4)
    for cell in (cell for cell in notebook.cells if cell.cell_type == "code"):
        joined = []
        for output in cell.outputs:
            last = joined[-1] if joined else {}
            if output.output_type == "stream" and last.get("name") == output.name:
                last["text"] += output.text
            else:
                joined.append(output)
        cell.outputs = joined
    return nbformat.writes(notebook)


@pytest.fixture(scope="module")
def kernels():
    with Kernels() as kernels:
        yield kernels


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_is_what_papermill_alone_makes_it(name, kernels, tmp_path):
    stock = run_by(None, NOTEBOOKS[name], tmp_path)
    if name == "what is there" and "Heartbeat" not in stock:
        # Another program took the port that this kernel's heartbeat was promised.
        stock = run_by(None, NOTEBOOKS[name], tmp_path)
    warm = run_by("warm", NOTEBOOKS[name], tmp_path, kernels=kernels)
    assert warm == stock


def test_a_report_is_what_papermill_alone_makes_it_and_the_server_is_one_thread(tmp_path):
    template = Template(REPORT_TEMPLATE)
    of = [
        {"store": str(open_store(SAMPLE).folder), "district": code}
        for code in ("99-10017", "99-10041")
    ]
    with Kernels((template.code(), of[:1])) as kernels:
        forked = ForkedKernel(
            kernels.server.socket, ["kernel", "-f", "nowhere"], env=dict(os.environ), cwd="/"
        )
        forked.kill()
        assert (forked.threads, forked.wait(10)) == (1, -9)
        warm = run_by("warm", _with(template, of[1]), tmp_path, kernels=kernels)
    assert warm == run_by(None, _with(template, of[1]), tmp_path)
    assert "<svg" in warm


def test_a_report_that_ends_early_is_no_rehearsal_and_the_next_one_is(tmp_path):
    seen = tmp_path / "seen"
    writes = f"with open({str(seen)!r}, 'a') as file: file.write(district)"
    source = f"{writes}\nif district in 'ab': raise {{}}"
    for ends, tries, tried in (("SystemExit", "abcd", "abc"), ("ValueError(1)", "bac", "bac")):
        cells = [["district = ''", True], [source.format(ends), False]]
        rehearse(cells, [{"district": name} for name in tries])
        assert seen.read_text() == tried
        seen.unlink()


def _with(template, parameters):
    """The cells of a template with parameters put in."""
    cells = [source for source, _ in template.code()]
    return [cells[0], "\n".join(f"{k} = {v!r}" for k, v in parameters.items()), *cells[1:]]


def test_where_nothing_can_be_forked_the_kernels_are_jupyters_own(tmp_path, monkeypatch):
    monkeypatch.setattr(warm_kernels, "CAN_FORK", False)
    with Kernels() as kernels:
        assert kernels.server.socket == "" and not kernels.spec().metadata
    template = Template(
        write_template(tmp_path / "template.ipynb", code(f"import os; {MARK!r} in os.environ"))
    )
    outcome = run_batch(template, [task(1), task(2), task(3)], tmp_path / "out")
    assert len(outcome.made) == 3
    [shown] = {_last_shown(tmp_path / "out" / row.notebook) for row in outcome.made}
    assert shown == "False"


def _last_shown(path):
    return nbformat.read(path, as_version=4).cells[-1].outputs[0].data["text/plain"]


def test_the_command_of_papermill_takes_the_engine(tmp_path):
    notebook = nbformat.v4.new_notebook(cells=[code(f"import os; {MARK!r} in os.environ")])
    notebook.metadata["kernelspec"] = PYTHON
    nbformat.write(notebook, tmp_path / "asked.ipynb")
    command = [sys.executable, "-m", "papermill", "--engine", "warm", "asked.ipynb", "kept.ipynb"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    assert _last_shown(tmp_path / "kept.ipynb") == "True"


FORCE = {
    "ends": "os._exit(7)",
    "segfaults": "import ctypes; ctypes.string_at(0)",
    "loops": "while True: pass",
    "loops in C": "sum(iter(int, 1))",
    "eats memory": "import numpy as np; hold = [np.empty(1 << 27) for _ in range(40)]",
    "floods": "while True: print('x' * 100_000)",
    "prints a gigabyte": "print('x' * 10**9)",
    "shows a gigabyte": "from IPython.display import HTML, display; display(HTML('x' * 10**9))",
    "has a child that floods": "import subprocess; subprocess.run(['yes'])",
    "fills the disk": "with open('filler', 'wb') as f:\n"
    "    os.remove('filler')\n"
    "    while True: f.write(bytes(1 << 20))",
    "leaves a child": "import subprocess; subprocess.Popen(['sleep', '300.25'])",
    "leaves a daemon": "import subprocess\n"
    "subprocess.Popen(['sleep', '300.25'], start_new_session=True)",
    "forks a daemon": "import time\n"
    "if not os.fork():\n    os.setsid(); time.sleep(300); os._exit(0)",
    "leaves a thread": "import threading, time\n"
    "threading.Thread(target=time.sleep, args=(300,)).start()",
    "closes its connection": "os.closerange(3, 64)",
    "raises": "1 / 0",
    "is good": "print('all is well')",
}
FLOODS = ("floods", "prints a gigabyte", "shows a gigabyte", "has a child that floods")
REASONS = (
    dict.fromkeys(FORCE, "")
    | dict.fromkeys(FLOODS, TOO_MUCH)
    | {
        "ends": "The notebook's kernel died",
        "segfaults": "The notebook's kernel died",
        "loops": "Stopped after 30 seconds",
        "loops in C": "Stopped after 30 seconds",
        "eats memory": "MemoryError",
        "fills the disk": "OSError: [Errno 27] File too large",
        "closes its connection": "The notebook's kernel died",
        "raises": "ZeroDivisionError: division by zero",
    }
)
WELL = {name for name, reason in REASONS.items() if not reason}


def test_what_a_report_does_to_itself_is_one_row_and_nothing_is_left(tmp_path, monkeypatch):
    # A kernel that sees it leaves out what its children print.
    monkeypatch.delenv("PYTEST_CURRENT_TEST")
    cells = [
        f"import os\nif doing == {name!r}:\n" + indent(body, "    ") for name, body in FORCE.items()
    ]
    template = Template(write_template(tmp_path / "template.ipynb", *map(code, cells)))
    tasks = [task(number, name) for number, name in enumerate(FORCE)]
    before = running()
    outcome = run_batch(template, tasks, tmp_path / "out", jobs=3, timeout=30)
    by_district = rows(tmp_path / "out")
    found = {name: by_district[task(number).district] for number, name in enumerate(FORCE)}
    assert {name for name, row in found.items() if row["status"] == "done"} == WELL
    assert {name: row["reason"][: len(REASONS[name])] for name, row in found.items()} == REASONS
    for name in REASONS.keys() - WELL:
        kept = nbformat.read(tmp_path / "out" / found[name]["notebook"], as_version=4)
        states = [
            (cell.metadata.papermill["status"], f"doing == {name!r}" in cell.source)
            for cell in kept.cells
            if "papermill" in cell.metadata  # papermill's own remark on an error has none
        ]
        own = states.index(("failed", True))
        assert {state for state, _ in states[:own]} == {"completed"}, name
        assert {state for state, _ in states[own + 1 :]} == {"pending"}, name
    assert len(outcome.made) == len(WELL)
    assert running() <= before


def running():
    """The numbers of the processes that a batch of this process may have started (set of int)."""
    found = set()
    for process in psutil.process_iter(["cmdline", "environ"]):
        line = " ".join(process.info["cmdline"] or ())
        if f"sts-{os.getpid()}-" in line or MARK in (process.info["environ"] or {}):
            found.add(process.pid)
    return found
