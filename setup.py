"""Maps the top-level folders to zoubian.<folder>; everything else stands in pyproject.toml."""

from setuptools import find_packages, setup

FOLDERS = ("api", "datasets", "detector", "models", "pipeline", "training")
setup(
    packages=[f"zoubian.{f}" for f in FOLDERS]
    + [f"zoubian.{f}.{n}" for f in FOLDERS for n in find_packages(f)],
    package_dir={f"zoubian.{f}": f for f in FOLDERS},
)
