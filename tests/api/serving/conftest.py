"""A running service, and the databases of the pipeline's tests."""

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

_HERE = Path(__file__).parent
_PIPELINE = _HERE.parents[1] / "pipeline"
sys.path[:0] = [str(_PIPELINE / "fakes"), str(_HERE.parent / "http"), str(_HERE)]

from running_service import Server, running  # noqa: E402


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A service that the tests of a module share."""
    with running(tmp_path_factory.mktemp("served")) as one:
        yield one


# The databases of the pipeline's tests.
_spec = importlib.util.spec_from_file_location("pipeline_conftest", _PIPELINE / "conftest.py")
assert _spec is not None and _spec.loader is not None
_databases = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_databases)
postgresql_url = _databases.postgresql_url
postgresql_database = _databases.postgresql_database
migrated_postgresql = _databases.migrated_postgresql
migrated_sqlite = _databases.migrated_sqlite
