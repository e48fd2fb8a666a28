"""Which names and addresses a certificate is made for."""

from ipaddress import IPv4Address, IPv6Address

import pytest

from zoubian.api.serving.addresses import HostNames, host_names, local_ipv4, local_ipv6

FIB_TRIE = """Main:
  +-- 0.0.0.0/0 3 0 5
     +-- 127.0.0.0/8 2 0 2
        |-- 127.0.0.1
           /32 host LOCAL
     +-- 10.20.0.0/16 2 0 2
        |-- 10.20.0.0
           /16 link UNICAST
        |-- 10.20.3.7
           /32 host LOCAL
        |-- 10.20.255.255
           /32 link BROADCAST
Local:
        |-- 10.20.3.7
           /32 host LOCAL
        |-- 172.17.0.1
           /32 host LOCAL
"""
IF_INET6 = """fd000000000000000000000000000002 04 40 00 82     eth0
fd00000000000000a1b2c3d4e5f60718 04 40 00 01     eth0
fe8000000000000000fc00fffe000001 04 40 20 80     eth0
"""


def test_own_addresses_are_told_from_networks_and_broadcasts() -> None:
    found = local_ipv4(FIB_TRIE)
    assert [str(one) for one in found] == ["127.0.0.1", "10.20.3.7", "172.17.0.1"]


def test_addresses_that_change_daily_are_left_out() -> None:
    assert [str(one) for one in local_ipv6(IF_INET6)] == ["fd00::2", "fe80::fc:ff:fe00:1"]


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_every_certificate_is_for_the_machine_itself(host: str) -> None:
    names = host_names(["cg.example.cn", "203.0.113.9", " "], host=host)
    assert names.dns[0] == "cg.example.cn" and "localhost" in names.dns
    for address in ("203.0.113.9", "127.0.0.1", "[::1]", "CG.example.cn"):
        assert names.knows(address)
    assert not names.knows("elsewhere.example.cn")
    assert all(one.version == 4 or host == "::" or one.is_loopback for one in names.addresses)


def test_a_service_on_one_address_is_called_by_that_one() -> None:
    names = host_names([], host="127.0.0.1")
    assert names.dns == ("localhost",)
    assert names.reachable() == ()


def test_people_are_told_addresses_before_names() -> None:
    names = HostNames(("desk", "localhost"), (IPv4Address("10.0.0.5"), IPv6Address("fd00::5")))
    assert names.reachable() == ("10.0.0.5", "[fd00::5]", "desk")
