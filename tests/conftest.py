"""What holds for every test."""

import os

from hypothesis import settings

pytest_plugins = ["tests.databases"]

# A machine that is busy is no defect, so no example has a deadline. CI looks at the same examples each time.
settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")
