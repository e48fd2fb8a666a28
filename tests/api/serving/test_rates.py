"""Who asks too often has to wait; who does not, never notices."""

import pytest

from zoubian.api.serving.rates import Buckets, Rate, address_key


class Watch:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.s = 100.0

    def __call__(self) -> float:
        return self.s


@pytest.fixture
def watch() -> Watch:
    return Watch()


def test_a_burst_passes_and_then_the_rate(watch: Watch) -> None:
    buckets = Buckets(Rate(2.0, 5), now=watch, most=10)
    assert [buckets.take("a") for _ in range(5)] == [0.0] * 5
    assert buckets.take("a") == pytest.approx(0.5)
    watch.s += 0.5
    assert buckets.take("a") == 0.0
    assert buckets.take("a") > 0.0


def test_refused_requests_cost_nothing(watch: Watch) -> None:
    buckets = Buckets(Rate(1.0, 1), now=watch, most=10)
    buckets.take("a")
    for _ in range(100):
        assert buckets.take("a") == pytest.approx(1.0)
    watch.s += 1.0
    assert buckets.take("a") == 0.0


def test_nobody_saves_up_more_than_a_burst(watch: Watch) -> None:
    buckets = Buckets(Rate(1.0, 3), now=watch, most=10)
    buckets.take("a")
    watch.s += 1e6
    assert [buckets.take("a") == 0.0 for _ in range(4)] == [True, True, True, False]


def test_memory_stays_bounded_and_the_busy_stay_known(watch: Watch) -> None:
    buckets = Buckets(Rate(0.1, 1), now=watch, most=3)
    for key in ("busy", "a", "busy", "b", "busy", "c", "d", "busy"):
        waited = buckets.take(key)
    assert waited > 0.0
    assert buckets.take("a") == 0.0, "forgotten: begins anew"


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("10.0.0.5", "10.0.0.5"),
        ("::ffff:10.0.0.5", "10.0.0.5"),
        ("2001:db8:0:7::1", "2001:db8:0:7::/64"),
        ("2001:db8:0:7:ffff::2", "2001:db8:0:7::/64"),
        ("testclient", "testclient"),
    ],
)
def test_an_ipv6_network_counts_as_one_address(address: str, key: str) -> None:
    assert address_key(address) == key
