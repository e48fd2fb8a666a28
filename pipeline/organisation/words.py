"""A place as people say it: the unit it lies in, then street, crossing or landmark."""

from datetime import datetime

from zoubian.pipeline.domain.geo import Position
from zoubian.pipeline.organisation.directory import Organisation
from zoubian.pipeline.organisation.places import PlaceIndex, PlaceWords, coordinates
from zoubian.pipeline.organisation.territory import lies_in

# Where nothing named is near: a landmark this far still tells which part of town it is.
FAR_M = 2000.0


def place_words(
    organisation: Organisation, position: Position, *, places: PlaceIndex, at: datetime
) -> PlaceWords:
    """The place in words, such as "某某街道人民大街与解放大路交会处东侧约50米，第一小学门前".

    Args:
        places: the loaded roads and places; where they name nothing near, the organisation's own
            streets and zones are asked.
    """
    near = _near(position, places, organisation.landmarks)
    units = lies_in(organisation.territory, position, at=at)
    if not units:
        return near
    zh, en = "、".join(u.name_zh for u in units), " / ".join(u.name_en for u in units)
    return PlaceWords(f"{zh}{near.zh}", f"{en}, {near.en}")


def _near(position: Position, places: PlaceIndex, landmarks: PlaceIndex) -> PlaceWords:
    for index in (places, landmarks):
        if index.knows(position):
            return index.words(position)
    far = [index.far_words(position, within_m=FAR_M) for index in (places, landmarks)]
    return next((words for words in far if words is not None), coordinates(position))
