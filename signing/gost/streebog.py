"""Streebog (ГОСТ Р 34.11-2012) by a system library; where there is none, slowly, by a Python package."""

from __future__ import annotations

import ctypes
import ctypes.util
import functools
import hashlib
import logging
from typing import Protocol

# GCRY_MD_STRIBOG256 and GCRY_MD_STRIBOG512, gcrypt.h
_GCRYPT_NUMBERS = {256: 309, 512: 310}
_OPENSSL_NAMES = {256: "md_gost12_256", 512: "md_gost12_512"}

_log = logging.getLogger(__name__)


class Hasher(Protocol):
    """What hashlib objects are like."""

    def update(self, data: bytes, /) -> None: ...

    def digest(self) -> bytes: ...

    def hexdigest(self) -> str: ...


class _GcryptHasher:
    """One running digest of libgcrypt; freed with the object."""

    def __init__(self, library: ctypes.CDLL, bits: int) -> None:
        self._library = library
        self._number, self._size = _GCRYPT_NUMBERS[bits], bits // 8
        self._handle = ctypes.c_void_p()
        if library.gcry_md_open(ctypes.byref(self._handle), self._number, 0):
            raise OSError("libgcrypt refuses Streebog")

    def update(self, data: bytes, /) -> None:
        """Take more bytes; the interpreter is free meanwhile."""
        self._library.gcry_md_write(self._handle, data, len(data))

    def digest(self) -> bytes:
        """The digest of all bytes so far, in the usual byte order."""
        return ctypes.string_at(self._library.gcry_md_read(self._handle, self._number), self._size)

    def hexdigest(self) -> str:
        return self.digest().hex()

    def __del__(self) -> None:
        if self._handle:
            self._library.gcry_md_close(self._handle)
            self._handle = ctypes.c_void_p()


def quick(bits: int = 256) -> Hasher | None:
    """A fresh digest, or None where the system has no quick one."""
    library = _gcrypt()
    if library is not None:
        return _GcryptHasher(library, bits)
    if _OPENSSL_NAMES[bits] in hashlib.algorithms_available:
        return hashlib.new(_OPENSSL_NAMES[bits])
    return None


def new(bits: int = 256) -> Hasher:
    """A fresh digest on any machine: a signature must be verifiable on a bare one too."""
    return quick(bits) or _slow(bits)


def _slow(bits: int) -> Hasher:
    _warn_once()
    # Imported here: it costs a second of start, and a machine with libgcrypt never needs it.
    from gostcrypto import gosthash

    hasher: Hasher = gosthash.new(f"streebog{bits}")
    return hasher


@functools.cache
def _warn_once() -> None:
    _log.warning("no libgcrypt and no GOST provider of OpenSSL: Streebog runs 500 times slower")


@functools.cache
def _gcrypt() -> ctypes.CDLL | None:
    name = ctypes.util.find_library("gcrypt") or "libgcrypt.so.20"
    try:
        library = ctypes.CDLL(name)
    except OSError:
        # A machine without the library: the digest is left to whoever has one.
        return None
    library.gcry_check_version.restype = ctypes.c_char_p
    library.gcry_md_open.argtypes = [ctypes.POINTER(ctypes.c_void_p), ctypes.c_int, ctypes.c_uint]
    library.gcry_md_write.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t]
    library.gcry_md_read.argtypes = [ctypes.c_void_p, ctypes.c_int]
    library.gcry_md_read.restype = ctypes.c_void_p
    library.gcry_md_close.argtypes = [ctypes.c_void_p]
    is_able = library.gcry_check_version(None) and not any(
        library.gcry_md_algo_info(number, 8, None, None) for number in _GCRYPT_NUMBERS.values()
    )
    return library if is_able else None
