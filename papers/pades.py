"""Signing with a key of the installation: PAdES B-B, with a time stamp B-T. Imported when it is
named in the settings alone: what it needs is large."""

import asyncio
import datetime as dt
import io
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import NoEncryption, load_pem_private_key, pkcs12
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko.sign.timestamps.aiohttp_client import HTTPTimeStamper

FIELD = "Signature1"
# Hexadecimal digits for the signature, its chain and the time stamp; what is left over is zeros
RESERVED = 32_768
# The book is held meanwhile: see BOOK_SECONDS in papers/signing.py
STAMP_SECONDS = 4


class KeySigner:
    """A PKCS#12 file or PEM files (``PAPER_SIGNING_*``); B-T where a time stamp service is named.
    Raises ImproperlyConfigured, OSError, ValueError."""

    def __init__(self) -> None:
        self._signer = _key_load()
        certificate = self._signer.signing_cert
        assert certificate is not None
        subject = certificate.subject
        self.holder = str(subject.native.get("common_name") or subject.human_friendly)
        self._from: dt.datetime = certificate.not_valid_before
        self.until: dt.datetime = certificate.not_valid_after

    def sign(self, pdf: bytes, *, who: str, reason: str, at: dt.datetime) -> bytes:
        """See ``papers.signing.Signer``. Raises ValueError outside the validity of the certificate."""
        if not self._from <= at <= self.until:
            raise ValueError("the certificate is not valid at this moment")
        about = PdfSignatureMetadata(
            field_name=FIELD, subfilter=SigSeedSubFilter.PADES, name=who, reason=reason
        )
        address = settings.PAPER_SIGNING_TSA
        stamps = HTTPTimeStamper(address, timeout=STAMP_SECONDS) if address else None
        return asyncio.run(_sign(PdfSigner(about, self._signer, timestamper=stamps), pdf, at))


class _Writer(IncrementalPdfFileWriter):
    """Appends and leaves the metadata as they are: they say that the file is PDF/A."""

    def _update_meta(self) -> None:
        pass


async def _sign(signer: PdfSigner, pdf: bytes, at: dt.datetime) -> bytes:
    session = signer.init_signing_session(_Writer(io.BytesIO(pdf)))
    session.system_time = at
    prepared = session.prepare_tbs_document(None, bytes_reserved=RESERVED)
    out = io.BytesIO()
    digest, _out = prepared.digest_tbs_document(output=out)
    await prepared.perform_signature(
        document_digest=digest.document_digest,
        pdf_cms_signed_attrs=PdfCMSSignedAttributes(signing_time=at),
    )
    return out.getvalue()


def _key_load() -> SimpleSigner:
    """The key and its certificates, whichever way they are kept."""
    key, certificate = settings.PAPER_SIGNING_KEY, settings.PAPER_SIGNING_CERTIFICATE
    if not key:
        raise ImproperlyConfigured("Set PAPER_SIGNING_KEY, the file that holds the key")
    data, password = Path(key).read_bytes(), settings.PAPER_SIGNING_PASSWORD.encode() or None
    if certificate:
        data, password = _joined(data, password, Path(certificate).read_bytes()), None
    found: SimpleSigner = SimpleSigner.load_pkcs12_data(data, [], password)
    return found


def _joined(key: bytes, password: bytes | None, certificates: bytes) -> bytes:
    """PEM files as one archive in memory; the first certificate is the key's own."""
    own = load_pem_private_key(key, password)
    first, *chain = x509.load_pem_x509_certificates(certificates)
    if own.public_key() != first.public_key():
        raise ImproperlyConfigured("PAPER_SIGNING_KEY does not belong to PAPER_SIGNING_CERTIFICATE")
    if not isinstance(own, RSAPrivateKey | EllipticCurvePrivateKey):
        raise ImproperlyConfigured("PAPER_SIGNING_KEY is neither RSA nor of an elliptic curve")
    return pkcs12.serialize_key_and_certificates(None, own, first, chain, NoEncryption())
