"""A body's key and certificate for tests, a time stamp service on the loopback, and how a signed
file is judged."""

import datetime as dt
import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

from asn1crypto import tsp
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.signers import SimpleSigner
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko_certvalidator import ValidationContext

HOLDER = "Ủy ban nhân dân phường Thử"
PASSWORD = "mật-khẩu của khóa"
FIRST, LAST = dt.datetime(2026, 1, 1, tzinfo=dt.UTC), dt.datetime(2099, 1, 1, tzinfo=dt.UTC)
MOMENT = dt.datetime(2026, 12, 10, tzinfo=dt.UTC)
KEY_USAGE = dict.fromkeys(
    (
        "key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign",
        "encipher_only", "decipher_only",
    ),
    False,
)  # fmt: skip


@dataclass(frozen=True)
class Pair:
    """A key with the certificate that it has given itself."""

    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    def p12(self) -> bytes:
        secret = BestAvailableEncryption(PASSWORD.encode())
        return pkcs12.serialize_key_and_certificates(
            b"key", self.key, self.certificate, None, secret
        )


@cache
def pair(
    holder: str = HOLDER, *, stamps: bool = False, curve: bool = False, since: dt.datetime = FIRST
) -> Pair:
    key = (
        ec.generate_private_key(ec.SECP256R1()) if curve else rsa.generate_private_key(65537, 2048)
    )
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, holder)])
    usage = x509.KeyUsage(digital_signature=True, content_commitment=True, **KEY_USAGE)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(LAST)
        .add_extension(usage, critical=True)
    )
    if stamps:
        only = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        made = made.add_extension(only, critical=True)
    return Pair(key, made.sign(key, hashes.SHA256()))


def signing_on(settings: Any, folder: Path, key: Pair | None = None, **changes: str) -> None:
    """The portal signs with a PKCS#12 file of ``folder``, of the usual pair or another one."""
    file = folder / "key.p12"
    file.write_bytes((key or pair()).p12())
    settings.PAPER_SIGNER = "papers.pades.KeySigner"
    settings.PAPER_SIGNING_KEY, settings.PAPER_SIGNING_PASSWORD = str(file), PASSWORD
    for name, value in changes.items():
        setattr(settings, name, value)


def pem_files(folder: Path, key: Pair, *certificates: Pair) -> tuple[str, str]:
    """Key and certificates as PEM files; their paths."""
    own, chain = folder / "key.pem", folder / "certificate.pem"
    secret = BestAvailableEncryption(PASSWORD.encode())
    own.write_bytes(key.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, secret))
    chain.write_bytes(b"".join(one.pem() for one in certificates))
    return str(own), str(chain)


def signed_at(pdf: bytes) -> dt.datetime | None:
    """The moment that the only signature says."""
    (signature,) = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    moment: dt.datetime | None = signature.self_reported_timestamp
    return moment


def judged(pdf: bytes) -> PdfSignatureStatus:
    """What a validator that trusts the certificates of these tests says of the only signature."""
    trusted = [
        asn1.Certificate.load(one.certificate.public_bytes(Encoding.DER))
        for one in (pair(), curved(), stamping())
    ]
    context = ValidationContext(trust_roots=trusted, allow_fetching=False, moment=MOMENT)
    (signature,) = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    return validate_pdf_signature(signature, context, context)


def curved() -> Pair:
    return pair("Ủy ban nhân dân phường Khác", curve=True)


def stamping() -> Pair:
    return pair("Dịch vụ dấu thời gian", stamps=True)


@contextmanager
def stamp_service(*, status: int = 200) -> Iterator[str]:
    """The address of a time stamp service (RFC 3161) on the loopback."""
    held = SimpleSigner.load_pkcs12_data(stamping().p12(), [], PASSWORD.encode())
    stamper = DummyTimeStamper(held.signing_cert, held.signing_key, fixed_dt=MOMENT)

    class Service(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
            answer = stamper.request_tsa_response(asked).dump()
            self.send_response(status)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *args: Any) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Service) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()
