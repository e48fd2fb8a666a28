"""The lines that an analysis says when a medium could not be looked at."""

from zoubian.pipeline.sightings.records import Line

# These may come out otherwise next time, with more time, memory or luck: the next scan tries again.
TRANSIENT = frozenset({"crashed", "timed_out", "out_of_memory", "internal", "not_analysed"})


def died_on(code: str, *, silence_s: float, memory_mb: int) -> Line:
    """Why a medium was given up that brought the child down; `code` says how."""
    if code == "timed_out":
        return Line(
            code,
            f"分析超过 {silence_s:g} 秒没有结果，已跳过",
            f"the analysis gave no result within {silence_s:g} s; it was skipped",
        )
    if code == "out_of_memory":
        return Line(
            code,
            f"分析所需内存超过上限 {memory_mb} MB，已跳过",
            f"the analysis needed more memory than the limit of {memory_mb} MB; it was skipped",
        )
    return Line(
        "crashed",
        "分析进程在处理它时异常退出，已跳过",
        "the analysing process broke down over it; it was skipped",
    )


INTERNAL = Line(
    "internal",
    "程序内部错误，未能分析，详情见工作区日志",
    "an error inside the program: it was not analysed; the workspace's log says more",
)
ORIGINAL_LOST = Line(
    "original_lost",
    "工作区里保存的原件不见了，请重新扫描",
    "the stored original is missing from the workspace; scan it again",
)
NOT_ANALYSED = Line(
    "not_analysed",
    "多次开始都没有完成，未能分析，请重新扫描",
    "it was begun several times and never ended; it was not analysed: scan again",
)


def segments_failed(failed: int, of: int) -> Line:
    """The problem of a clip of which some segments could not be looked at."""
    return Line(
        "segments_failed",
        f"视频的 {of} 段中有 {failed} 段未能分析，请重新扫描",
        f"{failed} of the video's {of} segments could not be analysed; scan it again",
    )
