"""Bytes of strangers by what they are: whether they are taken, and as what they are given out.

The one rule for both. A name says nothing: a browser that is told a type, and told not to guess
(`nosniff`), shows a picture with a script behind it as a picture.
"""

from zoubian.pipeline.domain.refusals import Refusal
from zoubian.pipeline.intake.filetypes import is_playlist, sniff

UNKNOWN = "application/octet-stream"


def media_type_of(head: bytes) -> str:
    """The media type under which a file is given out, from its first `filetypes.HEAD_BYTES`.

    Only pictures and videos have one of their own: a browser opens a track, which is XML, as a
    document that may hold a script.

    >>> media_type_of(b"\\xff\\xd8\\xff\\xe0"), media_type_of(b"<html>")
    ('image/jpeg', 'application/octet-stream')
    """
    found = sniff(head)
    if found is None or found.kind not in ("photo", "video"):
        return UNKNOWN
    return found.media_type


def refuse_foreign(head: bytes) -> None:
    """See that a file that is sent is a photo, a video, a track or positions of a video, by its
    first `filetypes.HEAD_BYTES`; archives, pages, programs and lists of addresses are none.

    Raises:
        Refusal: `playlist_refused` or `not_media`.
    """
    if is_playlist(head):
        raise Refusal(
            "playlist_refused",
            zh="这是播放列表，指向其他文件或网址，出于安全不接收；请直接上传视频文件",
            en="this is a playlist that points to other files or addresses: send the video itself",
        )
    if sniff(head) is None:
        raise Refusal(
            "not_media",
            zh="不是照片、视频或轨迹文件；压缩包请先解压，再上传里面的照片",
            en="this is no photo, video or track; unpack an archive and send the photos in it",
        )
