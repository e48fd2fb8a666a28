"""How often somebody may ask: buckets that fill at a steady rate and hold a burst."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_network

from zoubian.api.serving.addresses import address_of

_V6_NETWORK = 64  # what one subscriber has: the addresses in it cost nothing


@dataclass(frozen=True, slots=True)
class Rate:
    """So many a second in the long run, and `burst` at once."""

    per_second: float
    burst: float


class Buckets:
    """One bucket for each key.

    Args:
        now: a monotonic clock, in seconds.
        most: keys to remember; beyond, those not heard of for longest begin anew.
    """

    def __init__(self, rate: Rate, *, now: Callable[[], float], most: int) -> None:
        self._rate = rate
        self._now = now
        self._most = most
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()  # level, when
        self._lock = threading.Lock()

    def take(self, key: str) -> float:
        """Take one out; returns 0 when there was one, else after how many seconds there is.

        >>> buckets = Buckets(Rate(0.5, 1), now=lambda: 0.0, most=10)
        >>> buckets.take("a"), buckets.take("a"), buckets.take("b")
        (0.0, 2.0, 0.0)
        """
        rate = self._rate
        with self._lock:
            now = self._now()
            level, since = self._buckets.pop(key, (rate.burst, now))
            level = min(rate.burst, level + (now - since) * rate.per_second)
            wait_s = 0.0 if level >= 1.0 else (1.0 - level) / rate.per_second
            self._buckets[key] = (level if wait_s else level - 1.0, now)
            if len(self._buckets) > self._most:
                self._buckets.popitem(last=False)
        return wait_s


def address_key(address: str) -> str:
    """What counts as one address: of IPv6 a whole network of 64 bits.

    >>> address_key("2001:db8:1:2:3::4")
    '2001:db8:1:2::/64'
    """
    found = address_of(address)
    if not isinstance(found, IPv6Address):
        return address
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ip_network((found, _V6_NETWORK), strict=False))
