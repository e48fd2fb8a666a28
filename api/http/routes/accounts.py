"""Accounts, by administrators; and the log of originals."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Path, Query

from zoubian.api.http.context import Here, Service
from zoubian.api.http.paging import LONGEST_PAGE, PAGE, read_cursor, row_name, write_cursor
from zoubian.api.http.permissions import Permission, requires
from zoubian.api.http.session import SignedIn
from zoubian.api.http.wire.accounts import (
    AccessDocument,
    AccountAsk,
    AccountDocument,
    ActorDocument,
    CodeDocument,
    DisableAsk,
)
from zoubian.api.http.wire.base import Done, Id, Listed, Sha256
from zoubian.pipeline.accounts import service
from zoubian.pipeline.accounts.access import accesses
from zoubian.pipeline.accounts.sessions import actors_of

router = APIRouter(tags=["accounts"])

Admin = Annotated[SignedIn, requires(Permission.ACCOUNTS)]
Auditor = Annotated[SignedIn, requires(Permission.SEE_ACCESS_LOG)]
UserId = Annotated[Id, Path()]


@router.get("/accounts")
def list_accounts(here: Here, _: Admin) -> Listed[AccountDocument]:
    """All accounts."""
    now = here.workspace.clock()
    with here.workspace.uow.reading() as session:
        organisation = here.workspace.organisation.current(session)
        items = [
            AccountDocument(
                user_id=one.user_id,
                name=organisation.name_of(one.user_id),
                roles=[
                    ActorDocument.model_validate(actor)
                    for actor in actors_of(session, organisation, one.user_id, at=now)
                ],
                has_password=one.has_password,
                code_until=one.code_until,
                admin=one.admin,
                disabled=one.disabled,
                created_at=one.created_at,
            )
            for one in service.accounts(session)
        ]
    return Listed[AccountDocument](items=items)


@router.post("/accounts")
def add_account(asked: AccountAsk, here: Here, _: Admin) -> CodeDocument:
    """Let a user in; the one-time code is passed on by the administrator."""
    with here.workspace.uow() as session:
        service.add_account(session, asked.user_id, admin=asked.admin, at=here.workspace.clock())
    return _code(here, asked.user_id)


@router.post("/accounts/{user_id}/code")
def reset_account(user_id: UserId, here: Here, _: Admin) -> CodeDocument:
    """Reset a password: signs the user out and gives out a one-time code."""
    return _code(here, user_id)


@router.post("/accounts/{user_id}/disabled")
def disable_account(user_id: UserId, asked: DisableAsk, here: Here, _: Admin) -> Done:
    """Lock an account out, or let it in again."""
    with here.workspace.uow() as session:
        service.disable(session, user_id, disabled=asked.disabled, at=here.workspace.clock())
    return Done()


@router.get("/access-log")
def list_accesses(
    here: Here,
    _: Auditor,
    sha256: Annotated[Sha256 | None, Query()] = None,
    after: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=LONGEST_PAGE)] = PAGE,
) -> Listed[AccessDocument]:
    """Who was given which original, the latest first."""
    last = read_cursor(after, row_name)
    with here.workspace.uow.reading() as session:
        organisation = here.workspace.organisation.current(session)
        found = accesses(session, limit=limit + 1, sha256=sha256, after=last)
    items = [
        AccessDocument(
            id=one.id,
            user_id=one.user_id,
            name=organisation.name_of(one.user_id),
            sha256=one.sha256,
            subject=one.subject,
            at=one.at,
        )
        for one in found[:limit]
    ]
    more = write_cursor(items[-1].id) if len(found) > limit else None
    return Listed[AccessDocument](items=items, next=more)


def _code(here: Service, user_id: str) -> CodeDocument:
    workspace = here.workspace
    valid = timedelta(hours=workspace.settings.code_hours)
    now = workspace.clock()
    with workspace.uow() as session:
        code = service.issue_code(session, user_id, at=now, valid=valid)
    return CodeDocument(user_id=user_id, code=code, until=now + valid)
