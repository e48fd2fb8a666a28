"""The service's own authority and the certificates it signs; or certificates that were given.

The authority is made once, at the first start, and stays: phones trust it from then on. It may only
sign for names of this machine and for addresses of private networks, so that a stolen key opens no
bank. What it signs is renewed by itself, before it ends and when the machine's addresses change.
"""

import os
import ssl
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv4Network, IPv6Network, ip_network
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ec import generate_private_key as new_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from zoubian.api.serving.addresses import Address, HostNames

AUTHORITY, AUTHORITY_KEY, SERVER = "authority.pem", "authority-key.pem", "server.pem"

_AUTHORITY_VALID = timedelta(days=3650)
_SERVER_VALID = timedelta(days=397)  # browsers refuse more from some authorities
RENEW_BEFORE = timedelta(days=30)
_SLOW_CLOCKS = timedelta(days=1)  # of phones: for them it shall be valid already

_PRIVATE_NETWORKS = tuple(
    ip_network(one)
    for one in (
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "fc00::/7",
        "::1/128",
    )
)
_PRIVATE_NAMES = ("localhost", "local", "lan", "internal", "home.arpa")


class CertificateError(Exception):
    """Certificates cannot be used.

    Attributes:
        message_zh, message_en: one line for people.
    """

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.message_zh = zh
        self.message_en = en


@dataclass(frozen=True, slots=True)
class Certificate:
    """What the service shows to those who connect.

    Attributes:
        chain, key: PEM files; one and the same for certificates of our own.
        authority: DER of the authority to be installed, None for certificates that were given.
        fingerprint: SHA-256 of the authority, in groups of two digits, for comparing by eye.
        left_out: names of this machine that the authority may not sign for.
    """

    chain: Path
    key: Path
    authority: bytes | None
    fingerprint: str | None
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Authority:
    certificate: x509.Certificate
    key: EllipticCurvePrivateKey


def own_certificate(folder: Path, names: HostNames, *, now: datetime) -> Certificate:
    """A certificate of our own for `names`, made or renewed where needed.

    Args:
        folder: keeps the authority and the certificate; nobody else may read it.

    Raises:
        CertificateError: the folder cannot be written, or what lies in it is damaged.
    """
    try:
        with _alone(folder):
            authority = _authority(folder, names, now)
            signable = _within(authority.certificate, names)
            if not _is_fresh(folder / SERVER, authority, signable, now):
                _write(folder / SERVER, _signed(authority, signable, now))
    except OSError as error:
        raise CertificateError(
            f"{folder} 中的证书无法读写：{error.strerror}",
            f"the certificates in {folder} cannot be read or written: {error.strerror}",
        ) from error
    except ValueError as error:
        raise CertificateError(
            f"{folder} 中的证书已损坏；删除该文件夹即重新生成（手机须重新安装证书）",
            f"the certificates in {folder} are damaged; remove the folder to have new ones made "
            "(phones have to install the new authority)",
        ) from error
    left_out = set(_texts(names)) - set(_texts(signable))
    return Certificate(
        folder / SERVER,
        folder / SERVER,
        authority.certificate.public_bytes(Encoding.DER),
        fingerprint(authority.certificate),
        tuple(sorted(left_out)),
    )


def given_certificate(chain: Path, key: Path) -> Certificate:
    """A certificate that the bureau or a public authority gave.

    Raises:
        CertificateError: it cannot be read, or the key is that of another one.
    """
    try:
        new_context().load_cert_chain(chain, key, password="")
    except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
        why = getattr(error, "reason", None) or getattr(error, "strerror", None) or "?"
        raise CertificateError(
            f"证书 {chain} 与私钥 {key} 无法使用（{why}）",
            f"the certificate {chain} cannot be used with the key {key} ({why})",
        ) from error
    return Certificate(chain, key, None, None, ())


def new_context() -> ssl.SSLContext:
    """TLS 1.2 and later, and no certificate yet."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.options |= ssl.OP_NO_RENEGOTIATION
    context.set_alpn_protocols(["http/1.1"])
    return context


def read_certificate(path: Path) -> x509.Certificate:
    """The first certificate in a PEM file.

    Raises:
        OSError: it cannot be read.
        ValueError: there is none in it.
    """
    return x509.load_pem_x509_certificates(path.read_bytes())[0]


def names_in(certificate: x509.Certificate) -> tuple[str, ...]:
    """The names and addresses that a certificate is for."""
    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return ()
    addresses = found.get_values_for_type(x509.IPAddress)
    return (*found.get_values_for_type(x509.DNSName), *map(str, addresses))


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 as people compare it: pairs of digits."""
    return certificate.fingerprint(hashes.SHA256()).hex(":").upper()


def _authority(folder: Path, names: HostNames, now: datetime) -> _Authority:
    if (folder / AUTHORITY).exists():
        certificate = read_certificate(folder / AUTHORITY)
        # One that has ended is trusted by nobody: nothing is lost with it.
        if certificate.not_valid_after_utc > now:
            return _Authority(certificate, _read_key(folder / AUTHORITY_KEY))
    key = new_key(SECP256R1())
    certificate = _authority_certificate(key, names, now)
    # The key first: an authority without its key would be of no use.
    _write(folder / AUTHORITY_KEY, _pem(key))
    _write(folder / AUTHORITY, certificate.public_bytes(Encoding.PEM))
    return _Authority(certificate, key)


def _authority_certificate(
    key: EllipticCurvePrivateKey, names: HostNames, now: datetime
) -> x509.Certificate:
    subject = _subject(f"走遍 Zoubian {names.dns[0]}")
    public = key.public_key()
    return (
        _dated(x509.CertificateBuilder(), now, now + _AUTHORITY_VALID)
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(public)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(x509.NameConstraints(_may_sign(names), None), critical=True)
        .sign(key, hashes.SHA256())
    )


def _signed(authority: _Authority, names: HostNames, now: datetime) -> bytes:
    """Key, certificate and authority in one file, so that they change at one moment."""
    key = new_key(SECP256R1())
    issuer = authority.certificate
    ends = min(now + _SERVER_VALID, issuer.not_valid_after_utc)
    entries: list[x509.GeneralName] = [x509.DNSName(name) for name in names.dns]
    entries += [x509.IPAddress(address) for address in names.addresses]
    certificate = (
        _dated(x509.CertificateBuilder(), now, ends)
        .subject_name(_subject("走遍 Zoubian"))
        .issuer_name(issuer.subject)
        .public_key(key.public_key())
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(entries), critical=False)
        .add_extension(_signer(issuer), critical=False)
        .sign(authority.key, hashes.SHA256())
    )
    pem = Encoding.PEM
    return _pem(key) + certificate.public_bytes(pem) + issuer.public_bytes(pem)


def _signer(issuer: x509.Certificate) -> x509.AuthorityKeyIdentifier:
    identifier = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier)


def _is_fresh(path: Path, authority: _Authority, names: HostNames, now: datetime) -> bool:
    if not path.exists():
        return False
    there = read_certificate(path)
    # Near the authority's own end, nothing that it signs lasts longer.
    lasts = there.not_valid_after_utc > min(
        now + RENEW_BEFORE, authority.certificate.not_valid_after_utc - timedelta(seconds=1)
    )
    return (
        lasts
        and there.not_valid_before_utc <= now
        and there.issuer == authority.certificate.subject
        and _is_signed_by(there, authority.certificate)
        and set(names_in(there)) == set(_texts(names))
    )


def _is_signed_by(certificate: x509.Certificate, authority: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(authority)
    except Exception:  # a wrong signature, issuer or kind of key, each with an error of its own
        return False
    return True


def _may_sign(names: HostNames) -> Sequence[x509.GeneralName]:
    """What a new authority is for. Some offices use foreign public addresses inside: then the
    network around them, as the machine may move within it."""
    networks = list(_PRIVATE_NETWORKS)
    for address in names.addresses:
        if not any(address in network for network in networks):
            around = 16 if isinstance(address, IPv4Address) else 48
            networks.append(ip_network(f"{address}/{around}", strict=False))
    dns = dict.fromkeys((*names.dns, *_PRIVATE_NAMES))
    return [*(x509.DNSName(name) for name in dns), *(x509.IPAddress(one) for one in networks)]


def _within(authority: x509.Certificate, names: HostNames) -> HostNames:
    """Those of the names that an authority may sign for."""
    limits = authority.extensions.get_extension_for_class(x509.NameConstraints).value
    permitted = limits.permitted_subtrees or []
    domains = [one.value for one in permitted if isinstance(one, x509.DNSName)]
    values = [one.value for one in permitted if isinstance(one, x509.IPAddress)]
    networks = [one for one in values if isinstance(one, IPv4Network | IPv6Network)]

    def may_name(name: str) -> bool:
        return any(name == domain or name.endswith(f".{domain}") for domain in domains)

    def may_address(address: Address) -> bool:
        return any(address in network for network in networks)

    return HostNames(
        tuple(filter(may_name, names.dns)), tuple(filter(may_address, names.addresses))
    )


def _texts(names: HostNames) -> tuple[str, ...]:
    return (*names.dns, *map(str, names.addresses))


def _subject(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])


def _dated(
    builder: x509.CertificateBuilder, now: datetime, ends: datetime
) -> x509.CertificateBuilder:
    return (
        builder.serial_number(x509.random_serial_number())
        .not_valid_before(now - _SLOW_CLOCKS)
        .not_valid_after(ends)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _pem(key: EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _read_key(path: Path) -> EllipticCurvePrivateKey:
    key = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, EllipticCurvePrivateKey):
        raise ValueError(f"{path}: not a key of ours")
    return key


def _write(path: Path, content: bytes) -> None:
    """Write a file that only its owner may read, whole or not at all."""
    new = path.with_name(f".{path.name}.new")
    new.unlink(missing_ok=True)
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    os.replace(new, path)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One process at a time: two at once would make two authorities."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if sys.platform == "win32":
        yield
        return
    import fcntl

    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
