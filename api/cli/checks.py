"""What `zoubian doctor` looks at: each check says in one line what is and what to do about it."""

import importlib
import platform
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

State = Literal["ok", "warn", "fail"]

MIN_FREE_GB = 2.0


@dataclass(frozen=True, slots=True)
class Check:
    """One finding of the doctor."""

    name: str
    state: State
    message_zh: str
    message_en: str


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
        ("workspace", _workspace),
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
