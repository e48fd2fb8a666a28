"""From what is stored of a patrol to its candidates: photos and footage together."""

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from zoubian.pipeline.candidates.covered import replace_coverage
from zoubian.pipeline.candidates.exhibits import (
    PlannedExhibit,
    excerpts_for,
    plan_exhibits,
    replace_exhibits,
)
from zoubian.pipeline.candidates.footage import (
    FootageDraft,
    FootageMeans,
    SeenFootage,
    covered,
    draft_spots,
    load_footage,
)
from zoubian.pipeline.candidates.knowledge import class_rules
from zoubian.pipeline.candidates.rescan import (
    PlannedCandidate,
    handled_by_people,
    replace_candidates,
)
from zoubian.pipeline.candidates.service import Means, plan_candidates
from zoubian.pipeline.clock import Clock
from zoubian.pipeline.db.engine import UnitOfWork
from zoubian.pipeline.files import FileStore
from zoubian.pipeline.jobs.footage_scan import FootageScan, OnStage
from zoubian.pipeline.sightings.excerpts import ExcerptPlan
from zoubian.pipeline.sightings.ways import Ways


class Proposer:
    """Forms the candidates of one patrol; run again, nothing changes."""

    def __init__(
        self, uow: UnitOfWork, files: FileStore, patrol_id: str, means: Means, clock: Clock
    ) -> None:
        self._uow = uow
        self._files = files
        self._patrol_id = patrol_id
        self._means = means
        self._clock = clock

    def propose(
        self, ways: Ways, footage_means: FootageMeans, scan: FootageScan, on_stage: OnStage
    ) -> None:
        """Form spots, cut what shows them out of the footage, draw the evidence, write it all.

        Cutting and drawing take long: they happen outside the transaction that writes.
        """
        with self._uow.reading() as session:
            handled = handled_by_people(session, self._patrol_id)
            footage = load_footage(session, self._patrol_id, ways, handled)
        rules = class_rules(self._means.manifest, self._means.tables)
        drafts = draft_spots(footage, rules, footage_means)
        excerpts = [excerpts_for(draft, footage, look=scan.cut_look) for draft in drafts]
        scan.cut([plan for plans in excerpts for plan in plans], on_stage)
        with self._uow.reading() as session:
            planned = plan_candidates(
                session,
                self._files,
                patrol_id=self._patrol_id,
                means=self._means,
                footage=drafts,
            )
            exhibits = self._exhibits(session, planned, drafts, footage, excerpts)
        with self._uow() as session:
            replace_candidates(session, planned, patrol_id=self._patrol_id, at=self._clock())
            replace_exhibits(session, exhibits)
            seen = covered(footage, footage_means)
            replace_coverage(session, self._patrol_id, seen, footage)

    def _exhibits(
        self,
        session: Session,
        planned: Sequence[PlannedCandidate],
        drafts: Sequence[FootageDraft],
        footage: SeenFootage,
        excerpts: Sequence[Sequence[ExcerptPlan]],
    ) -> Mapping[str, list[PlannedExhibit]]:
        """By candidate id; the plans of footage come last, in the order of its drafts."""
        of_footage = planned[len(planned) - len(drafts) :]
        roads = self._means.places.roads
        return {
            plan.id: plan_exhibits(session, self._files, draft, footage, cuts, roads)
            for plan, draft, cuts in zip(of_footage, drafts, excerpts, strict=True)
        }
