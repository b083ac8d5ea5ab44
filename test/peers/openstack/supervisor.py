"""supervisor.py FOLDER: starts what its standard input names, and ends everything when that does, so that nothing outlives the test run.

A line of input is `{"start": NAME, "argv": [...], "env": {...}}`, or `{"stop": NAME}`: then all others are killed, and
this one, asked to end, is the last. Output goes to FOLDER/log/NAME.log. A line of its own output is
`{"ended": NAME, "code": N}`. At the end FOLDER is removed.
"""

import ctypes
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

FOLDER = Path(sys.argv[1])
PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36
prctl = ctypes.CDLL(None).prctl
running: dict[str, subprocess.Popen] = {}


def die_with_the_supervisor() -> None:
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def start(name: str, argv: list[str], env: dict[str, str]) -> None:
    with open(FOLDER / "log" / f"{name}.log", "wb") as log:
        running[name] = subprocess.Popen(
            argv,
            env={**os.environ, **env},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=FOLDER,
            # Signals of the terminal are for the test run, which then ends this.
            start_new_session=True,
            preexec_fn=die_with_the_supervisor,
        )
    threading.Thread(target=report, args=(name, running[name]), daemon=True).start()


def report(name: str, process: subprocess.Popen) -> None:
    code = process.wait()
    try:
        # One write for a line: several of these threads may write at once.
        os.write(1, (json.dumps({"ended": name, "code": code}) + "\n").encode())
    except BrokenPipeError:
        pass


def children() -> list[int]:
    return [int(pid) for path in Path("/proc/self/task").glob("*/children") for pid in path.read_text().split()]


def kill_all(spared: int | None = None) -> None:
    """Grandchildren become children when their parents have died: it takes a few rounds."""
    while pids := [pid for pid in children() if pid != spared]:
        for pid in pids:
            try:
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
            except (ProcessLookupError, ChildProcessError):
                pass


signal.signal(signal.SIGINT, signal.SIG_IGN)
# What a child leaves behind becomes a child of this process.
prctl(PR_SET_CHILD_SUBREAPER, 1)
for line in sys.stdin:
    request = json.loads(line)
    if "start" in request:
        start(request["start"], request["argv"], request["env"])
    else:
        kill_all(spared=running[request["stop"]].pid)
        running[request["stop"]].terminate()
kill_all()
shutil.rmtree(FOLDER, ignore_errors=True)
os._exit(0)
