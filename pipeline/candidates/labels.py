"""Words and colours of the classes on an evidence picture."""

from zoubian.datasets.classes.models import Basis, ClassTables
from zoubian.pipeline.candidates.evidence import BoxLabel
from zoubian.pipeline.candidates.rules import SpotDraft

NAMING_COLOUR = "#c8240c"
PROBLEM_COLOURS = ("#b45f06", "#8e1b7c", "#5b3fb5", "#0a6a8c")  # by rank; white reads on each
HARMLESS_COLOUR = "#46606f"


def box_labels(
    draft: SpotDraft, precision: float | None, tables: ClassTables, *, chinese: bool
) -> dict[str, BoxLabel]:
    """A label for each member class; the naming one also says how far to trust it.

    Args:
        chinese: False where no font can draw it.
    """
    labels = {}
    for name in draft.members:
        known = tables.visual_classes[name]
        text = known.name_zh if chinese else known.name_en
        colour = PROBLEM_COLOURS[known.rank % len(PROBLEM_COLOURS)]
        naming = name == draft.visual_class
        if naming:
            text += f"  {trust_in_words(precision)[0 if chinese else 1]}"
            colour = NAMING_COLOUR
        elif not known.problem:
            colour = HARMLESS_COLOUR
        elif known.basis is not Basis.REAL:
            text += f"  {trust_in_words(None)[0 if chinese else 1]}"
        labels[name] = BoxLabel(text, colour, naming)
    return labels


def trust_in_words(precision: float | None) -> tuple[str, str]:
    """The measured precision as people read it, in Chinese and English.

    >>> trust_in_words(0.824)
    ('实测准确率82%', 'measured precision 82%')
    """
    if precision is None:
        return "未经实拍验证", "not proven on real photos"
    share = f"{precision:.0%}"
    return f"实测准确率{share}", f"measured precision {share}"
