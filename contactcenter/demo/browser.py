"""The system's own Chromium, in which the demo's pictures are taken and the tests look at pages."""

import shutil

# The shell that draws no window of its own first: a fresh one in it costs a seventh of the whole program's.
PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MISSING = "No Chromium: `sudo apt-get install chromium-headless-shell` (macOS: `brew install chromium`)."


def chromium() -> str | None:
    """The path of the first of these programs that is installed."""
    return next((found for name in PROGRAMS if (found := shutil.which(name))), None)
