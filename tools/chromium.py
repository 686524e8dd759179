"""The installed Chromium that the tools and the tests drive."""

import shutil

# Debian's headless shell first: the same engine without windows around it, which tests a page in 5/6 of the time
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
CHROMIUM = next(filter(None, map(shutil.which, NAMES)), None)
MISSING = f"no Chromium on this machine (Debian: apt install {NAMES[0]}; Ubuntu: {NAMES[1]})"
