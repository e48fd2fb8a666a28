"""The chain: where it ends, and whether it is whole."""

from itertools import islice
from typing import Annotated

from fastapi import APIRouter

from zoubian.api.http.context import Here
from zoubian.api.http.permissions import Permission, requires
from zoubian.api.http.session import SignedIn
from zoubian.api.http.wire.registers import (
    FaultDocument,
    HeadDocument,
    LedgerCheckAsk,
    LedgerCheckDocument,
)
from zoubian.pipeline.ledger.cases_check import compare_cases
from zoubian.pipeline.ledger.check import check
from zoubian.pipeline.ledger.events import Head, head
from zoubian.pipeline.ledger.heads import read_heads, write_head
from zoubian.pipeline.ledger.rows import stored_head
from zoubian.pipeline.review.check import compare_candidates

router = APIRouter(tags=["ledger"])

Reader = Annotated[SignedIn, requires(Permission.SEE_LEDGER)]

_NAMED = 1000  # faults named one by one; the others are counted


@router.get("/ledger/head")
def read_head(here: Here, _: Reader) -> HeadDocument:
    """Where the chain ends; kept elsewhere, it shows later whether anything was cut."""
    with here.workspace.uow.reading() as session:
        return _head(head(session))


@router.post("/ledger/check")
def check_ledger(asked: LedgerCheckAsk, here: Here, _: Reader) -> LedgerCheckDocument:
    """Walk the whole chain and name every fault; takes long for a long one."""
    noted = [found for given in asked.against for found in read_heads(given)]
    with here.workspace.uow.reading() as session:
        faults = check(session, noted=noted, comparisons=(compare_cases, compare_candidates))
        named = list(islice(faults, _NAMED))
        count = len(named) + sum(1 for _ in faults)
        end = stored_head(session)
    return LedgerCheckDocument(
        head=None if end is None else _head(end),
        compared_heads=len(noted),
        faults_found=count,
        faults=[FaultDocument.model_validate(one) for one in named],
    )


def _head(found: Head) -> HeadDocument:
    return HeadDocument(number=found.number, hash=found.hash, head=write_head(found))
