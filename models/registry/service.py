"""Which models there are, and which one is used when nobody names one."""

from pathlib import Path

from zoubian.models.registry.errors import RegistryError, UnknownModelError
from zoubian.models.registry.manifest import (
    MANIFEST_FILE,
    Manifest,
    load_manifest,
    write_text_atomically,
)

SHIPPED_FOLDER = Path(__file__).resolve().parents[1]
DEFAULT_FILE = "default.txt"


def shipped_models() -> tuple[Manifest, ...]:
    """The models that come with the product, by name.

    Raises:
        RegistryError: one of them is damaged, which only a broken installation explains.
    """
    return tuple(load_manifest(folder) for folder in _model_folders(SHIPPED_FOLDER))


def workspace_models(workspace: Path) -> tuple[tuple[Manifest, ...], tuple[RegistryError, ...]]:
    """The models in `<workspace>/models/`, by name, and what is wrong with the others."""
    good: list[Manifest] = []
    problems: list[RegistryError] = []
    for folder in _model_folders(workspace / "models"):
        try:
            good.append(load_manifest(folder))
        except RegistryError as error:
            problems.append(error)
    return tuple(good), tuple(problems)


def default_name(workspace: Path | None) -> str:
    """Name of the model that is used when none is named."""
    if workspace is not None:
        promoted = workspace / "models" / DEFAULT_FILE
        if promoted.is_file():
            return promoted.read_text(encoding="utf-8").strip()
    return (SHIPPED_FOLDER / DEFAULT_FILE).read_text(encoding="utf-8").strip()


def find_model(name: str | None, workspace: Path | None) -> Manifest:
    """Load a model by name; the workspace's own one wins over a shipped one of that name.

    Args:
        name: None takes the default.
        workspace: None looks at shipped models only.

    Raises:
        UnknownModelError: there is none.
        RegistryError: there is one, but it is damaged.
    """
    wanted = name or default_name(workspace)
    homes = [SHIPPED_FOLDER] if workspace is None else [workspace / "models", SHIPPED_FOLDER]
    known: list[str] = []
    for home in homes:
        for folder in _model_folders(home):
            if folder.name == wanted:
                return load_manifest(folder)
            known.append(folder.name)
    names = ", ".join(sorted(set(known))) or "-"
    raise UnknownModelError(
        en=f"no model named {wanted!r}; there are: {names}",
        zh=f"没有名为 {wanted} 的模型；现有：{names}",
    )


def promote(name: str, *, workspace: Path) -> Manifest:
    """Make a model the default of a workspace, after making sure that it can be loaded.

    Raises:
        RegistryError: there is no such model, or it is damaged.
    """
    manifest = find_model(name, workspace)
    folder = workspace / "models"
    folder.mkdir(parents=True, exist_ok=True)
    write_text_atomically(folder / DEFAULT_FILE, name + "\n")
    return manifest


def _model_folders(home: Path) -> list[Path]:
    return sorted(file.parent for file in home.glob(f"*/{MANIFEST_FILE}"))
