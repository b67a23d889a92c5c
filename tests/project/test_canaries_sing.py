"""The search for secrets that goes along with every test does find them, wherever they get out."""

import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[2]
SECRET = "'corr' + 'ect horse'"
"""Not written out: the search must not find this file."""
LEAKS = {
    "printed": f"print({SECRET})",
    "taken": f"print({SECRET}); capsys.readouterr()",
    "logged": f"logging.getLogger('luxagent').warning({SECRET})",
    "told_by_a_process": f"subprocess.run([sys.executable, '-c', \"print({SECRET})\"], capture_output=True)",
    "read_from_a_pipe": f"with talker({SECRET}) as one: next(one.stdout)",
    "read_line_by_line": f"with talker({SECRET}) as one: one.stdout.readline()",
    "written_to_a_file_by_a_process": f"with (tmp_path / 'log').open('w') as a: talker({SECRET}, a).wait()",
    "kept": f"(tmp_path / 'ledger.db').write_text({SECRET})",
    "kept_alone": f"(tmp_path / 'refused.json').write_text({SECRET})",
    "kept_in_a_folder_of_its_own": f"(tmp_path_factory.mktemp('x') / 'ledger.db').write_text({SECRET})",
    "kept_in_one_of_the_file": f"(of_the_file / 'a').mkdir(); (of_the_file / 'a/b').write_text({SECRET})",
}
HEAD = """\
import logging, subprocess, sys, pytest

@pytest.fixture(scope="module")
def of_the_file(tmp_path_factory):
    return tmp_path_factory.mktemp("file")

def talker(text, out=subprocess.PIPE):
    return subprocess.Popen([sys.executable, "-c", f"print({text!r})"], stdout=out, text=True)
"""


def test_a_secret_that_gets_out_anywhere_fails_the_test_that_let_it_out() -> None:
    wanted = "capsys, tmp_path, tmp_path_factory, of_the_file"
    tests = [f"def test_{name}({wanted}):\n    {leak}\n" for name, leak in LEAKS.items()]
    quiet = "def test_quiet(of_the_file):\n    print(1)\n"
    with TemporaryDirectory() as folder:  # not one of pytest's, where these leaks would be found at once
        file, told = Path(folder) / "test_leaks.py", Path(folder) / "told"
        file.write_text("\n".join([HEAD, *tests, quiet]))
        with told.open("w") as out:
            subprocess.run(
                [sys.executable, "-m", "pytest", "-p", "tests.canaries", "-p", "no:cacheprovider",
                 f"--basetemp={folder}/inner", str(file)],
                cwd=ROOT, env={"PYTHONPATH": str(ROOT), "PATH": ""}, stdout=out, check=False, timeout=60,
            )  # fmt: skip
        said = told.read_text()
    assert len(re.findall("^A secret got out: ", said, re.MULTILINE)) == len(LEAKS)
    assert f"{len(LEAKS) + 1} passed, {len(LEAKS)} errors" in said
    assert all(f"test_{name}" in said for name in LEAKS)
