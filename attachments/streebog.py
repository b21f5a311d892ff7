"""Streebog-256 (GOST R 34.11-2012) by a system library: libgcrypt, or OpenSSL with its GOST provider."""

from __future__ import annotations

import ctypes
import ctypes.util
import functools
import hashlib
from typing import Protocol

_STRIBOG256 = 309  # GCRY_MD_STRIBOG256, gcrypt.h
_SIZE = 32


class Hasher(Protocol):
    """What hashlib objects are like."""

    def update(self, data: bytes, /) -> None: ...

    def hexdigest(self) -> str: ...


class _GcryptHasher:
    """One running digest of libgcrypt; freed with the object."""

    def __init__(self, library: ctypes.CDLL) -> None:
        self._library = library
        self._handle = ctypes.c_void_p()
        if library.gcry_md_open(ctypes.byref(self._handle), _STRIBOG256, 0):
            raise OSError("libgcrypt refuses Streebog")

    def update(self, data: bytes, /) -> None:
        """Take more bytes; the interpreter is free meanwhile."""
        self._library.gcry_md_write(self._handle, data, len(data))

    def hexdigest(self) -> str:
        """The digest of all bytes so far, in the usual byte order."""
        address = self._library.gcry_md_read(self._handle, _STRIBOG256)
        return ctypes.string_at(address, _SIZE).hex()

    def __del__(self) -> None:
        if self._handle:
            self._library.gcry_md_close(self._handle)
            self._handle = ctypes.c_void_p()


def new() -> Hasher | None:
    """A fresh digest, or None where the system has no quick one."""
    library = _gcrypt()
    if library is not None:
        return _GcryptHasher(library)
    if "md_gost12_256" in hashlib.algorithms_available:
        return hashlib.new("md_gost12_256")
    return None


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
    is_able = library.gcry_check_version(None) and not library.gcry_md_algo_info(_STRIBOG256, 8, None, None)
    return library if is_able else None
