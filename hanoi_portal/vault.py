"""The vault: opens the identity of a denouncer when, and only when, the opening is on record.

It holds the private ring and reads the database itself: whoever asks gives the number of a record,
never a box. So a web process that was taken over cannot read an identity without a row that names
an account, is shown to the head of the unit and can be removed by nobody.
"""

import base64
import datetime as dt
import json
import os
import socket
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from multiprocessing.connection import answer_challenge, deliver_challenge
from pathlib import Path
from typing import Any

import structlog
from cryptography.exceptions import InvalidTag
from django.conf import settings
from django.db import Error, IntegrityError, close_old_connections, transaction

from common.crypto import is_vaulted, seal_for_vault, unseal, vault_unseal
from common.time import now
from common.vault import BROKEN, MESSAGE_MAX, vault_address, vault_connection
from notifications.attempt import ATTEMPTS_MAX
from notifications.models import MessageState, OutboxMessage
from notifications.services import ADDRESS_CONTEXT
from petitions.enums import OpeningGround
from petitions.models import CaseEvent, IdentityOpening, SealedIdentity, VaultUse
from petitions.models.events import OPENED

log = structlog.get_logger(__name__)
FRESH = dt.timedelta(seconds=60)
AHEAD = dt.timedelta(seconds=5)  # clocks of two machines
USES_OF_MESSAGE = 2 * ATTEMPTS_MAX
THREADS = 2
BACKLOG = 64
Ring = Mapping[int, bytes]
Answer = dict[str, Any]


class Refused(Exception):
    """No ground, or nothing to open; the text names the reason, never a person."""


class Vault:
    """What the vault answers. ``ring``: the private keys by version."""

    def __init__(self, ring: Ring) -> None:
        self.ring = ring
        self.answers: dict[str, Callable[[Mapping[str, Any]], Answer]] = {
            "ping": self._ping,
            "open": self._open,
            "address": self._address,
            "reseal": self._reseal,
        }

    def answer(self, raw: bytes) -> Answer:
        """The answer to one question; a refusal says why in one word."""
        try:
            asked = json.loads(raw)
            found = self.answers[asked["what"]](asked)
        except Refused as refusal:
            return {"ok": False, "why": str(refusal)}
        except (KeyError, TypeError, ValueError):
            return {"ok": False, "why": "malformed"}
        except Error as error:
            log.warning("vault.database", error=type(error).__name__)
            return {"ok": False, "why": "database"}
        return {"ok": True, **found}

    def _ping(self, asked: Mapping[str, Any]) -> Answer:
        return {"versions": sorted(self.ring)}

    def _open(self, asked: Mapping[str, Any]) -> Answer:
        """The identity of one recorded opening, once, within a minute of the record."""
        opening = (
            IdentityOpening.objects.select_related(
                "identity__party__letter__case", "identity__made_for"
            )
            .filter(pk=int(asked["opening"]))
            .first()
        )
        if opening is None or opening.ground == OpeningGround.COUNTER_SEARCH:
            raise Refused("no_ground")
        if not now() - FRESH <= opening.at <= now() + AHEAD:
            raise Refused("stale")
        if not _is_told(opening):
            raise Refused("no_record")
        if not _belongs(opening.identity):
            raise Refused("foreign_box")
        self._use(VaultUse(opening=opening, at=now()))
        identity = opening.identity
        return {"data": self._unseal(identity.key_version, identity.box, identity.context)}

    def _address(self, asked: Mapping[str, Any]) -> Answer:
        """Where a message that waits to be sent goes to."""
        message = OutboxMessage.objects.filter(
            pk=int(asked["message"]), state=MessageState.PENDING, next_attempt_at__lte=now() + AHEAD
        ).first()
        if message is None or message.address_box is None or message.address_key_version is None:
            raise Refused("no_ground")
        if VaultUse.objects.filter(message=message.pk).count() >= USES_OF_MESSAGE:
            raise Refused("used")
        self._use(VaultUse(message=message.pk, at=now()))
        version, box = message.address_key_version, message.address_box
        return {"data": self._unseal(version, box, ADDRESS_CONTEXT)}

    def _reseal(self, asked: Mapping[str, Any]) -> Answer:
        """The same boxes under the newest key; nothing leaves the vault in clear."""
        found: list[Any] = []
        for version, box, context in asked["boxes"]:
            try:
                data = self._unseal(int(version), base64.b64decode(box), context)
                new, sealed = seal_for_vault(data, context=context)
            except Refused:
                found.append(None)
            else:
                found.append([new, base64.b64encode(sealed).decode()])
        return {"boxes": found}

    def _use(self, use: VaultUse) -> None:
        """On record before anything is opened. Raises Refused when the opening was used."""
        try:
            with transaction.atomic():
                use.save(force_insert=True)
        except IntegrityError:
            raise Refused("used") from None

    def _unseal(self, version: int, box: bytes | memoryview, context: str) -> Answer:
        try:
            if not is_vaulted(version):
                return unseal(version, box, context=context)
            return vault_unseal(self.ring, version, box, context=context)
        except KeyError:
            raise Refused("unknown_key") from None
        except (InvalidTag, ValueError):
            raise Refused("broken") from None


def _is_told(opening: IdentityOpening) -> bool:
    """Whether the head of the unit that holds the case reads it in the list, and the history of the
    case tells of exactly this opening: its chain and daily root keep it."""
    case = opening.identity.party.letter.case
    events = CaseEvent.objects.filter(
        case=case,
        action=OPENED,
        actor_id=opening.by_id,
        data__openings__contains=opening.digest,
    )
    return opening.unit_id == case.unit_id and events.exists()


def _belongs(identity: SealedIdentity) -> bool:
    """A box that was made for another party is opened only in a copy of that party's letter."""
    if identity.made_for is None:
        return True
    letter = identity.party.letter
    return identity.made_for.letter_id in (letter.pk, letter.origin_id)


class VaultServer:
    """Listens on ``VAULT_ADDRESS``; a few threads, each question within seconds."""

    def __init__(self, ring: Ring) -> None:
        self.vault = Vault(ring)
        self.key = settings.VAULT_AUTH_KEY
        self.stopping = threading.Event()
        self.socket = _listen()

    def serve(self) -> None:
        """Until ``stop``."""
        with ThreadPoolExecutor(THREADS, thread_name_prefix="vault") as threads:
            while not self.stopping.is_set():
                try:
                    raw, _peer = self.socket.accept()
                except TimeoutError:
                    continue
                except OSError:
                    break
                threads.submit(self._talk, raw)

    def stop(self) -> None:
        self.stopping.set()
        with suppress(OSError):
            self.socket.close()

    def _talk(self, raw: socket.socket) -> None:
        """One question of one caller that has the key."""
        close_old_connections()
        try:
            with vault_connection(raw) as connection:
                deliver_challenge(connection, self.key)
                answer_challenge(connection, self.key)
                answer = self.vault.answer(connection.recv_bytes(MESSAGE_MAX))
                log.info("vault.asked", ok=answer["ok"], why=answer.get("why", ""))
                connection.send_bytes(json.dumps(answer, ensure_ascii=False).encode())
        except BROKEN as error:
            log.warning("vault.caller_gone", error=type(error).__name__)
        finally:
            close_old_connections()


def _listen() -> socket.socket:
    family, address = vault_address()
    listening = socket.socket(family, socket.SOCK_STREAM)
    if family == socket.AF_UNIX:
        path = Path(address)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        before = os.umask(0o177)
        try:
            listening.bind(address)
        finally:
            os.umask(before)
    else:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
    listening.listen(BACKLOG)
    listening.settimeout(0.2)
    return listening
