"""What people wrote: kept beside the chain, which holds only a hash that nobody can guess.

A text may name a person; events never do. The hash is taken with a random salt that lies with the
text, so that a text which has to be erased leaves nothing in the chain to try short texts against.
"""

import hashlib
import secrets
from collections.abc import Iterable

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from zoubian.pipeline.ledger.cases_models import LedgerText

_SALT_BYTES = 16
_AT_ONCE = 500  # bound values of one statement


def keep(session: Session, body: str) -> str:
    """Store a text; its reference goes into an event in the same transaction."""
    salt = secrets.token_hex(_SALT_BYTES)
    reference = reference_of(salt, body)
    session.execute(insert(LedgerText).values(reference=reference, salt=salt, body=body))
    return reference


def read(session: Session, references: Iterable[str]) -> dict[str, str]:
    """The texts by their references; those that are not there are left out."""
    wanted = list(dict.fromkeys(references))
    found: dict[str, str] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        rows = session.execute(
            select(LedgerText.reference, LedgerText.body).where(
                LedgerText.reference.in_(wanted[start : start + _AT_ONCE])
            )
        )
        found.update({reference: body for reference, body in rows})
    return found


def reference_of(salt: str, body: str) -> str:
    """SHA-256 of salt and text in hexadecimal."""
    return hashlib.sha256(f"{salt}\n{body}".encode(errors="surrogateescape")).hexdigest()
