"""Alembic's entry: applies revisions on the connection that db.migrate hands over."""

from alembic import context

import zoubian.pipeline.accounts.models
import zoubian.pipeline.candidates.models
import zoubian.pipeline.deadlines.models
import zoubian.pipeline.intake.models
import zoubian.pipeline.jobs.models
import zoubian.pipeline.ledger.cases_models
import zoubian.pipeline.ledger.models
import zoubian.pipeline.organisation.models
import zoubian.pipeline.sightings.models  # noqa: F401
from zoubian.pipeline.db.base import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,  # SQLite changes a column by copying its table
)
with context.begin_transaction():
    context.run_migrations()
