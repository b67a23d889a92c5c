"""What two channels cost the daemon while nothing is due: its memory with and without them, in MB.

    python benchmarks/memory_of_channels.py

Each figure is a process of its own, wired as `run` wires it. apprise weighs some 30 MB by itself; it lives
in the helper process, which ends after each batch.
"""

import resource
import subprocess
import sys
import tempfile
from pathlib import Path

CHANNELS = (
    'notify: {a: {url: "json://127.0.0.1:9/a"}, b: {url: "json://127.0.0.1:9/b", quiet: 22:00 to 07:00}}\n'
)
RULES = (
    'version: 1\nportal: {url: "http://127.0.0.1:9", username: x, password: "${PW}"}\nsite: {timezone: UTC}\n'
)


def daemon(folder: Path, channels: str) -> None:
    """Wire an agent, let it fail a tick, and print its peak memory and whether apprise was loaded."""
    from contextlib import suppress

    from luxagent.cli import wiring
    from luxagent.cli.clock import SystemClock
    from luxagent.config.load import load
    from luxagent.errors import LuxagentError

    file = folder / "rules.yaml"
    file.write_text(RULES + channels)
    config = load(file, environ={"PW": "x"}, resolve_secrets=True)
    with wiring.open_agent(config, folder / "state", SystemClock(), dry_run=True) as wired:
        with suppress(LuxagentError):
            wired.agent.tick()
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{peak:.1f} {'apprise' in sys.modules}")


def measured(*arguments: str) -> str:
    """The last line that a process of its own prints."""
    done = subprocess.run([sys.executable, *arguments], check=True, capture_output=True, text=True)
    return done.stdout.split("\n")[-2]


if __name__ == "__main__":
    if len(sys.argv) > 1:
        with tempfile.TemporaryDirectory() as name:
            daemon(Path(name), CHANNELS if sys.argv[1] == "with" else "")
    else:
        apprise = (
            "import apprise, resource; a = apprise.Apprise(); a.add('json://127.0.0.1:9/a');"
            "print(f'{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.1f}')"
        )
        print("bare Python with apprise:", measured("-c", apprise), "MB")
        for kind in ("without", "with"):
            peak, loaded = measured(__file__, kind).split()
            print(f"daemon {kind} channels: {peak} MB, apprise loaded: {loaded}")
