"""What the doctor looks at of the service's certificates."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from zoubian.api.cli.finding import Check, State
from zoubian.pipeline.settings import Settings

_AUTHORITY_WARNING = timedelta(days=365)


def certificates(workspace: Path) -> Check:
    """Do they last, and are they for this machine's names?"""
    from zoubian.api.serving.addresses import host_names
    from zoubian.api.serving.certificates import (
        AUTHORITY,
        SERVER,
        fingerprint,
        names_in,
        read_certificate,
    )
    from zoubian.api.serving.service import CERTIFICATES, listed

    folder = workspace / CERTIFICATES
    if not (folder / AUTHORITY).exists():
        return _told("ok", "首次启动服务时生成", "made when the service first starts")
    try:
        authority, shown = read_certificate(folder / AUTHORITY), read_certificate(folder / SERVER)
    except (OSError, ValueError):
        return _told(
            "fail",
            f"{folder} 中的证书无法读取；删除该文件夹即重新生成（手机须重新安装证书）",
            f"the certificates in {folder} cannot be read; remove the folder to have new ones "
            "made (phones have to install the authority again)",
        )
    now = datetime.now(UTC)
    until = f"{authority.not_valid_after_utc:%F}"
    if authority.not_valid_after_utc < now + _AUTHORITY_WARNING:
        return _told(
            "warn",
            f"证书机构 {until} 到期；请择日删除 {folder} 重新生成，并让手机重新安装证书",
            f"the authority ends on {until}; choose a day to remove {folder}, and have phones "
            "install the new one",
        )
    if not shown.not_valid_before_utc <= now < shown.not_valid_after_utc:
        return _told(
            "fail",
            f"服务器证书的有效期为 {shown.not_valid_before_utc:%F} 至 "
            f"{shown.not_valid_after_utc:%F}，现在无效；请核对本机时钟并重新启动服务",
            f"the server's certificate is valid from {shown.not_valid_before_utc:%F} to "
            f"{shown.not_valid_after_utc:%F}, not now; check the clock and start the service again",
        )
    names = host_names(listed(Settings(workspace=workspace).server_names), host="0.0.0.0")
    missing = [name for name in names.reachable() if name not in names_in(shown)]
    if missing:
        told = ", ".join(missing)
        return _told(
            "warn",
            f"证书不含 {told}；服务运行时 10 分钟内自动更新，仍不含的见服务日志",
            f"the certificate is not for {told}; a running service renews it within 10 minutes, "
            "and its log says what the authority may not sign for",
        )
    mark = fingerprint(authority)
    return _told(
        "ok",
        f"有效至 {shown.not_valid_after_utc:%F}（自动更新），证书机构至 {until}，"
        f"指纹 SHA-256 {mark}",
        f"valid until {shown.not_valid_after_utc:%F} (renewed by itself), the authority until "
        f"{until}, fingerprint SHA-256 {mark}",
    )


def _told(state: State, zh: str, en: str) -> Check:
    return Check("certificates", state, zh, en)
