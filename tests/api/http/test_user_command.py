"""The first administrator is made on the command line."""

from pathlib import Path
from typing import Any


def test_a_user_is_let_in_with_a_code_that_is_shown_once(zoubian: Any, tmp_path: Path) -> None:
    workspace = ("--workspace", tmp_path)
    made = zoubian("user", "add", "root", "--admin", *workspace, "--json").document()
    assert made["user_id"] == "root" and len(made["code"]) == 14
    told = zoubian("user", "reset", "root", *workspace)
    assert told.code == 0 and "一次性口令" in told.out + told.err
    listed = zoubian("user", "list", *workspace, "--json").document()["accounts"]
    assert [(one["user_id"], one["admin"], one["has_password"]) for one in listed] == [
        ("root", True, False)
    ]
    unknown = zoubian("user", "reset", "nobody", *workspace, lang="en")
    assert unknown.code == 3 and "no such account" in unknown.err
