"""The named places of a rendered street as the road and place file that words positions."""

import csv
import io

from zoubian.datasets.city.projection import Anchor
from zoubian.datasets.city.street import Street

HEADER = ("name_zh", "kind", "wkt")
CROSSING_REACH_M = 60.0


def places_csv(street: Street) -> str:
    """CSV with `name_zh,kind,wkt`: roads as LINESTRING, places as POINT, WGS-84 lon lat."""
    plan = street.plan
    anchor = plan.anchor
    rows = [(plan.name_zh, "road", _line(anchor, ((-40.0, 0.0), (plan.length_m + 40.0, 0.0))))]
    for x, name in plan.crossings:
        ends = ((x, -CROSSING_REACH_M), (x, CROSSING_REACH_M))
        rows.append((name, "road", _line(anchor, ends)))
    for place in street.places:
        rows.append((place.name_zh, "place", f"POINT ({_lon_lat(anchor, place.x, place.y)})"))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows(rows)
    return text.getvalue()


def _line(anchor: Anchor, points: tuple[tuple[float, float], ...]) -> str:
    return f"LINESTRING ({', '.join(_lon_lat(anchor, x, y) for x, y in points)})"


def _lon_lat(anchor: Anchor, x: float, y: float) -> str:
    lat, lon = anchor.to_wgs84(x, y)
    return f"{lon:.6f} {lat:.6f}"
