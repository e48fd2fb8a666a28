"""Merging, splitting and taking both back: nothing lost, nothing made up."""

from collections import Counter

import pytest
from review_desk import HERE, INSPECTOR, START, ReviewDesk, refusal

from zoubian.pipeline.domain.candidate_states import DeclineReason
from zoubian.pipeline.domain.refusals import Refusal
from zoubian.pipeline.review import joining, service
from zoubian.pipeline.review.joining import Part
from zoubian.pipeline.review.undo import undo
from zoubian.pipeline.review.view import CandidateView

EARLIER = START.replace(hour=0)


def merge(
    desk: ReviewDesk, into: CandidateView, *others: CandidateView, same_objects: bool = True
) -> CandidateView:
    with desk.uow() as session:
        return joining.merge(
            session,
            into.id,
            [other.id for other in others],
            versions={one.id: one.version for one in (into, *others)},
            same_objects=same_objects,
            by=desk.by(),
        )


def split(desk: ReviewDesk, seen: CandidateView, *parts: Part) -> tuple[CandidateView, ...]:
    with desk.uow() as session:
        return joining.split(
            session,
            seen.id,
            parts,
            version=seen.version,
            by=desk.by(),
            registry=desk.registry,
        )


def take_back(desk: ReviewDesk, identifier: str) -> CandidateView:
    with desk.uow() as session:
        return undo(
            session,
            identifier,
            version=desk.row(identifier).version,
            by=desk.by(),
            registry=desk.registry,
        )


def decline(desk: ReviewDesk, seen: CandidateView) -> CandidateView:
    with desk.uow() as session:
        return service.decline(
            session,
            seen.id,
            DeclineReason.FALSE_ALARM,
            note=None,
            version=seen.version,
            by=desk.by(),
        )


@pytest.mark.parametrize(
    ("same_objects", "bins", "heaps"),
    [pytest.param(True, 3, 1, id="seen twice"), pytest.param(False, 5, 1, id="others")],
)
def test_merging_counts_what_is_the_same_once_and_what_is_not_together(
    desk: ReviewDesk, same_objects: bool, bins: int, heaps: int
) -> None:
    into = desk.candidate("c1", members={"overflowing_bin": 2})
    other = desk.candidate(
        "c2",
        members={"overflowing_bin": 3, "garbage_pile": 1},
        frames=["f-c2", "f-c1"],
        seen_at=EARLIER,
    )
    done = merge(desk, into, other, same_objects=same_objects)
    assert done.members == {"overflowing_bin": bins, "garbage_pile": heaps}
    assert (done.state, done.first_seen_at) == ("pending", EARLIER)
    assert desk.frames("c1") == ["f-c1", "f-c2"]
    taken = desk.row("c2")
    assert (taken.state, taken.merged_into) == ("merged", "c1")
    assert (desk.kinds("c1"), desk.kinds("c2")) == (["taken_in"], ["merged"])


def test_merging_fills_what_the_first_one_lacks_and_leaves_the_rest(desk: ReviewDesk) -> None:
    into = desk.candidate("c1", at=None, place_zh=None, category=None)
    other = desk.candidate("c2", category="household_waste_uncollected")
    done = merge(desk, into, other)
    assert done.position is not None
    assert (done.position.lat, done.place_zh) == (HERE[0], other.place_zh)
    assert done.category == "household_waste_uncollected"
    kept = merge(desk, desk.candidate("c3", at=(43.9, 125.4)), done)
    assert kept.position is not None
    assert kept.position.lat == 43.9


def test_merging_nothing_or_what_somebody_else_decided_is_refused(desk: ReviewDesk) -> None:
    into, other = desk.candidate("c1"), desk.candidate("c2")
    with refusal("nothing_to_merge"):
        merge(desk, into, into)
    decline(desk, other)
    with refusal("conflict"):
        merge(desk, into, other)
    with refusal("wrong_state"):
        merge(desk, into, desk.row("c2"))
    assert desk.row("c1") == into
    assert desk.frames("c1") == ["f-c1"]


@pytest.mark.parametrize("start", ["c1", "c2", "c3"])
def test_a_merge_is_taken_back_as_a_whole_from_any_of_its_candidates(
    desk: ReviewDesk, start: str
) -> None:
    before = [
        desk.candidate("c1", members={"overflowing_bin": 2}),
        desk.candidate("c2", members={"overflowing_bin": 3}, frames=["f-c2", "f-shared"]),
        desk.candidate("c3", at=None, frames=["f-shared"], seen_at=EARLIER),
    ]
    merge(desk, *before)
    assert desk.frames("c1") == ["f-c1", "f-c2", "f-shared"]
    take_back(desk, start)
    for one in before:
        now = desk.row(one.id)
        assert now.version == 3
        assert {**_facts(now), "version": one.version} == _facts(one)
    assert desk.frames("c1") == ["f-c1"]
    assert desk.frames("c2") == ["f-c2", "f-shared"]
    assert desk.kinds("c3") == ["merged", "undone"]


def _facts(view: CandidateView) -> dict[str, object]:
    return {name: getattr(view, name) for name in view.__slots__}


def test_a_merge_under_a_later_decision_is_taken_back_after_it(desk: ReviewDesk) -> None:
    into = merge(desk, desk.candidate("c1"), desk.candidate("c2"))
    decline(desk, into)
    with refusal("undo_first") as refused:
        take_back(desk, "c2")
    assert "Z1123-001" in refused.value.message_zh
    assert "Z1123-001" in refused.value.message_en
    assert take_back(desk, "c1").state == "pending"
    assert desk.row("c2").state == "merged"
    assert take_back(desk, "c2").state == "pending"


def test_merge_undo_merge_the_other_way_round(desk: ReviewDesk) -> None:
    merge(desk, desk.candidate("c1"), desk.candidate("c2"))
    take_back(desk, "c1")
    merge(desk, desk.row("c2"), desk.row("c1"))
    assert (desk.row("c1").merged_into, desk.row("c2").merged_into) == ("c2", None)
    take_back(desk, "c1")
    assert {desk.row("c1").state, desk.row("c2").state} == {"pending"}
    with refusal("nothing_to_undo"):
        take_back(desk, "c1")


def test_a_chain_of_merges_is_taken_back_link_by_link(desk: ReviewDesk) -> None:
    middle = merge(desk, desk.candidate("c2"), desk.candidate("c3"))
    merge(desk, desk.candidate("c1"), middle)
    assert desk.frames("c1") == ["f-c1", "f-c2", "f-c3"]
    with refusal("undo_first"):
        take_back(desk, "c3")
    take_back(desk, "c2")
    assert desk.frames("c1") == ["f-c1"]
    assert desk.row("c3").state == "merged"
    take_back(desk, "c3")
    assert [desk.row(name).state for name in ("c1", "c2", "c3")] == ["pending"] * 3


def whole(desk: ReviewDesk) -> CandidateView:
    return desk.candidate(
        "c1", members={"overflowing_bin": 3, "garbage_pile": 1}, frames=["f1", "f2", "f3"]
    )


BINS = Part({"overflowing_bin": 3}, ("f2", "f1"))
HEAP = Part({"garbage_pile": 1}, ("f3", "f1"), "household_waste_uncollected")


def test_the_parts_of_a_split_add_up_and_stand_where_the_whole_stood(desk: ReviewDesk) -> None:
    seen = whole(desk)
    bins, heap = split(desk, seen, BINS, HEAP)
    counted: Counter[str] = Counter()
    for part in (bins, heap):
        counted.update(part.members)
        assert (part.state, part.version, part.split_from) == ("pending", 1, "c1")
        assert (part.position, part.place_zh) == (seen.position, seen.place_zh)
        assert part.queued_at == seen.queued_at
        assert desk.kinds(part.id) == ["split_off"]
    assert counted == Counter(seen.members)
    assert (bins.visual_class, bins.category) == ("overflowing_bin", "bin_overflow")
    assert (bins.precision, bins.proven) == (seen.precision, True)
    assert (heap.visual_class, heap.category) == ("garbage_pile", "household_waste_uncollected")
    assert (heap.precision, heap.proven) == (None, False)
    assert desk.frames(bins.id) == ["f2", "f1"]
    assert desk.frames(heap.id) == ["f3", "f1"]
    assert len({seen.number, bins.number, heap.number}) == 3
    assert desk.row("c1").state == "split"


WRONG_PARTS = {
    "one part": ([BINS], "too_few_parts"),
    "one lost": ([Part({"overflowing_bin": 2}, ("f1", "f2")), HEAP], "parts_differ"),
    "one made up": ([Part({"overflowing_bin": 4}, ("f1", "f2")), HEAP], "parts_differ"),
    "less than none": (
        [
            Part({"overflowing_bin": 4}, ("f1", "f2")),
            Part({"overflowing_bin": -1, "garbage_pile": 1}, ("f3",)),
        ],
        "parts_differ",
    ),
    "an empty part": ([BINS, HEAP, Part({}, ("f1",))], "parts_differ"),
    "a picture lost": (
        [Part({"overflowing_bin": 3}, ("f1",)), Part({"garbage_pile": 1}, ("f3",))],
        "pictures_differ",
    ),
    "a part without a picture": (
        [Part({"overflowing_bin": 3}, ("f1", "f2", "f3")), Part({"garbage_pile": 1}, ())],
        "pictures_differ",
    ),
    "a strange picture": ([BINS, Part({"garbage_pile": 1}, ("f3", "f4"))], "pictures_differ"),
    "a strange category": (
        [BINS, Part({"garbage_pile": 1}, ("f3",), "nothing")],
        "unknown_category",
    ),
}


def test_a_split_that_loses_or_makes_up_something_is_refused(desk: ReviewDesk) -> None:
    seen = whole(desk)
    refused: dict[str, str] = {}
    for name, (parts, _) in WRONG_PARTS.items():
        with pytest.raises(Refusal) as refusing:
            split(desk, seen, *parts)
        refused[name] = refusing.value.code
    assert refused == {name: code for name, (_, code) in WRONG_PARTS.items()}
    assert desk.row("c1") == seen


def test_a_split_is_taken_back_while_its_parts_are_untouched(desk: ReviewDesk) -> None:
    seen = whole(desk)
    bins, heap = split(desk, seen, BINS, HEAP)
    back = take_back(desk, "c1")
    assert (back.state, back.members) == ("pending", seen.members)
    assert desk.frames("c1") == ["f1", "f2", "f3"]
    for part in (bins, heap):
        assert (desk.row(part.id).state, desk.row(part.id).merged_into) == ("merged", "c1")
        with refusal("nothing_to_undo"):
            take_back(desk, part.id)
    assert len(split(desk, back, BINS, HEAP)) == 2


def test_a_split_whose_parts_were_dealt_with_is_not_taken_back(desk: ReviewDesk) -> None:
    bins, heap = split(desk, whole(desk), BINS, HEAP)
    decline(desk, heap)
    with refusal("undo_first") as refused:
        take_back(desk, "c1")
    assert heap.number in refused.value.message_zh
    assert (desk.row("c1").state, desk.row(bins.id).state) == ("split", "pending")


def test_only_the_desk_merges_and_splits(desk: ReviewDesk) -> None:
    seen, other = whole(desk), desk.candidate("c2")
    with refusal("role"), desk.uow() as session:
        joining.split(
            session,
            "c1",
            [BINS, HEAP],
            version=seen.version,
            by=desk.by(INSPECTOR),
            registry=desk.registry,
        )
    with refusal("role"), desk.uow() as session:
        joining.merge(
            session,
            "c1",
            ["c2"],
            versions={"c1": seen.version, "c2": other.version},
            same_objects=True,
            by=desk.by(INSPECTOR),
        )
