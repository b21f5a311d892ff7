"""The same verification by OpenSSL's GOST engine, several times faster where the engine is installed.

Off until asked for: a verdict must not depend on it, and OpenSSL 4 has no engines any more. What the engine
says is taken only for signatures whose length and ranges our own code has checked.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import functools
import logging
import threading

from signing.gost import ec

_PKEY_ASN1_AND_PKEY = 0x0200 | 0x0400  # ENGINE_METHOD_PKEY_METHS | ENGINE_METHOD_PKEY_ASN1_METHS, engine.h
_log = logging.getLogger(__name__)
_is_on = False


def use(is_on: bool) -> bool:
    """Switch the engine on or off; tells whether it is on now."""
    global _is_on
    _is_on = is_on and _engine() is not None
    if is_on and not _is_on:
        _log.info("no GOST engine of OpenSSL here: signatures are checked in plain Python")
    return _is_on


def verify(key: ec.PublicKey, spki: bytes, digest: bytes, signature: bytes) -> bool:
    """By the engine when it is on, otherwise in plain integers."""
    engine = _engine() if _is_on else None
    if engine is None:
        return ec.verify(key, digest, signature)
    size, q = key.curve.size, key.curve.q
    if len(signature) != 2 * size or len(digest) != size:
        return False
    s, r = int.from_bytes(signature[:size], "big"), int.from_bytes(signature[size:], "big")
    if not (0 < r < q and 0 < s < q):
        return False
    return engine.verify(spki, digest, signature)


class _Engine:
    """The engine and the functions of libcrypto that we call."""

    def __init__(self, library: ctypes.CDLL, handle: ctypes.c_void_p) -> None:
        self._library, self._handle = library, handle
        self._keys: dict[bytes, ctypes.c_void_p] = {}
        # One context per key and call; OpenSSL's own reference counts are atomic, our dictionary is not.
        self._lock = threading.Lock()

    def verify(self, spki: bytes, digest: bytes, signature: bytes) -> bool:
        key = self._key(spki)
        context = self._library.EVP_PKEY_CTX_new(key, self._handle)
        try:
            if self._library.EVP_PKEY_verify_init(context) != 1:
                raise OSError("the GOST engine refuses to verify")
            answer = self._library.EVP_PKEY_verify(context, signature, len(signature), digest, len(digest))
            # Refusals stay in OpenSSL's queue of the thread, where `ssl` would find them.
            self._library.ERR_clear_error()
            return bool(answer == 1)
        finally:
            self._library.EVP_PKEY_CTX_free(context)

    def _key(self, spki: bytes) -> ctypes.c_void_p:
        with self._lock:
            key = self._keys.get(spki)
            if key is None:
                if len(self._keys) > 1000:
                    for old in self._keys.values():
                        self._library.EVP_PKEY_free(old)
                    self._keys.clear()
                start = ctypes.c_char_p(spki)
                key = self._library.d2i_PUBKEY(None, ctypes.byref(start), len(spki))
                if not key:
                    raise OSError("the GOST engine cannot read a key that we can")
                self._keys[spki] = key
            return key


@functools.cache
def _engine() -> _Engine | None:
    name = ctypes.util.find_library("crypto")
    if name is None:
        return None
    library = ctypes.CDLL(name)
    if not hasattr(library, "ENGINE_by_id"):
        return None
    void = ctypes.c_void_p
    for function, result, arguments in (
        ("ENGINE_by_id", void, [ctypes.c_char_p]),
        ("ENGINE_init", ctypes.c_int, [void]),
        ("ENGINE_set_default", ctypes.c_int, [void, ctypes.c_uint]),
        ("d2i_PUBKEY", void, [void, void, ctypes.c_long]),
        ("EVP_PKEY_CTX_new", void, [void, void]),
        ("EVP_PKEY_CTX_free", None, [void]),
        ("EVP_PKEY_free", None, [void]),
        ("EVP_PKEY_verify_init", ctypes.c_int, [void]),
        (
            "EVP_PKEY_verify",
            ctypes.c_int,
            [void, ctypes.c_char_p, ctypes.c_size_t, ctypes.c_char_p, ctypes.c_size_t],
        ),
        ("ERR_clear_error", None, []),
    ):
        declared = getattr(library, function)
        declared.restype, declared.argtypes = result, arguments
    library.OPENSSL_init_crypto(ctypes.c_uint64(0x40), None)  # OPENSSL_INIT_LOAD_CONFIG, harmless twice
    handle = library.ENGINE_by_id(b"gost")
    if not handle or not library.ENGINE_init(handle):
        library.ERR_clear_error()
        return None
    library.ENGINE_set_default(handle, _PKEY_ASN1_AND_PKEY)
    return _Engine(library, handle)
