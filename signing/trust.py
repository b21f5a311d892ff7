"""The trust store: whose signatures we believe. Only its certificates are anchors, never what came with a
signature.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from signing.asn1 import Malformed
from signing.certificates import Certificate, certificates_in
from signing.model import POLICIES, RU_QUALIFIED, Policy

_PATTERNS = ("*.cer", "*.crt", "*.pem")


@dataclass(frozen=True)
class TrustStore:
    """Anchors, helping certificates of authorities, the policy they serve, and the version of all this."""

    anchors: tuple[Certificate, ...]
    helpers: tuple[Certificate, ...] = ()
    policy: Policy = RU_QUALIFIED
    version: str = ""

    @classmethod
    def from_certificates(
        cls, ders: Iterable[bytes], *, version: str = "", policy: Policy = RU_QUALIFIED
    ) -> TrustStore:
        """DER or PEM: self-signed are anchors, the others help to build chains; raises Malformed."""
        found = [item for data in ders for item in certificates_in(data)]
        anchors = tuple(dict.fromkeys(item for item in found if _is_anchor(item)))
        helpers = tuple(dict.fromkeys(item for item in found if not _is_anchor(item)))
        return cls(anchors, helpers, policy, version or _version(anchors + helpers))

    @classmethod
    def from_folder(cls, folder: Path, *, version: str = "") -> TrustStore:
        """Certificates of a folder and its policy.json {"policy": "ru-qualified" | "ru-lenient" |
        "internal"}.
        """
        paths = sorted(path for pattern in _PATTERNS for path in folder.glob(pattern))
        if not paths:
            raise Malformed(f"в папке доверия нет сертификатов: {folder.name}")
        store = cls.from_certificates((path.read_bytes() for path in paths), version=version)
        settings = folder / "policy.json"
        return replace(store, policy=_policy(settings)) if settings.exists() else store

    @cached_property
    def certificates(self) -> tuple[Certificate, ...]:
        return self.anchors + self.helpers

    @cached_property
    def _anchor_names(self) -> frozenset[str]:
        return frozenset(item.sha256 for item in self.anchors)

    def is_anchor(self, item: Certificate) -> bool:
        return item.sha256 in self._anchor_names

    @cached_property
    def identity(self) -> str:
        """What verdicts are remembered by: the version may be any name, this is the contents."""
        return hashlib.sha256(repr((_version(self.anchors), _version(self.helpers))).encode()).hexdigest()

    @property
    def is_test(self) -> bool:
        """Does any anchor belong to the product's test authority?"""
        from signing.people import facts_of

        return any(facts_of(item).is_test for item in self.anchors)


def _is_anchor(item: Certificate) -> bool:
    # An old key (ГОСТ 2001) cannot be checked any more, but its owner is still a root and not somebody's
    # child.
    return item.is_self_issued and (item.key.material is None or item.signed(item))


def _version(items: Iterable[Certificate]) -> str:
    return hashlib.sha256("".join(sorted(item.sha256 for item in items)).encode()).hexdigest()[:16]


def _policy(path: Path) -> Policy:
    try:
        code = json.loads(path.read_text("utf-8")).get("policy", RU_QUALIFIED.code)
        return POLICIES[code]
    except (ValueError, AttributeError, KeyError, TypeError):
        raise Malformed(f"непонятная политика в {path.name}; есть: {', '.join(POLICIES)}") from None
