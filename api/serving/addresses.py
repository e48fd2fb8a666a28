"""The names and addresses under which others reach this machine, found without asking anybody."""

import re
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from pathlib import Path

Address = IPv4Address | IPv6Address

_LOOPBACK: tuple[Address, ...] = (IPv4Address("127.0.0.1"), IPv6Address("::1"))
_TEMPORARY = 0x01  # IFA_F_TEMPORARY: such an address is another one tomorrow
_LOCAL_V4 = re.compile(r"\|-- ([0-9.]+)\n\s+/32 host LOCAL")
_CONTAINERS = ip_network("172.16.0.0/12")  # where container bridges live, beside real networks
_NAME = re.compile(r"(?!-)[a-z0-9-]{1,63}(\.(?!-)[a-z0-9-]{1,63})*")


@dataclass(frozen=True, slots=True)
class HostNames:
    """What a machine is called: DNS names, and addresses with the likeliest first."""

    dns: tuple[str, ...]
    addresses: tuple[Address, ...]

    def knows(self, host: str) -> bool:
        """Whether a name or an address, as a browser writes it, is one of these.

        >>> HostNames(("localhost",), (IPv4Address("10.0.0.5"),)).knows("10.0.0.5")
        True
        """
        address = address_of(host)
        return host.lower() in self.dns if address is None else address in self.addresses

    def reachable(self) -> tuple[str, ...]:
        """What others may type: addresses first, as few offices run a name server."""
        network = [shown_host(str(one)) for one in self.addresses if not one.is_loopback]
        return (*network, *(name for name in self.dns if name != "localhost"))


def host_names(extra: Iterable[str], *, host: str) -> HostNames:
    """This machine's names now.

    Args:
        extra: further names and addresses that the settings give, such as those of a proxy.
        host: address that the service listens on: 0.0.0.0 for all of IPv4, :: for all.
    """
    given = [name.strip() for name in extra if name.strip()]
    named = [one for one in given if address_of(one) is None]
    listening = ip_address(host)
    own = socket.gethostname().lower()
    names = [own, f"{own}.local"] if "." not in own else [own]  # phones ask .local by multicast
    dns = [name.lower() for name in (*named, *([] if listening.is_loopback else names))]
    dns.append("localhost")
    addresses = [found for one in given if (found := address_of(one)) is not None]
    addresses += sorted(_heard(listening), key=_likeliness)
    return HostNames(
        tuple(dict.fromkeys(name for name in dns if _NAME.fullmatch(name))),
        tuple(dict.fromkeys([*addresses, *_LOOPBACK])),
    )


def address_of(text: str) -> Address | None:
    """An address as a browser writes it, brackets and all; None for a name."""
    try:
        return ip_address(text.strip("[]"))
    except ValueError:
        return None


def shown_host(host: str) -> str:
    """A host as it stands in an address of a page.

    >>> shown_host("fd00::1")
    '[fd00::1]'
    """
    return f"[{host}]" if ":" in host else host


def local_ipv4(fib_trie: str) -> list[IPv4Address]:
    """The machine's own addresses in the text of Linux's /proc/net/fib_trie."""
    return [IPv4Address(found) for found in dict.fromkeys(_LOCAL_V4.findall(fib_trie))]


def local_ipv6(if_inet6: str) -> list[IPv6Address]:
    """The machine's lasting addresses in the text of Linux's /proc/net/if_inet6."""
    found = []
    for line in if_inet6.splitlines():
        digits, _, _, _, flags, _ = line.split()
        if not int(flags, 16) & _TEMPORARY:
            found.append(IPv6Address(int(digits, 16)))
    return found


def _own_addresses() -> list[Address]:
    v4, v6 = Path("/proc/net/fib_trie"), Path("/proc/net/if_inet6")
    found: list[Address] = []
    if v4.exists():
        found += local_ipv4(v4.read_text(encoding="ascii"))
        found += local_ipv6(v6.read_text(encoding="ascii")) if v6.exists() else []
    else:
        entries = socket.getaddrinfo(socket.gethostname(), None)
        found += [ip_address(str(entry[4][0]).partition("%")[0]) for entry in entries]
    # A link-local address needs the name of an interface behind it, which no browser takes.
    return [one for one in found if not one.is_loopback and not one.is_link_local]


def _heard(listening: Address) -> list[Address]:
    """Those of the machine's addresses that reach a service which listens on `listening`."""
    if not listening.is_unspecified:
        return [listening]
    v4_only = listening.version == 4
    return [one for one in _own_addresses() if one.version == 4 or not v4_only]


def _likeliness(address: Address) -> tuple[bool, bool, int]:
    return address.version == 6, address in _CONTAINERS, int(address)
