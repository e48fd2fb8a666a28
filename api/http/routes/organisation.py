"""The organisation and the campaign's categories: read by everybody, loaded from files."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from shutil import copyfileobj
from typing import Annotated, Literal

from fastapi import APIRouter, File, Form, Query, Request, UploadFile

from zoubian.api.http.context import Here
from zoubian.api.http.language import language_of
from zoubian.api.http.permissions import Permission, requires
from zoubian.api.http.session import SignedIn
from zoubian.api.http.wire.base import Listed
from zoubian.api.http.wire.registers import (
    CategoryDocument,
    GroupDocument,
    OrganisationDocument,
    OrganisationLoad,
    PersonDocument,
    UnitDocument,
)
from zoubian.pipeline.bootstrap import see_permits
from zoubian.pipeline.domain.local_time import local_day
from zoubian.pipeline.domain.refusals import Refusal
from zoubian.pipeline.intake.uploads import safe_name
from zoubian.pipeline.organisation.document import load_document
from zoubian.pipeline.organisation.service import LIMITS, load_files, plan_load, read_files
from zoubian.pipeline.organisation.stored import read_statements

router = APIRouter(tags=["organisation"])

Reader = Annotated[SignedIn, requires(Permission.SIGNED_IN)]
Namer = Annotated[SignedIn, requires(Permission.SEE_PEOPLE)]
Loader = Annotated[SignedIn, requires(Permission.LOAD)]
Day = Annotated[date | None, Query()]


@router.get("/organisation")
def read_organisation(here: Here, _: Reader, on: Day = None) -> OrganisationDocument:
    """Units and working groups of a day, today if left out."""
    day = on or local_day(here.workspace.clock())
    with here.workspace.uow.reading() as session:
        found = here.workspace.organisation.current(session)
    return OrganisationDocument(
        version=found.version,
        units=[
            UnitDocument(
                id=unit.id,
                name_zh=unit.name_zh,
                name_en=unit.name_en,
                kind=unit.kind,
                district=unit.district,
                phone=unit.phone,
                group_ids=found.groups_of(unit.id, day),
            )
            for unit in found.units_on(day)
        ],
        groups=[
            GroupDocument(
                id=group.id,
                name_zh=group.name_zh,
                name_en=group.name_en,
                lead_unit_id=group.lead_unit_id,
                unit_ids=found.units_of(group.id, day),
            )
            for group in found.groups_on(day)
        ],
    )


@router.get("/organisation/people")
def list_people(here: Here, _: Namer, on: Day = None) -> Listed[PersonDocument]:
    """Who holds which role on a day."""
    day = on or local_day(here.workspace.clock())
    with here.workspace.uow.reading() as session:
        posts = here.workspace.organisation.current(session).people(day)
    posts = tuple(sorted(posts, key=lambda post: (post.user_id, post.role)))
    return Listed[PersonDocument](items=[PersonDocument.model_validate(one) for one in posts])


@router.post("/organisation")
def load_organisation(
    files: Annotated[list[UploadFile], File(max_length=20)],
    here: Here,
    _: Loader,
    request: Request,
    dry_run: Annotated[bool, Form()] = False,
    complete: Annotated[bool, Form()] = False,
    crs: Annotated[Literal["wgs84", "gcj02"], Form()] = "wgs84",
    as_of: Annotated[date | None, Form()] = None,
) -> OrganisationLoad:
    """Load workbooks and shapes that belong together; nothing while any row is wrong."""
    workspace, now = here.workspace, here.workspace.clock()
    day = as_of or local_day(now)
    if day > local_day(now):
        raise Refusal("in_future", zh="生效日期不能晚于今天", en="the day lies in the future")
    with kept_apart(files) as paths:
        read = read_files(paths, crs=crs, categories=here.tables.categories, limits=LIMITS)
    version = None
    with workspace.uow() as session:
        if dry_run:
            report = plan_load(read_statements(session), read, as_of=day, complete=complete)
        else:
            report, version = load_files(session, read, as_of=day, complete=complete, loaded_at=now)
    if version is not None:
        see_permits(workspace)
    document = load_document(
        report, dry_run=dry_run, version=version, language=language_of(request)
    )
    return OrganisationLoad.model_validate(document)


@router.get("/categories")
def list_categories(here: Here, _: Reader) -> Listed[CategoryDocument]:
    """The categories of the campaign, in the order of its plan."""
    items = [CategoryDocument.model_validate(one) for one in here.tables.categories.values()]
    return Listed[CategoryDocument](items=items)


@contextmanager
def kept_apart(files: Sequence[UploadFile]) -> Iterator[list[Path]]:
    """Sent files as files of their names, until the block is left."""
    with tempfile.TemporaryDirectory(prefix="zoubian-load-") as folder:
        paths = []
        for number, file in enumerate(files):
            path = Path(folder) / str(number) / safe_name(file.filename or "")
            path.parent.mkdir()
            with path.open("wb") as out:
                copyfileobj(file.file, out)
            paths.append(path)
        yield paths
