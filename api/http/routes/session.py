"""Signing in and out, as what one acts, and devices."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Path, Response
from sqlalchemy.orm import Session

from zoubian.api.http.context import Here, Service
from zoubian.api.http.permissions import PUBLIC, Permission, may, requires
from zoubian.api.http.session import SignedIn, drop_cookie, keep_cookie
from zoubian.api.http.wire.accounts import (
    ActorDocument,
    DeviceAsk,
    DeviceDocument,
    DeviceToken,
    LanguageAsk,
    PasswordAsk,
    ResetAsk,
    RoleAsk,
    SessionDocument,
    SignInAsk,
)
from zoubian.api.http.wire.base import Done, Id, Listed
from zoubian.pipeline.accounts import service, sessions
from zoubian.pipeline.accounts.lockout import LockRules
from zoubian.pipeline.accounts.tokens import TokenKind
from zoubian.pipeline.domain.actors import Actor
from zoubian.pipeline.domain.refusals import Refusal

router = APIRouter(tags=["session"])

Me = Annotated[SignedIn, requires(Permission.SIGNED_IN)]


@router.post("/session", dependencies=[PUBLIC])
def sign_in(asked: SignInAsk, here: Here, response: Response) -> SessionDocument:
    """Sign a page in; it gets a cookie, and the token that has to go with changes."""
    workspace = here.workspace
    service.check_credentials(
        workspace.uow,
        asked.user_id,
        asked.password,
        passwords=here.passwords,
        rules=_lock_rules(here),
        at=workspace.clock(),
    )
    return _open(here, asked.user_id, response)


@router.get("/session")
def read_session(here: Here, me: Me) -> SessionDocument:
    """Tell who is signed in, and as what."""
    with here.workspace.uow.reading() as session:
        return _document(here, session, me)


@router.delete("/session")
def sign_out(here: Here, me: Me, response: Response) -> Done:
    """Sign this page out."""
    if me.session_id is not None:
        with here.workspace.uow() as session:
            sessions.end(session, me.session_id, user_id=me.user_id, at=here.workspace.clock())
    drop_cookie(response)
    return Done()


@router.post("/session/role")
def act_as(asked: RoleAsk, here: Here, me: Me) -> SessionDocument:
    """Act as another of the roles that the organisation gives the user."""
    wanted = Actor(me.user_id, asked.role, asked.unit_id, asked.group_id)
    if wanted not in me.actors or me.session_id is None:
        raise Refusal("not_your_role", zh="您没有这个岗位", en="you do not have this role")
    with here.workspace.uow() as session:
        sessions.act_as(session, me.session_id, wanted)
        acting = SignedIn(wanted, me.actors, me.language, me.via, me.session_id, me.link, me.token)
        return _document(here, session, acting)


@router.post("/session/password")
def change_password(asked: PasswordAsk, here: Here, me: Me, response: Response) -> SessionDocument:
    """Set another password; the user is signed out everywhere else."""
    workspace = here.workspace
    now = workspace.clock()
    service.check_credentials(
        workspace.uow,
        me.user_id,
        asked.old_password,
        passwords=here.passwords,
        rules=_lock_rules(here),
        at=now,
    )
    with workspace.uow() as session:
        service.change_password(
            session, me.user_id, asked.password, passwords=here.passwords, at=now
        )
    return _open(here, me.user_id, response)


@router.post("/session/reset", dependencies=[PUBLIC])
def set_password(asked: ResetAsk, here: Here, response: Response) -> SessionDocument:
    """Set a password with a one-time code of the administrator, and sign in."""
    workspace = here.workspace
    service.redeem_code(
        workspace.uow,
        asked.user_id,
        asked.code,
        asked.password,
        passwords=here.passwords,
        rules=_lock_rules(here),
        at=workspace.clock(),
    )
    return _open(here, asked.user_id, response)


@router.put("/session/language")
def choose_language(asked: LanguageAsk, here: Here, me: Me) -> Done:
    """Choose the language that errors are told in where the browser asks for none."""
    with here.workspace.uow() as session:
        service.choose_language(session, me.user_id, asked.language)
    return Done()


@router.get("/devices")
def list_devices(here: Here, me: Me) -> Listed[DeviceDocument]:
    """The user's devices."""
    with here.workspace.uow.reading() as session:
        found = sessions.devices(session, me.user_id, at=here.workspace.clock())
    return Listed[DeviceDocument](items=[DeviceDocument.model_validate(one) for one in found])


@router.post("/devices")
def add_device(asked: DeviceAsk, here: Here, me: Me) -> DeviceToken:
    """Give a device a token; it acts as what the user acts as now."""
    workspace = here.workspace
    valid = timedelta(days=workspace.settings.device_days)
    with workspace.uow() as session:
        token = sessions.open_session(
            session,
            me.user_id,
            kind=TokenKind.DEVICE,
            name=asked.name,
            actors=[me.actor],
            at=workspace.clock(),
            valid=valid,
        )
    return DeviceToken(token=token)


@router.delete("/devices/{device_id}")
def remove_device(device_id: Annotated[Id, Path()], here: Here, me: Me) -> Done:
    """Take a device's token back."""
    with here.workspace.uow() as session:
        sessions.end(session, device_id, user_id=me.user_id, at=here.workspace.clock())
    return Done()


def _open(here: Service, user_id: str, response: Response) -> SessionDocument:
    workspace = here.workspace
    now = workspace.clock()
    valid = timedelta(days=workspace.settings.session_days)
    with workspace.uow() as session:
        organisation = workspace.organisation.current(session)
        actors = sessions.actors_of(session, organisation, user_id, at=now)
        token = sessions.open_session(
            session,
            user_id,
            kind=TokenKind.PAGE,
            name=None,
            actors=actors,
            at=now,
            valid=valid,
        )
        user = sessions.identify(session, token, organisation, idle=valid, at=now)
        assert user is not None
        me = SignedIn(
            user.actor, user.actors, user.language, "cookie", user.session_id, None, token
        )
        document = _document(here, session, me)
    keep_cookie(response, token, valid=valid)
    return document


def _document(here: Service, session: Session, me: SignedIn) -> SessionDocument:
    organisation = here.workspace.organisation.current(session)
    return SessionDocument(
        user_id=me.user_id,
        name=organisation.name_of(me.user_id),
        acting_as=ActorDocument.model_validate(me.actor),
        may_act_as=[ActorDocument.model_validate(actor) for actor in me.actors],
        permissions=[permission.value for permission in Permission if may(me, permission)],
        language=me.language,
        csrf=me.csrf,
    )


def _lock_rules(here: Service) -> LockRules:
    return LockRules(
        here.workspace.settings.sign_in_tries,
        first_wait=timedelta(seconds=30),
        longest_wait=timedelta(hours=1),
    )
