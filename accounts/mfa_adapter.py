"""Second factors by allauth: secrets sealed, QR codes drawn by the portal's own library."""

import base64
import io
from typing import Any

import segno
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.crypto import seal, unseal

CONTEXT = "second-factor"


def sealed_join(version: int, box: bytes) -> str:
    """How allauth keeps a sealed secret: ``version:base64``."""
    return f"{version}:{base64.b64encode(box).decode()}"


def sealed_split(text: str) -> tuple[int, bytes]:
    """Version and box of such a text."""
    version, _colon, box = text.partition(":")
    return int(version), base64.b64decode(box)


class MFAAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": gettext_lazy("This code is not right, or it was used already."),
        "cannot_delete_authenticator": gettext_lazy("The last second factor cannot be removed."),
    }

    def encrypt(self, text: str) -> str:
        return sealed_join(*seal({"secret": text}, context=CONTEXT))

    def decrypt(self, encrypted_text: str) -> str:
        return str(unseal(*sealed_split(encrypted_text), context=CONTEXT)["secret"])

    def get_totp_label(self, user: AbstractBaseUser) -> str:
        return user.get_username()

    def get_totp_issuer(self) -> str:
        return _("Hanoi Citizens' Reception Portal")

    def build_totp_svg(self, url: str) -> str:
        """A whole SVG file: without its namespace a browser shows no picture."""
        out = io.BytesIO()
        segno.make(url, error="m").save(out, kind="svg", scale=5, border=4, xmldecl=False)
        return out.getvalue().decode()

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Any) -> str:  # noqa: A002 -- allauth's name
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return _("Passkey %(number)d") % {"number": count + 1}

    def _get_site_name(self) -> str:
        return self.get_totp_issuer()
