"""Everything about the package stands in pyproject.toml; here is only what makes it fast.

With UNIONKB_COMPILE set, the modules of extract/ are compiled with mypyc, which needs a C compiler and some
minutes; fewer with UNIONKB_OPT_LEVEL=0, where it need not be fast. They read the same facts. By default
nothing is compiled.
"""

import os
from pathlib import Path

from setuptools import setup

if os.environ.get("UNIONKB_COMPILE"):
    try:
        from mypyc.build import mypycify
    except ImportError:
        # The first, isolated call only asks what the build needs.
        setup(setup_requires=["mypy[mypyc]>=1.11"])
    else:
        modules = sorted(str(path) for path in Path("extract").glob("*.py"))
        level = os.environ.get("UNIONKB_OPT_LEVEL", "3")
        setup(ext_modules=mypycify(["--ignore-missing-imports", *modules], opt_level=level))
else:
    setup()
