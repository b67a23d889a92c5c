"""The search for secrets that goes along with every test does find them, wherever they get out."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SECRET = "'corr' + 'ect horse'"
"""Not written out: the search must not find this file."""
LEAKS = {
    "printed": f"print({SECRET})",
    "taken": f"print({SECRET}); capsys.readouterr()",
    "logged": f"logging.getLogger('luxagent').warning({SECRET})",
    "told_by_a_process": f"subprocess.run([sys.executable, '-c', \"print({SECRET})\"], capture_output=True)",
    "kept": f"(tmp_path / 'ledger.db').write_text({SECRET})",
}


def test_a_secret_that_gets_out_anywhere_fails_the_test_that_let_it_out(tmp_path: Path) -> None:
    tests = [f"def test_{name}(capsys, tmp_path):\n    {leak}\n" for name, leak in LEAKS.items()]
    file, told = tmp_path / "test_leaks.py", tmp_path / "told"
    quiet = "def test_quiet():\n    print(1)\n"
    file.write_text("\n".join(["import logging, subprocess, sys\n", *tests, quiet]))
    with told.open("w") as out:
        subprocess.run(
            [sys.executable, "-m", "pytest", "-p", "tests.canaries", "-p", "no:cacheprovider", str(file)],
            cwd=ROOT, env={"PYTHONPATH": str(ROOT), "PATH": ""}, stdout=out, check=False, timeout=60,
        )  # fmt: skip
    said = told.read_text()
    assert said.count("A secret got out") == len(LEAKS)
    assert f"{len(LEAKS) + 1} passed, {len(LEAKS)} errors" in said
    assert all(f"test_{name}" in said for name in LEAKS)
