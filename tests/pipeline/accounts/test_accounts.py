"""Accounts in real databases: codes, lock-out, sessions that follow the organisation, links."""

import doctest
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine, inspect, text

from zoubian.datasets.classes.models import Period
from zoubian.pipeline.accounts import lockout, tokens
from zoubian.pipeline.accounts.links import make_link, note_use, open_link, revoke, uses_of
from zoubian.pipeline.accounts.lockout import LockedError, LockRules
from zoubian.pipeline.accounts.passwords import Passwords, check_password
from zoubian.pipeline.accounts.service import (
    add_account,
    check_credentials,
    issue_code,
    redeem_code,
)
from zoubian.pipeline.accounts.sessions import actors_of, identify, open_session
from zoubian.pipeline.accounts.tokens import TokenKind, kind_of
from zoubian.pipeline.db.engine import UnitOfWork
from zoubian.pipeline.domain.actors import Actor, Role
from zoubian.pipeline.domain.refusals import Refusal
from zoubian.pipeline.organisation.directory import Organisation
from zoubian.pipeline.organisation.places import PlaceIndex
from zoubian.pipeline.organisation.records import Post
from zoubian.pipeline.organisation.territory import Territory

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
PASSWORDS = Passwords(time_cost=1, memory_kib=8, parallelism=1)
RULES = LockRules(3, first_wait=timedelta(seconds=10), longest_wait=timedelta(minutes=1))
DAY = timedelta(days=1)
RIGHT = "Correct-Horse-7"


def organisation(*posts: Post) -> Organisation:
    nothing = Territory(units={}, streets={}, permits={}, assists=(), shapes={})
    return Organisation(1, {}, {}, {}, (), posts, {}, {}, nothing, PlaceIndex((), ()))


def post(role: Role, *, unit: str | None = None, until: date | None = None) -> Post:
    return Post("u1", "张三", role, unit, None, Period(None, until))


@pytest.fixture
def uow(engine: Engine) -> UnitOfWork:
    """A database with one account, whose password is set."""
    uow = UnitOfWork(engine)
    with uow() as session:
        add_account(session, "u1", admin=False, at=NOW)
        code = issue_code(session, "u1", at=NOW, valid=DAY)
    redeem_code(uow, "u1", code, RIGHT, passwords=PASSWORDS, rules=RULES, at=NOW)
    return uow


def attempt(uow: UnitOfWork, password: str, at: datetime = NOW) -> str:
    try:
        check_credentials(uow, "u1", password, passwords=PASSWORDS, rules=RULES, at=at)
    except Refusal as refusal:
        return refusal.code
    return "in"


def test_many_guesses_at_once_are_no_way_around_the_limit(uow: UnitOfWork) -> None:
    with ThreadPoolExecutor(12) as pool:
        told = list(pool.map(lambda n: attempt(uow, f"guess-{n}"), range(12)))
    assert sorted(told) == ["locked"] * 9 + ["wrong_password"] * 3
    assert attempt(uow, RIGHT) == "locked"
    assert attempt(uow, RIGHT, NOW + timedelta(seconds=11)) == "in"


def test_the_wait_doubles_up_to_the_longest(uow: UnitOfWork) -> None:
    at, waits = NOW, []
    for _ in range(8):
        try:
            check_credentials(uow, "u1", "wrong", passwords=PASSWORDS, rules=RULES, at=at)
        except LockedError as locked:
            waits.append(locked.retry_after_s)
            at += timedelta(seconds=locked.retry_after_s)
        except Refusal:
            pass
    assert waits == [10, 20, 40]
    assert RULES.wait_after(50) == timedelta(minutes=1)


def test_no_secret_stands_in_the_database(uow: UnitOfWork, engine: Engine) -> None:
    actor = Actor("u1", Role.OFFICER, unit_id="street-1")
    with uow() as session:
        secrets = [
            open_session(
                session,
                "u1",
                kind=TokenKind.PAGE,
                name=None,
                actors=[actor],
                at=NOW,
                valid=DAY,
            ),
            make_link(session, "case", maker=actor, unit_id="street-1", at=NOW, valid=DAY)[1],
        ]
    tables = ("account", "sign_in", "task_link", "sign_in_tries")
    with uow() as session:
        secrets += [issue_code(session, "u1", at=NOW, valid=DAY), RIGHT]
    assert set(tables) <= set(inspect(engine).get_table_names())
    with engine.connect() as connection:
        stored = str([connection.execute(text(f"SELECT * FROM {name}")).all() for name in tables])
    for secret in secrets:
        assert secret not in stored and secret.partition("_")[2] not in stored.split("'")


def test_a_session_follows_what_the_organisation_says(uow: UnitOfWork) -> None:
    two = organisation(post(Role.OFFICER, unit="a"), post(Role.VERIFIER, unit="b"))
    with uow() as session:
        page, device = (
            open_session(
                session,
                "u1",
                kind=kind,
                name=None,
                actors=actors_of(session, two, "u1", at=NOW)[1:],
                at=NOW,
                valid=DAY,
            )
            for kind in (TokenKind.PAGE, TokenKind.DEVICE)
        )
    moved = organisation(post(Role.OFFICER, unit="c"))
    left = organisation(post(Role.OFFICER, unit="a", until=date(2026, 1, 1)))
    with uow.reading() as session:

        def who(token: str, known: Organisation) -> Actor | None:
            found = identify(session, token, known, idle=DAY, at=NOW)
            return found and found.actor

        assert who(page, two) == who(device, two) == Actor("u1", Role.VERIFIER, unit_id="b")
        assert who(page, moved) == Actor("u1", Role.OFFICER, unit_id="c")
        assert who(device, moved) is None  # a device is for one post
        assert who(page, left) is who(device, left) is None


def test_a_code_works_once_and_for_its_user_only(uow: UnitOfWork) -> None:
    with uow() as session:
        add_account(session, "u2", admin=False, at=NOW)
        code = issue_code(session, "u2", at=NOW, valid=DAY)
    for user_id in ("u1", "nobody"):
        with pytest.raises(Refusal, match="one-time code"):
            redeem_code(uow, user_id, code, RIGHT, passwords=PASSWORDS, rules=RULES, at=NOW)
    redeem_code(uow, "u2", code, RIGHT, passwords=PASSWORDS, rules=RULES, at=NOW)
    with pytest.raises(Refusal, match="one-time code"):
        redeem_code(uow, "u2", code, RIGHT, passwords=PASSWORDS, rules=RULES, at=NOW)


def test_a_link_holds_until_its_time_or_until_it_is_taken_back(uow: UnitOfWork) -> None:
    officer = Actor("o", Role.OFFICER, unit_id="street-1")
    with uow() as session:
        link, token = make_link(
            session, "case-1", maker=officer, unit_id="street-1", at=NOW, valid=DAY
        )
        other, _ = make_link(
            session, "case-2", maker=officer, unit_id="street-1", at=NOW, valid=DAY
        )
        note_use(session, link.id, " 王师傅 ", at=NOW)
        revoke(session, link.id, case_id="case-2", at=NOW)  # of another case: nothing happens
    with uow() as session:
        assert open_link(session, token, at=NOW) == link
        assert open_link(session, token, at=NOW + DAY) is None
        assert [use.name for use in uses_of(session, "case-1")] == ["王师傅"]
        assert uses_of(session, "case-2") == ()
        revoke(session, link.id, case_id="case-1", at=NOW)
        assert open_link(session, token, at=NOW) is None
    assert link.actor == Actor(f"link:{link.id}", Role.OFFICER, unit_id="street-1")
    assert other.actor.user_id != link.actor.user_id


@pytest.mark.parametrize(
    ("password", "fine"),
    [
        ("Correct-Horse-7", True),
        ("长春市容巡查专项整治", True),
        ("short-1", False),
        ("abababababab", False),
        ("x" * 201, False),
        ("my-Zhang3-password", False),
    ],
)
def test_easy_passwords_are_refused(password: str, fine: bool) -> None:
    if fine:
        check_password(password, "zhang3")
    else:
        with pytest.raises(Refusal, match="10 characters"):
            check_password(password, "zhang3")


def test_a_password_is_kept_as_argon2id_and_only_matches_itself() -> None:
    stored = PASSWORDS.hash(RIGHT)
    assert stored.startswith("$argon2id$")
    assert PASSWORDS.matches(stored, RIGHT)
    assert not PASSWORDS.matches(stored, RIGHT + "x")
    assert not PASSWORDS.matches(None, "nobody")
    assert not PASSWORDS.matches("not a hash", RIGHT)


@pytest.mark.parametrize(("token", "kind"), [("zbs_x", TokenKind.PAGE), ("x_y", None), ("", None)])
def test_a_token_says_what_it_opens(token: str, kind: TokenKind | None) -> None:
    assert kind_of(token) is kind


@pytest.mark.parametrize("module", [tokens, lockout])
def test_examples(module: object) -> None:
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]
