"""A process told to stop at any moment stops."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TOLD_OFTEN = """
import os, signal, threading
from contactcenter.stopping import Stop

for _ in range(200):
    stop = Stop()
    telling = threading.Timer(0.002, os.kill, (os.getpid(), signal.SIGTERM))
    telling.start()
    while not stop.wait(0):
        pass
    telling.join()
    os.close(stop._ear)
    os.close(stop._mouth)
print("stopped")
"""


def test_told_in_the_middle_of_waiting_it_stops():
    done = subprocess.run([sys.executable, "-c", TOLD_OFTEN], cwd=ROOT, capture_output=True, text=True, timeout=60)

    assert done.stdout == "stopped\n", done.stderr
