"""The card of a model, in Chinese and English, written from its manifest alone."""

from collections.abc import Mapping
from typing import Any

from zoubian.models.registry.manifest import Manifest

_WORDS = {
    "zh": {
        "title": "模型卡",
        "what": "从照片中识别下列目标；结果只是建议，由人确认。",
        "input": "输入",
        "head": "输出头",
        "arithmetic": "运算精度",
        "licence": "许可证",
        "figures": "实测指标",
        "figures_how": "用下面的命令可以重新得到（数据：waste/val，本项目自己的推理引擎）：",
        "class": "类别",
        "boxes": "标注框",
        "threshold": "阈值",
        "ap": "AP50（全部 val）",
        "pr": "准确率 / 召回率（report 一半，工作阈值）",
        "mean": "平均 AP50",
        "photos": "整张照片的建议（report 一半）",
        "named": "有问题的照片中，第一条建议确实在照片里",
        "quiet": "只有未满垃圾桶的照片中，没有任何建议",
        "precision": "得分与实测准确率（calibrate 一半，IoU 0.5）",
        "score": "得分不低于",
        "measured": "实测准确率",
        "n": "检出数",
        "quantised": "int8 与 fp32 的差别",
        "training": "训练",
        "limits": "已知不足",
        "limits_text": (
            "标注只覆盖每个来源自己的类别；overflowing_bin 约四分之一只是桶盖未关严；"
            "多数训练照片被来源压成方形；夜间和雪天照片很少；"
            "litter 只有几十个标注框，数字仅供参考。"
            "阈值与准确率表来自 calibrate 一半，表中其他数字在 report 一半或全部 val 上测得。"
        ),
        "sources": "训练照片来源",
    },
    "en": {
        "title": "Model card",
        "what": "Finds the objects below in photos; it proposes, a person confirms.",
        "input": "Input",
        "head": "Head",
        "arithmetic": "Arithmetic",
        "licence": "Licence",
        "figures": "Measured figures",
        "figures_how": "This command measures them again (waste/val, through our own runtime):",
        "class": "class",
        "boxes": "boxes",
        "threshold": "threshold",
        "ap": "AP50 (all of val)",
        "pr": "precision / recall (report half, working threshold)",
        "mean": "Mean AP50",
        "photos": "Suggestions for whole photos (report half)",
        "named": "photos with a problem whose first suggestion is really in the photo",
        "quiet": "photos with closed bins only that stay without any suggestion",
        "precision": "Score and measured precision (calibrate half, IoU 0.5)",
        "score": "score from",
        "measured": "measured precision",
        "n": "detections",
        "quantised": "int8 against fp32",
        "training": "Training",
        "limits": "Known limits",
        "limits_text": (
            "Each source labels its own classes only; about a quarter of overflowing_bin is "
            "no more than a lid ajar; most training photos were stretched to a square by their "
            "source; snow and night are rare; litter has a few dozen boxes, its figures are weak. "
            "Thresholds and the precision table come from the calibrate half, the other figures "
            "from the report half or all of val."
        ),
        "sources": "Where the training photos come from",
    },
}


def card(manifest: Manifest, *, lang: str) -> str:
    """The card as Markdown; `lang` is zh or en."""
    word = _WORDS[lang]
    height, width = manifest.input_hw_px
    lines = [
        f"# {manifest.name} {manifest.version} — {word['title']}",
        "",
        word["what"],
        "",
        f"- {word['class']}: {', '.join(manifest.classes)}",
        f"- {word['input']}: {width} x {height} px",
        f"- {word['head']}: {manifest.head}",
        f"- {word['arithmetic']}: {manifest.quantisation}",
        f"- {word['licence']}: {manifest.licence}",
        "",
        f"## {word['figures']}",
        "",
        word["figures_how"],
        "",
        f"    zoubian evaluate $ZOUBIAN_DATA/waste/data.yaml --model {manifest.name}",
        "",
        *_class_table(manifest, word),
        "",
        *_photo_lines(manifest.metrics, word),
        "",
        f"## {word['precision']}",
        "",
        f"| {word['class']} | {word['score']} | {word['measured']} | {word['n']} |",
        "|---|---|---|---|",
        *(
            f"| {name} | {point.score:.3f} | {point.precision:.2f} | {point.n} |"
            for name, points in manifest.precision.items()
            for point in points
        ),
        "",
        *_key_values(word["quantised"], manifest.metrics.get("int8_against_fp32")),
        *_key_values(word["training"], manifest.metrics.get("training")),
        *_key_values(None, dict(manifest.made_with)),
        "",
        f"## {word['limits']}",
        "",
        word["limits_text"],
        "",
        f"## {word['sources']}",
        "",
        *(f"- {line}" for line in manifest.attributions),
    ]
    return "\n".join(lines) + "\n"


def _class_table(manifest: Manifest, word: Mapping[str, str]) -> list[str]:
    whole, half = manifest.metrics["val"]["per_class"], manifest.metrics["report"]["per_class"]
    headings = [word[key] for key in ("class", "boxes", "ap", "threshold", "pr")]
    rows = [f"| {' | '.join(headings)} |", "|---|---|---|---|---|"]
    for name, one in whole.items():
        on_half = half[name]
        rows.append(
            f"| {name} | {one['boxes']} | {_share(one['ap50'])} | {one['threshold']:.3f} "
            f"| {_share(on_half['precision'])} / {_share(on_half['recall'])} |"
        )
    mean = manifest.metrics["mean_ap50"]
    rows += ["", f"{word['mean']} ({', '.join(mean['classes'])}): {mean['value']:.3f}"]
    return rows


def _photo_lines(metrics: Mapping[str, Any], word: Mapping[str, str]) -> list[str]:
    photos = metrics["photos"]
    return [
        f"## {word['photos']}",
        "",
        f"- {word['named']}: {photos['named_first']:.3f} ({photos['problem_photos']})",
        f"- {word['quiet']}: {photos['quiet']:.3f} ({photos['harmless_photos']})",
    ]


def _key_values(heading: str | None, values: Mapping[str, Any] | None) -> list[str]:
    if not values:
        return []
    head = [f"## {heading}", ""] if heading else []
    return [*head, *(f"- {key}: {value}" for key, value in values.items()), ""]


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
