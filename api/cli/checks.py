"""What `zoubian doctor` looks at: each check says in one line what is and what to do about it."""

import importlib
import platform
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

from zoubian.api.cli import checks_data, checks_doors
from zoubian.api.cli.finding import Check, State
from zoubian.pipeline.settings import Settings

MIN_FREE_GB = 2.0


def run_checks(workspace: Path) -> Iterator[Check]:
    """All checks of this machine and workspace, in order; none of them raises."""
    steps: tuple[tuple[str, Callable[[Path], Check]], ...] = (
        ("python", _python),
        ("opencv", _opencv),
        ("heic", _heic),
        ("runtime", _runtime),
        ("model", _model),
        ("cpu", _cpu),
        ("training", _training),
        ("font", _font),
        ("memory", _memory),
        ("decoders", _decoders),
        ("encoder", _encoder),
        ("workspace", _workspace),
        ("database", checks_data.database),
        ("ledger", checks_data.guards),
        ("redis", checks_data.redis),
        ("clock", checks_data.clock),
        ("time_zone", checks_data.time_zone),
        ("certificates", checks_doors.certificates),
    )
    for name, step in steps:
        try:
            yield step(workspace)
        except Exception as error:
            kind = type(error).__name__
            zh = getattr(error, "message_zh", f"检查时出错（{kind}）")
            en = getattr(error, "message_en", f"the check itself failed ({kind})")
            yield Check(name, "fail", zh, en)


def _python(_workspace: Path) -> Check:
    version = platform.python_version()
    return Check("python", "ok", f"Python {version}", f"Python {version}")


def _opencv(_workspace: Path) -> Check:
    try:
        version = importlib.import_module("cv2").__version__
    except ImportError as error:
        return Check(
            "opencv",
            "fail",
            f"OpenCV 无法加载（{error}）；请安装系统库: apt-get install libgl1 libglib2.0-0",
            f"OpenCV does not load ({error}); install: apt-get install libgl1 libglib2.0-0",
        )
    return Check("opencv", "ok", f"OpenCV {version}", f"OpenCV {version}")


def _heic(_workspace: Path) -> Check:
    try:
        version = importlib.import_module("pillow_heif").libheif_version()
    except ImportError as error:
        return Check(
            "heic", "warn", f"无法读取 HEIC 照片（{error}）", f"HEIC photos not readable ({error})"
        )
    return Check("heic", "ok", f"libheif {version}", f"libheif {version}")


def _runtime(_workspace: Path) -> Check:
    found = []
    for package in ("openvino", "onnxruntime"):
        try:
            found.append(f"{package} {importlib.import_module(package).__version__}")
        except ImportError:
            continue
    if not found:
        return Check(
            "runtime",
            "fail",
            "没有推理引擎；请运行 pip install openvino 或 onnxruntime",
            "no runtime; run pip install openvino or onnxruntime",
        )
    names = ", ".join(found)
    return Check("runtime", "ok", names, names)


def _model(workspace: Path) -> Check:
    import numpy as np

    from zoubian.detector.detector import load_detector
    from zoubian.models.registry.service import find_model

    manifest = find_model(None, workspace)
    height, width = manifest.input_hw_px
    grey = np.full((height, width, 3), 114, dtype=np.uint8)
    detector = load_detector(
        manifest, runtime="auto", threads=None, precision="f32", cache_dir=None
    )
    found = detector.detect([grey], score_threshold=manifest.thresholds, iou=manifest.nms_iou)[0]
    label = f"{manifest.name} {manifest.version}"
    if len(found):
        return Check(
            "model",
            "warn",
            f"模型 {label} 在空白图上报出 {len(found)} 个目标",
            f"model {label} finds {len(found)} objects in an empty picture",
        )
    return Check("model", "ok", f"模型 {label} 可用", f"model {label} works")


def _cpu(_workspace: Path) -> Check:
    machine = platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    flags = cpuinfo.read_text().split() if cpuinfo.exists() else []
    fast = [flag for flag in ("avx2", "avx512_vnni", "avx512_bf16", "amx_int8") if flag in flags]
    told = f"{machine} {' '.join(fast)}".strip()
    if flags and machine in ("x86_64", "AMD64") and "avx2" not in flags:
        return Check("cpu", "warn", f"{told}：没有 AVX2，识别会很慢", f"{told}: no AVX2, slow")
    return Check("cpu", "ok", told, told)


def _training(_workspace: Path) -> Check:
    from importlib.util import find_spec

    if find_spec("ultralytics") is None:
        return Check(
            "training", "ok", "训练部分未安装（可选）", "training half not installed (optional)"
        )
    return Check("training", "ok", "训练部分已安装", "training half installed")


def _font(_workspace: Path) -> Check:
    from zoubian.pipeline.candidates.fonts import find_cjk_font

    font = find_cjk_font()
    if font is None:
        return Check(
            "font",
            "warn",
            "没有中文字体，证据图上用英文标注；请安装 fonts-noto-cjk 或 fonts-wqy-zenhei",
            "no Chinese font, evidence is labelled in English; install fonts-noto-cjk",
        )
    return Check("font", "ok", str(font), str(font))


def _memory(workspace: Path) -> Check:
    meminfo = Path("/proc/meminfo")
    if not meminfo.exists():
        return Check("memory", "ok", "无法得知", "not known here")
    facts = dict(line.split(":", 1) for line in meminfo.read_text().splitlines())
    total_gb, free_gb = (int(facts[name].split()[0]) / 1e6 for name in ("MemTotal", "MemAvailable"))
    settings = Settings(workspace=workspace)
    needed_gb = settings.children * settings.child_memory_mb / 1e3
    zh = f"内存 {total_gb:.1f} GB，可用 {free_gb:.1f} GB"
    en = f"{total_gb:.1f} GB of memory, {free_gb:.1f} GB free"
    if total_gb < needed_gb:
        return Check(
            "memory",
            "warn",
            f"{zh}；分析进程最多可占 {needed_gb:.1f} GB，请减小 ZOUBIAN_CHILDREN",
            f"{en}; analysing may take {needed_gb:.1f} GB: lower ZOUBIAN_CHILDREN",
        )
    return Check("memory", "ok", zh, en)


def _decoders(_workspace: Path) -> Check:
    import av

    wanted = ("h264", "hevc", "mjpeg", "mpeg4")
    missing = [name for name in wanted if not _has_codec(name, "r")]
    version = f"FFmpeg (libavcodec {'.'.join(map(str, av.library_versions['libavcodec']))})"
    if missing:
        names = ", ".join(missing)
        return Check(
            "decoders",
            "fail",
            f"{version} 无法解码 {names}，行车视频无法读取；请重新安装 PyAV",
            f"{version} cannot decode {names}, so footage cannot be read; install PyAV again",
        )
    return Check("decoders", "ok", version, version)


def _encoder(_workspace: Path) -> Check:
    if _has_codec("libx264", "w"):
        return Check("encoder", "ok", "H.264 片段", "clips in H.264")
    return Check(
        "encoder",
        "warn",
        "没有 H.264 编码器，证据片段可能无法在浏览器中播放",
        "no H.264 encoder: browsers may not play the clips",
    )


def _has_codec(name: str, mode: Literal["r", "w"]) -> bool:
    from av.codec import Codec
    from av.codec.codec import UnknownCodecError

    try:
        Codec(name, mode)
    except UnknownCodecError:
        return False
    return True


def _workspace(workspace: Path) -> Check:
    home = workspace if workspace.exists() else workspace.absolute().parent
    probe = home / ".zoubian-doctor"
    try:
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        return Check(
            "workspace",
            "fail",
            f"{home} 不可写（{error.strerror}）",
            f"{home} cannot be written ({error.strerror})",
        )
    free_gb = shutil.disk_usage(home).free / 1e9
    state: State = "ok" if free_gb >= MIN_FREE_GB else "warn"
    return Check(
        "workspace",
        state,
        f"{workspace} 可写，剩余 {free_gb:.1f} GB",
        f"{workspace} can be written, {free_gb:.1f} GB free",
    )
