"""What can be wrong with a workspace's database."""


class WorkspaceError(Exception):
    """The workspace cannot be used.

    Attributes:
        code: stable word for programs.
        message_zh: one line in Chinese.
        message_en: the same line in English.
    """

    code = "workspace"

    def __init__(self, *, zh: str, en: str) -> None:
        super().__init__(en)
        self.message_zh = zh
        self.message_en = en


class NewerWorkspaceError(WorkspaceError):
    """A later version of the program wrote this workspace."""

    code = "workspace_newer"
