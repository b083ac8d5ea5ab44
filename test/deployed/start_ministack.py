"""MiniStack on the port of GATEWAY_PORT; it ends when its standard input does, so that it outlives nobody."""

import os
import signal
import sys
import threading

from ministack.app import main


def wait_for_the_end() -> None:
    sys.stdin.read()
    # The functions' processes are of this group.
    os.killpg(0, signal.SIGKILL)


os.setpgid(0, 0)
threading.Thread(target=wait_for_the_end, daemon=True).start()
sys.argv[1:] = []
main()
