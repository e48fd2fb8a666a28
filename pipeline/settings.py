"""Everything a person may set, read from the environment in one place."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Settings of a workspace; each may be given as ZOUBIAN_<NAME> in the environment."""

    model_config = SettingsConfigDict(env_prefix="ZOUBIAN_", extra="forbid", frozen=True)

    workspace: Path = Field(
        Path("workspace"), description="Folder of the database and of the stored files"
    )
    database_url: str | None = Field(
        None, description="SQLAlchemy URL; without one, SQLite in the workspace"
    )
    redis_url: str | None = Field(
        None, description="URL of Redis; with it, Celery workers do the heavy jobs"
    )
    places: Path | None = Field(
        None, description="File of roads and places that positions are put into words with"
    )
    ledger_heads: Path | None = Field(
        None,
        description="File, out of the database's reach, that keeps the ledger's heads",
    )

    own_reports_register: bool = Field(
        True,
        description="What a member of a working group reports becomes a case without a reviewer",
    )

    model: str | None = Field(None, description="Name of the model; without one, the default")
    runtime: str = Field(
        "auto", description="openvino, onnxruntime or torch; auto takes the best that is installed"
    )
    threads: int = Field(0, ge=0, description="Threads of one detector; 0 = one per core")
    children: int = Field(1, ge=1, le=64, description="Processes that analyse side by side")
    photo_children: int = Field(
        1, ge=1, le=16, description="Processes that look at single photos as they are sent"
    )
    niceness: int = Field(5, ge=0, le=19, description="How far the children step back, as in nice")

    store_score: float = Field(
        0.05, gt=0, lt=1, description="Detections below this score (0..1) are not stored"
    )
    fine: bool = Field(
        False, description="Look at large photos in tiles too: finds small and far things, slower"
    )
    fine_px: int = Field(
        4096, ge=1600, le=16384, description="Longer side at which `fine` looks at a photo, in px"
    )
    tile_px: int = Field(
        1280, ge=320, le=4096, description="Side of a tile when `fine` is on, in px"
    )
    shown_px: int = Field(
        1600, ge=320, le=8192, description="Longer side of the shown copy of a frame, in px"
    )
    max_megapixels: int = Field(
        150, gt=0, description="Pictures with more million px are refused before decoding"
    )
    max_frame_megapixels: int = Field(
        40, gt=0, description="Videos with frames of more million px are refused (8K has 33)"
    )
    segment_seconds: float = Field(
        120.0, ge=10, description="Footage is looked at in segments of this length, in s"
    )
    decoding_threads: int = Field(
        1, ge=1, le=16, description="Threads of one video decoder; the model needs the other cores"
    )
    clip_px: int = Field(
        960, ge=320, le=1920, description="Longer side of the clips cut out of footage, in px"
    )
    position_error_m: float = Field(
        10.0, gt=0, description="Radius of photo positions that state none, in m"
    )
    track_gap_seconds: float = Field(
        60.0, ge=0, description="A track says nothing in gaps longer than this, in s"
    )
    evidence_frames: int = Field(
        3, ge=1, description="Pictures that are drawn as evidence of one candidate"
    )
    child_memory_mb: int = Field(4096, ge=512, description="Memory that one child may take, in MiB")
    medium_seconds: float = Field(
        120.0, gt=0, description="Time that one medium may take without a result, in s"
    )
    start_seconds: float = Field(
        120.0, gt=0, description="Time that a child may take to load the model, in s"
    )
    lease_seconds: float = Field(
        60.0, gt=1, description="A worker that is silent for this long loses its job, in s"
    )
    chunk: int = Field(16, ge=1, le=1024, description="Media in one job")

    urge_text_chars: int = Field(
        1500, ge=200, description="Characters of one message to a unit; longer lists are split"
    )
    urge_picture_px: int = Field(
        6000, ge=2000, description="Height of one picture to a unit in px; longer lists are split"
    )

    password_memory_mb: int = Field(
        64, ge=1, description="Memory that hashing one password takes, in MiB"
    )
    password_passes: int = Field(3, ge=1, description="Passes over it; more are slower to guess")
    sign_in_tries: int = Field(
        5, ge=1, description="Wrong passwords before the next try has to wait, longer each time"
    )
    session_idle_hours: float = Field(
        12.0, gt=0, description="A page that is not used for this long is signed out, in h"
    )
    session_days: float = Field(7.0, gt=0, description="A page is signed out after this, in days")
    device_days: float = Field(
        180.0, gt=0, description="A device's token is valid for this, in days"
    )
    code_hours: float = Field(
        24.0, gt=0, description="A one-time code to set a password is valid for this, in h"
    )
    link_hours: float = Field(
        72.0, gt=0, description="A link to return one case's photos is valid for this, in h"
    )

    upload_gb: float = Field(32.0, gt=0, description="Size of one uploaded file, in GiB")
    upload_part_mb: int = Field(
        32, ge=1, le=1024, description="Size of one part of an upload, in MiB"
    )
    upload_batch_mb: int = Field(
        512, ge=1, le=8192, description="Size of many small files sent at once, in MiB"
    )
    upload_days: float = Field(
        7.0, gt=0, description="Uploads that nobody goes on with are removed after this, in days"
    )
    free_space_gb: float = Field(
        2.0, ge=0, description="Uploads are refused where they would leave less space, in GiB"
    )

    server_names: str = Field(
        "",
        description="Further names and addresses of the server that its certificate is for, "
        "separated by commas",
    )
    trusted_proxies: str = Field(
        "",
        description="Addresses and networks of proxies whose X-Forwarded-For is believed, "
        "separated by commas",
    )
    address_requests_per_second: float = Field(
        200.0, gt=0, description="Requests of one address, behind which an office may sit; in 1/s"
    )
    account_requests_per_second: float = Field(
        50.0, gt=0, description="Requests of one account, in 1/s"
    )
    sign_ins_per_minute: float = Field(
        30.0, gt=0, description="Tries to sign in from one address, in 1/min"
    )
    stop_seconds: float = Field(
        20.0, gt=0, description="Requests may go on for this long after a signal to stop, in s"
    )
