"""The files of cases and candidates: copies to look at, and originals whose reading is noted."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from zoubian.api.http.context import Here
from zoubian.api.http.permissions import Permission, requires
from zoubian.api.http.serving import no_such_file, serve
from zoubian.api.http.session import SignedIn
from zoubian.api.http.sight import see_candidate, see_case
from zoubian.api.http.wire.base import Id, Sha256
from zoubian.pipeline.accounts.access import note_access
from zoubian.pipeline.ledger import cases
from zoubian.pipeline.review.evidence import evidence_of_candidates, evidence_of_case

router = APIRouter(tags=["files"])

CaseSeer = Annotated[SignedIn, requires(Permission.SEE_CASES)]
CandidateSeer = Annotated[SignedIn, requires(Permission.SEE_CANDIDATES)]
OriginalSeer = Annotated[SignedIn, requires(Permission.SEE_ORIGINALS)]
RowId = Annotated[Id, Path()]
FileName = Annotated[Sha256, Path()]


@router.get("/cases/{case_id}/photos/{sha256}", response_class=Response)
def read_case_photo(
    case_id: RowId, sha256: FileName, here: Here, me: CaseSeer, request: Request
) -> Response:
    """A copy that belongs to a case: shown picture, drawn evidence, clip or map."""
    with here.workspace.uow.reading() as session:
        see_case(here, session, me, case_id)
        view = cases.case_view(session, case_id)
        if sha256 not in evidence_of_case(session, case_id, view.candidate_ids).shown():
            raise no_such_file()
    return serve(request, here.workspace.files, sha256, original=False)


@router.get("/cases/{case_id}/originals/{sha256}", response_class=Response)
def read_case_original(
    case_id: RowId, sha256: FileName, here: Here, me: OriginalSeer, request: Request
) -> Response:
    """An original of a case; who reads it is noted."""
    with here.workspace.uow() as session:
        see_case(here, session, me, case_id)
        view = cases.case_view(session, case_id)
        if sha256 not in evidence_of_case(session, case_id, view.candidate_ids).originals():
            raise no_such_file()
        now = here.workspace.clock()
        note_access(session, me.user_id, sha256, f"case:{case_id}", at=now)
    return serve(request, here.workspace.files, sha256, original=True)


@router.get("/candidates/{candidate_id}/photos/{sha256}", response_class=Response)
def read_candidate_photo(
    candidate_id: RowId, sha256: FileName, here: Here, me: CandidateSeer, request: Request
) -> Response:
    """A copy that belongs to a candidate: shown picture, drawn evidence, clip or map."""
    with here.workspace.uow.reading() as session:
        see_candidate(here, session, me, candidate_id)
        if sha256 not in evidence_of_candidates(session, [candidate_id]).shown():
            raise no_such_file()
    return serve(request, here.workspace.files, sha256, original=False)


@router.get("/candidates/{candidate_id}/originals/{sha256}", response_class=Response)
def read_candidate_original(
    candidate_id: RowId, sha256: FileName, here: Here, me: OriginalSeer, request: Request
) -> Response:
    """An original of a candidate; who reads it is noted."""
    with here.workspace.uow() as session:
        see_candidate(here, session, me, candidate_id)
        if sha256 not in evidence_of_candidates(session, [candidate_id]).originals():
            raise no_such_file()
        now = here.workspace.clock()
        note_access(session, me.user_id, sha256, f"candidate:{candidate_id}", at=now)
    return serve(request, here.workspace.files, sha256, original=True)
