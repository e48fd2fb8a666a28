"""What strangers send does no harm: refused by content, given out as what it is, survived."""

import functools
import socketserver
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hostile_media import BOMBS, HOSTILE, PLAYLISTS, Hostile

from zoubian.pipeline.domain.refusals import Refusal
from zoubian.pipeline.intake.contents import media_type_of, refuse_foreign
from zoubian.pipeline.intake.filetypes import HEAD_BYTES
from zoubian.pipeline.intake.messages import Message
from zoubian.pipeline.intake.video_facts import read_facts
from zoubian.pipeline.jobs.children import ChildLimits, SupervisedChild

MOST_MEMORY = 1536 << 20
MOST_SECONDS = 90.0  # on a busy machine; each takes a few


@functools.cache
def content_of(one: Hostile) -> bytes:
    return one.make()


@pytest.mark.parametrize("one", HOSTILE, ids=lambda one: one.name)
def test_content_decides_what_is_taken_and_as_what_it_is_given_out(one: Hostile) -> None:
    head = content_of(one)[:HEAD_BYTES]
    if one.refused is None:
        refuse_foreign(head)
        assert media_type_of(head) == one.given_as
        return
    with pytest.raises(Refusal) as caught:
        refuse_foreign(head)
    assert caught.value.code == one.refused
    assert media_type_of(head) == "application/octet-stream"


@pytest.fixture(scope="module")
def child(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SupervisedChild]:
    log = tmp_path_factory.mktemp("child") / "log"
    limits = ChildLimits(memory_bytes=MOST_MEMORY, niceness=0, start_s=60.0, log=log)
    one = SupervisedChild("opening:opener", None, limits=limits)
    yield one
    one.close()


@pytest.mark.parametrize("one", [h for h in HOSTILE if h in BOMBS or h.told], ids=lambda h: h.name)
def test_bombs_are_survived_within_the_limits_of_a_child(
    one: Hostile, child: SupervisedChild, tmp_path: Path
) -> None:
    path = tmp_path / one.name
    path.write_bytes(content_of(one))
    assert path.stat().st_size < 5_000_000, "small outside, large inside"
    [told] = child.stream(str(path), silence_s=MOST_SECONDS)
    assert told == one.told


@pytest.fixture
def trap() -> Iterator[tuple[str, list[bytes]]]:
    """An address where a visit is noticed."""
    visits: list[bytes] = []

    class Visit(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            visits.append(self.request.recv(100))

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Visit) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}", visits
        server.shutdown()


@pytest.mark.parametrize("suffix", ["mp4", "m3u8"])
@pytest.mark.parametrize("one", PLAYLISTS, ids=lambda one: one.name)
def test_no_list_of_addresses_is_followed(
    one: Hostile, suffix: str, trap: tuple[str, list[bytes]], tmp_path: Path
) -> None:
    address, visits = trap
    path = tmp_path / f"clip.{suffix}"
    path.write_bytes(content_of(one).replace(b"{address}", address.encode()))
    answer = read_facts(path, max_megapixels=40)
    assert isinstance(answer, Message)
    assert answer.code in ("playlist_refused", "not_a_video")
    assert visits == []
