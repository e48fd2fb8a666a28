"""The authority stays, what it signs is renewed, and neither is readable by others."""

import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from zoubian.api.serving.addresses import HostNames
from zoubian.api.serving.certificates import (
    AUTHORITY,
    AUTHORITY_KEY,
    SERVER,
    CertificateError,
    given_certificate,
    names_in,
    own_certificate,
    read_certificate,
)

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


def called(*dns: str, at: tuple[str, ...] = ("192.168.1.5", "127.0.0.1")) -> HostNames:
    return HostNames((*dns, "localhost"), tuple(ip_address(one) for one in at))


def serial(folder: Path, name: str = SERVER) -> int:
    return read_certificate(folder / name).serial_number


def accepts(folder: Path, host: str, *, at: datetime) -> bool:
    """Whether a client that trusts the authority accepts the server under this name."""
    store = Store([read_certificate(folder / AUTHORITY)])
    leaf, *rest = x509.load_pem_x509_certificates((folder / SERVER).read_bytes())
    try:
        name: x509.GeneralName = x509.IPAddress(ip_address(host))
    except ValueError:
        name = x509.DNSName(host)
    verifier = PolicyBuilder().store(store).time(at).build_server_verifier(name)
    try:
        verifier.verify(leaf, rest)
    except VerificationError:
        return False
    return True


def test_the_first_start_makes_both(tmp_path: Path) -> None:
    made = own_certificate(tmp_path / "c", called("desk"), now=NOW)
    assert made.left_out == ()
    assert made.authority is not None and made.fingerprint is not None
    assert len(made.fingerprint.split(":")) == 32
    found = names_in(read_certificate(made.chain))
    assert set(found) == {"desk", "localhost", "192.168.1.5", "127.0.0.1"}


@pytest.mark.skipif(sys.platform == "win32", reason="no such modes there")
def test_only_the_owner_reads_keys(tmp_path: Path) -> None:
    own_certificate(tmp_path / "c", called("desk"), now=NOW)
    assert (tmp_path / "c").stat().st_mode & 0o777 == 0o700
    for name in (AUTHORITY_KEY, SERVER):
        assert (tmp_path / "c" / name).stat().st_mode & 0o777 == 0o600, name


RENEWALS: tuple[tuple[str, timedelta, HostNames, bool], ...] = (
    ("the next day", timedelta(days=1), called("desk"), False),
    ("other order", timedelta(0), called("desk", at=("127.0.0.1", "192.168.1.5")), False),
    ("a month before its end", timedelta(days=397 - 29), called("desk"), True),
    ("another address", timedelta(0), called("desk", at=("192.168.1.6", "127.0.0.1")), True),
    ("another name", timedelta(0), called("desk.lan"), True),
    ("the clock set back by years", timedelta(days=-800), called("desk"), True),
)


@pytest.mark.parametrize(
    ("later", "names", "renewed"), [row[1:] for row in RENEWALS], ids=[row[0] for row in RENEWALS]
)
def test_renews_what_has_to_be_and_keeps_the_authority(
    later: timedelta, names: HostNames, renewed: bool, tmp_path: Path
) -> None:
    own_certificate(tmp_path, called("desk"), now=NOW)
    before, authority = serial(tmp_path), serial(tmp_path, AUTHORITY)
    own_certificate(tmp_path, names, now=NOW + later)
    assert (serial(tmp_path) != before) is renewed
    assert serial(tmp_path, AUTHORITY) == authority
    assert set(names_in(read_certificate(tmp_path / SERVER))) == {
        *names.dns,
        *map(str, names.addresses),
    }


def test_renewing_just_before_the_authority_ends_does_not_go_on_for_ever(tmp_path: Path) -> None:
    own_certificate(tmp_path, called("desk"), now=NOW)
    late = NOW + timedelta(days=3650 - 5)
    own_certificate(tmp_path, called("desk"), now=late)
    before = serial(tmp_path)
    own_certificate(tmp_path, called("desk"), now=late + timedelta(minutes=10))
    assert serial(tmp_path) == before


def test_an_authority_that_has_ended_is_made_anew(tmp_path: Path) -> None:
    own_certificate(tmp_path, called("desk"), now=NOW)
    before = serial(tmp_path, AUTHORITY)
    later = NOW + timedelta(days=3651)
    own_certificate(tmp_path, called("desk"), now=later)
    assert serial(tmp_path, AUTHORITY) != before
    assert accepts(tmp_path, "desk.local", at=later) is False  # not named
    assert accepts(tmp_path, "localhost", at=later)


def test_a_stolen_authority_opens_no_other_page(tmp_path: Path) -> None:
    own_certificate(tmp_path, called("desk"), now=NOW)
    greedy = called("desk", "bank.example.com", at=("192.168.1.5", "8.8.8.8"))
    made = own_certificate(tmp_path, greedy, now=NOW)
    assert made.left_out == ("8.8.8.8", "bank.example.com")
    limits = read_certificate(tmp_path / AUTHORITY).extensions.get_extension_for_class(
        x509.NameConstraints
    )
    assert limits.critical
    assert accepts(tmp_path, "192.168.1.5", at=NOW)
    assert not accepts(tmp_path, "bank.example.com", at=NOW)


def test_an_office_with_foreign_addresses_inside_may_move_within_them(tmp_path: Path) -> None:
    own_certificate(tmp_path, called("desk", at=("26.1.2.3",)), now=NOW)
    moved = own_certificate(tmp_path, called("desk", at=("26.1.9.9",)), now=NOW)
    assert moved.left_out == ()
    assert accepts(tmp_path, "26.1.9.9", at=NOW)


def test_phones_with_slow_clocks_accept_it(tmp_path: Path) -> None:
    own_certificate(tmp_path, called("desk"), now=NOW)
    assert accepts(tmp_path, "192.168.1.5", at=NOW - timedelta(hours=23))


def test_a_start_that_was_cut_off_is_gone_on_with(tmp_path: Path) -> None:
    own_certificate(tmp_path, called("desk"), now=NOW)
    (tmp_path / AUTHORITY).unlink()  # the key was written, the certificate not yet
    (tmp_path / SERVER).unlink()
    (tmp_path / f".{SERVER}.new").write_bytes(b"half")
    own_certificate(tmp_path, called("desk"), now=NOW)
    assert accepts(tmp_path, "192.168.1.5", at=NOW)


def test_many_starts_at_once_make_one_authority(tmp_path: Path) -> None:
    script = (
        "import sys; from datetime import UTC, datetime; from pathlib import Path\n"
        "from zoubian.api.serving.addresses import HostNames\n"
        "from zoubian.api.serving.certificates import own_certificate\n"
        "names = HostNames(('desk',), ())\n"
        "print(own_certificate(Path(sys.argv[1]), names, now=datetime.now(UTC)).fingerprint)\n"
    )
    starts = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(tmp_path / "c")], stdout=subprocess.PIPE, text=True
        )
        for _ in range(3)
    ]
    told = {start.communicate(timeout=60)[0] for start in starts}
    assert len(told) == 1 and told != {""}


def _damage(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).write_bytes(b"-----BEGIN nonsense") and None


@pytest.mark.parametrize(
    "spoil",
    [
        _damage(AUTHORITY),
        _damage(AUTHORITY_KEY),
        _damage(SERVER),
        lambda folder: (folder / AUTHORITY_KEY).unlink(),
    ],
)
def test_damaged_files_are_told_in_one_line(spoil: Callable[[Path], None], tmp_path: Path) -> None:
    own_certificate(tmp_path, called("desk"), now=NOW)
    spoil(tmp_path)
    (tmp_path / SERVER).touch()
    with pytest.raises(CertificateError) as caught:
        own_certificate(tmp_path, called("desk", "desk.lan"), now=NOW)
    for line in (caught.value.message_zh, caught.value.message_en):
        assert str(tmp_path) in line and "\n" not in line


def test_a_given_certificate_is_used_with_its_key_only(tmp_path: Path) -> None:
    own_certificate(tmp_path / "a", called("desk"), now=NOW)
    own_certificate(tmp_path / "b", called("desk"), now=NOW)
    chain = tmp_path / "a" / SERVER
    given = given_certificate(chain, chain)
    assert (given.authority, given.fingerprint) == (None, None)
    with pytest.raises(CertificateError):
        given_certificate(chain, tmp_path / "b" / SERVER)
    with pytest.raises(CertificateError):
        given_certificate(tmp_path / "none.pem", chain)
