"""Sealing everything again under the newest keys, in batches, while the site runs.

What a filing, a reader or another run holds is left to the next pass; a batch is one transaction,
so the work may be broken off and begun again at any time.
"""

import base64
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from allauth.mfa.models import Authenticator
from cryptography.exceptions import InvalidTag
from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, ExpressionWrapper, F, Func, OuterRef, Q, QuerySet, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce

from accounts import mfa_adapter as factor
from common.crypto import BY_TOKEN, VAULT, is_vaulted, seal, seal_for_vault, unseal
from common.vault import vault_ask
from notifications.models import OutboxMessage
from notifications.services import ADDRESS_CONTEXT
from papers.models import IssuedFile, Paper
from petitions.contacts import contact_index
from petitions.enums import Kind
from petitions.models import Draft, Letter, SealedIdentity
from petitions.selectors_public import DRAFT_CONTEXT
from petitions.services.signatures import signature_finish
from petitions.services.tells import tells_of
from receptions.models import Registration
from receptions.selectors import seal_context
from reports.models import RegisterFile

log = structlog.get_logger(__name__)
NOBODY = Q(pk__in=())


def _person_moves(row: SealedIdentity, data: dict[str, Any]) -> None:
    """What is compared without opening is made while the box can still be opened here."""
    row.tells = tells_of(data, row.sealed_for)
    signature_finish(row.party.letter_id)


def _contact_moves(row: Letter, data: dict[str, Any]) -> None:
    """By what the letter is found when the receipt is lost; a copy is not found by it."""
    if row.contact_index is None and row.origin_id is None:
        row.contact_index = contact_index(str(data.get("email", "")), row.kind)


@dataclass(frozen=True)
class Store:
    """One kind of box: what the command calls them, where they are, what binds one, and which of
    them are of denouncers."""

    name: str
    rows: Callable[[], QuerySet[Any]]
    context: Callable[[Any], str]
    version: str = "key_version"
    box: str = "box"
    denouncers: Q = NOBODY
    # Called with a row that moves to the vault, and its data; changes the fields of ``also``.
    moves: Callable[[Any, dict[str, Any]], None] = lambda row, data: None
    also: tuple[str, ...] = ()

    @property
    def fields(self) -> tuple[str, ...]:
        """What a new box changes."""
        return (self.version, self.box, *self.also)

    def read(self, row: Any) -> tuple[int, bytes]:
        """Version and box of a row."""
        return getattr(row, self.version), bytes(getattr(row, self.box))

    def put(self, row: Any, version: int, box: bytes) -> None:
        setattr(row, self.version, version)
        setattr(row, self.box, box)

    def pending(self) -> QuerySet[Any]:
        """Boxes that are not yet under the newest key of the ring they belong to."""
        first, vault = max(settings.IDENTITY_KEYS), max(settings.DENOUNCER_PUBLIC_KEYS)
        in_first = Q(**{f"{self.version}__gt": BY_TOKEN, f"{self.version}__lte": VAULT})
        is_old = in_first & Q(**{f"{self.version}__lt": first})
        is_old_in_vault = Q(**{f"{self.version}__gt": VAULT, f"{self.version}__lt": VAULT + vault})
        to_vault = ExpressionWrapper(self.denouncers, output_field=models.BooleanField())
        rows: QuerySet[Any] = self.rows().annotate(to_vault=to_vault)
        return rows.filter(is_old | is_old_in_vault | (in_first & Q(to_vault=True)))

    def versions(self) -> Counter[int]:
        """How many boxes there are under each key."""
        rows = self.rows().filter(**{f"{self.version}__gt": BY_TOKEN}).order_by()
        return Counter(dict(rows.values_list(self.version).annotate(models.Count("pk"))))


class FactorStore(Store):
    """Secrets of second factors: version and box are one text inside the JSON of allauth."""

    @property
    def fields(self) -> tuple[str, ...]:
        return (self.box,)

    def read(self, row: Any) -> tuple[int, bytes]:
        return factor.sealed_split(row.sealed)

    def put(self, row: Any, version: int, box: bytes) -> None:
        name = "secret" if "secret" in row.data else "seed"
        row.data[name] = factor.sealed_join(version, box)


def _factors() -> QuerySet[Authenticator]:
    """Apps and recovery codes; a passkey has nothing to hide."""
    version = Func(F("sealed"), Value(":"), Value(1), function="split_part")
    rows: QuerySet[Authenticator] = Authenticator.objects.annotate(
        sealed=Coalesce(KT("data__secret"), KT("data__seed")),
        key_version=Cast(version, models.IntegerField()),
    )
    return rows


_OF_DENUNCIATION = Exists(Letter.objects.filter(code=OuterRef("told"), kind=Kind.DENUNCIATION))
# Says not whose letters it is about: a denouncer's among them.
_OF_A_LOST_RECEIPT = Q(template="one_time_code")
STORES = (
    Store(
        "identities",
        SealedIdentity.objects.select_related("party").all,
        lambda row: row.context,
        denouncers=Q(is_protected=True),
        moves=_person_moves,
        also=("tells",),
    ),
    Store(
        "addresses of letters",
        Letter.objects.all,
        lambda row: ADDRESS_CONTEXT,
        "contact_key_version",
        "contact_box",
        denouncers=Q(kind=Kind.DENUNCIATION),
        moves=_contact_moves,
        also=("contact_index",),
    ),
    Store(
        "addresses in the outbox",
        OutboxMessage.objects.annotate(told=KT("params__code")).all,
        lambda row: ADDRESS_CONTEXT,
        "address_key_version",
        "address_box",
        denouncers=Q(_OF_DENUNCIATION) | _OF_A_LOST_RECEIPT,
    ),
    Store("drafts", Draft.objects.all, lambda row: DRAFT_CONTEXT),
    Store("papers", Paper.objects.all, lambda row: row.context),
    Store(
        "issued files",
        IssuedFile.objects.filter(box__isnull=False).all,
        lambda row: row.context,
    ),
    Store(
        "register files",
        RegisterFile.objects.filter(box__isnull=False).all,
        lambda row: row.context,
    ),
    Store("registrations", Registration.objects.all, lambda row: seal_context(row.code)),
    FactorStore("second factors", _factors, lambda row: factor.CONTEXT, box="data"),
)


class Rotation:
    """One run over all stores. ``broken``: boxes that no key opens, by store."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.broken: dict[str, set[int]] = {store.name: set() for store in STORES}

    def passes(self) -> Iterator[tuple[str, int]]:
        """One pass over every store; (name, boxes sealed anew) after each batch."""
        for store in STORES:
            after = 0
            while rows := self._batch(store, after):
                after = rows[-1].pk
                yield store.name, len(rows)

    def left(self) -> int:
        """Boxes still to be done that can be opened: somebody held them in this pass."""
        return sum(
            store.pending().exclude(pk__in=self.broken[store.name]).count() for store in STORES
        )

    def _batch(self, store: Store, after: int) -> Sequence[Any]:
        with transaction.atomic():
            rows = list(
                store.pending()
                .filter(pk__gt=after)
                .exclude(pk__in=self.broken[store.name])
                .order_by("pk")
                .select_for_update(of=("self",), skip_locked=True, no_key=True)[: self.size]
            )
            done = [*self._in_vault(store, rows), *self._here(store, rows)]
            if done:
                done[0].__class__._default_manager.bulk_update(done, store.fields)
        return rows

    def _in_vault(self, store: Store, rows: Sequence[Any]) -> Iterator[Any]:
        """Boxes of the vault under an older key: sealed anew by the vault, unseen here."""
        old = [row for row in rows if is_vaulted(store.read(row)[0])]
        if not old:
            return
        boxes = []
        for row in old:
            version, box = store.read(row)
            boxes.append([version, base64.b64encode(box).decode(), store.context(row)])
        for row, new in zip(old, vault_ask("reseal", boxes=boxes)["boxes"], strict=True):
            if new is None:
                self._is_broken(store, row)
                continue
            store.put(row, new[0], base64.b64decode(new[1]))
            yield row

    def _here(self, store: Store, rows: Sequence[Any]) -> Iterator[Any]:
        """Boxes of the first ring: a denouncer's goes to the vault, the others stay."""
        for row in rows:
            (version, box), context = store.read(row), store.context(row)
            if is_vaulted(version):
                continue
            try:
                data = unseal(version, box, context=context)
            except (KeyError, InvalidTag, ValueError):
                self._is_broken(store, row)
                continue
            if row.to_vault:
                store.moves(row, data)
            store.put(row, *(seal_for_vault if row.to_vault else seal)(data, context=context))
            yield row

    def _is_broken(self, store: Store, row: Any) -> None:
        log.warning("rotation.box_unreadable", store=store.name)
        self.broken[store.name].add(row.pk)


def versions() -> Counter[int]:
    """How many boxes there are under each key, in all stores."""
    return sum((store.versions() for store in STORES), Counter())


def missing_keys(known: Sequence[int]) -> list[int]:
    """Versions that boxes need and nobody has. ``known``: what the vault holds."""
    held = {*settings.IDENTITY_KEYS, *(VAULT + number for number in known)}
    return sorted(set(versions()) - held)


def vault_is_paired() -> bool:
    """Whether the vault opens what is sealed for it now. Raises VaultAway."""
    version, box = seal_for_vault({}, context="rotation")
    boxes = [[version, base64.b64encode(box).decode(), "rotation"]]
    return vault_ask("reseal", boxes=boxes)["boxes"][0] is not None
