"""What several of the pipeline's tests use."""

import sys
from pathlib import Path

# Supervised children inherit the search path: they import the fakes by name.
sys.path.insert(0, str(Path(__file__).parent / "fakes"))
