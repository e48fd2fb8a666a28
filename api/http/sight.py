"""Which rows a request may see: asked for by every list and before every single row."""

from sqlalchemy.orm import Session

from zoubian.api.http.context import Service
from zoubian.api.http.session import SignedIn
from zoubian.pipeline.accounts.sight import candidate_scope, case_scope
from zoubian.pipeline.domain.local_time import local_day
from zoubian.pipeline.domain.refusals import Refusal
from zoubian.pipeline.domain.scopes import CandidateScope, CaseScope
from zoubian.pipeline.ledger import cases_lists
from zoubian.pipeline.review import queue
from zoubian.pipeline.review.desk import no_such_candidate


def cases_seen(here: Service, session: Session, who: SignedIn) -> CaseScope:
    """The cases that somebody may see."""
    workspace = here.workspace
    organisation = workspace.organisation.current(session)
    return case_scope(who.actor, organisation, local_day(workspace.clock()))


def candidates_seen(here: Service, session: Session, who: SignedIn) -> CandidateScope:
    """The candidates that somebody may see."""
    workspace = here.workspace
    organisation = workspace.organisation.current(session)
    return candidate_scope(who.actor, organisation, local_day(workspace.clock()))


def see_case(here: Service, session: Session, who: SignedIn, case_id: str) -> None:
    """Raise the refusal of a case that is not there where it may not be seen."""
    if not cases_lists.is_visible(session, case_id, cases_seen(here, session, who)):
        raise Refusal("no_such_case", zh="没有这个案件", en="there is no such case")


def see_candidate(here: Service, session: Session, who: SignedIn, candidate_id: str) -> None:
    """Raise the refusal of a candidate that is not there where it may not be seen."""
    if not queue.is_visible(session, candidate_id, candidates_seen(here, session, who)):
        raise no_such_candidate()
