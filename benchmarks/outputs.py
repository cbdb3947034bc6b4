"""Everything a user can make with the commands, normalised, so that two versions can be compared.

``python -m benchmarks.outputs before`` in one version, ``... after`` in the other, then ``diff -r
before after``. What is taken out is what may differ from run to run or when code only moves: times,
dates, versions, code fingerprints, cell ids, paths and import lines.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DISTRICT = "Lanternfield Unified"
COMMANDS = {
    "reports": "reports --all --data {sample} --out {out}/reports",
    "reports_again": "reports --all --data {sample} --out {out}/reports",
    "reports_of_another_pair": "reports {district} --data {sample} --out {out}/another "
    "-p focus_group 'English learner' -p comparison_group 'English only' "
    "-p years '[2023, 2024, 2025]' -p min_students 20",
    "add": "data add {sample}",
    "list": "data list",
    "records": "practice records {district} {out}/records",
    "interviews": "practice interviews {district} {out}/interviews",
    "ideas": "practice ideas {district}",
    "year": "practice year 'Marigold Bend Unified' support_beside_core {out}/year --where 6992072 "
    "--fidelity 0.9 --truth",
    "no_change": "practice year {district} none {out}/none --scale district --seed 3",
    "key": "practice key {district}",
    "score": "practice score {sample}/theory.yaml --match cause-late=late_results",
    "no_district": "reports Lantern --data {sample}",
    "no_group": "reports --all --data {sample} -p focus_group Martians",
    "no_file": "data add nowhere.zip",
    "no_theory": "practice score nowhere.yaml",
    "help": "--help",
    "help_reports": "reports --help",
    "help_year": "practice year --help",
}
PASSING = (
    (r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)?", "TIME"),
    (r"added \d{4}-\d\d-\d\d", "added DATE"),
    (r"Made on \d+ \w+ \d{4}|\d{1,2} (November|December) 2026|2026-\d\d-\d\d", "DATE"),
    (r'"duration": [\d.e-]+', '"duration": TIME'),
    (r'"id": "[0-9a-f]{8}"', '"id": "CELL"'),
    (r"ipykernel_\d+/\d+\.py|/tmp/tmp\w+|see-the-system-\w{8}", "TEMPORARY"),
    (r"\d+(\.\d+)? (s|seconds?|minutes?)\b(?= a report|\.| in all)", "DURATION"),
    (r"\b\d+\.\d+\.\d+\+h[0-9a-f]+|\bh?[0-9a-f]{12,64}\b", "FINGERPRINT"),
    (r"(?m)^.*\b(from|import) (helpers|see_the_system|practice_network)\b.*\n", ""),
)


def normalised(text, folders):
    """A text without times, dates, versions, fingerprints, import lines and the paths of
    ``folders`` (text).
    """
    for name, folder in folders.items():
        text = text.replace(str(folder), name)
    for pattern, instead in PASSING:
        text = re.sub(pattern, instead, text)
    return text


def make(out):
    """Run every command and draw the pictures of the docs; what they print and write is in the
    folder ``out``.
    """
    out.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as home:
        environment = os.environ | {
            "SEE_THE_SYSTEM_HOME": home,
            "PYTHONPATH": str(ROOT),
            "COLUMNS": "100",
        }
        folders = {"OUT": out, "HOME": Path(home).resolve(), "ROOT": ROOT}
        for name, command in COMMANDS.items():
            call = command.format(
                sample=ROOT / "data" / "sample", out=out, district=f"'{DISTRICT}'"
            )
            done = run(
                f"{sys.executable} -c 'from {engine()}.cli import main; main()' {call}", environment
            )
            text = f"{done.stdout}{done.stderr}exit status {done.returncode}\n"
            (out / f"{name}.txt").write_text(normalised(text, folders), encoding="utf-8")
    run(f"{sys.executable} {ROOT}/docs/pictures.py", environment)
    for path in sorted((ROOT / "docs").glob("*.svg")):
        shutil.copy(path, out)
    for path in [path for path in sorted(out.rglob("*")) if path.is_file()]:
        settle(path, folders)


def engine():
    """The package that holds the command line in this version (text)."""
    return "see_the_system" if (ROOT / "see_the_system").is_dir() else "helpers"


def run(command, environment):
    """A shell command's outcome, its output as text (CompletedProcess)."""
    return subprocess.run(
        command, shell=True, capture_output=True, text=True, env=environment, cwd=ROOT
    )


def settle(path, folders):
    """Write a file again without what may differ; the seconds of a manifest are times too."""
    with path.open(encoding="utf-8", newline="") as file:  # line ends are compared too
        text = file.read()
    if path.name == "manifest.csv":
        text = re.sub(r"(?<=,)\d+\.\d+(?=,)", "SECONDS", text)
    path.write_text(normalised(text, folders), encoding="utf-8", newline="")


if __name__ == "__main__":
    make(Path(sys.argv[1]).resolve())
