"""A GOST key in a PKCS#12 or PKCS#8 file, used through `openssl cms` with the gost engine.

For tests and for seals that need not be qualified: neither the engine nor the file is a certified means.
Plain Python never signs with a GOST key: it would show the key by the time it takes.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from datetime import datetime
from pathlib import Path

from asn1crypto import pem

from signing.certificates import certificate
from signing.gost.ec import PublicKey
from signing.signers.base import SignerHealth, SigningFailed, check_term

_PASSWORD = "VECHE_SIGNER_PASSWORD"
_SECONDS = 60


class OpenSslFileSigner:
    """The key stays in its file; OpenSSL reads it for every signature."""

    def __init__(
        self,
        key_file: Path,
        certificate: bytes,
        password: str,
        *,
        chain: tuple[bytes, ...] = (),
        program: str = "openssl",
    ) -> None:
        self._key_file, self._certificate, self._chain = key_file, _der(certificate), chain
        self._password, self._program = password, program

    def certificate(self) -> bytes:
        return self._certificate

    def health(self, *, at: datetime) -> SignerHealth:
        if shutil.which(self._program) is None:
            return SignerHealth(False, "Нет программы openssl.")
        if not self._key_file.is_file():
            return SignerHealth(False, "Нет файла с ключом.")
        if self._key_file.stat().st_mode & 0o077:
            return SignerHealth(False, "Файл с ключом открыт другим пользователям: нужны права 0600.")
        answer = subprocess.run(
            [self._program, "engine", "gost"], capture_output=True, text=True, timeout=_SECONDS, check=False
        )
        if answer.returncode:
            return SignerHealth(False, "У openssl нет модуля ГОСТ (пакет libengine-gost-openssl).")
        return check_term(self._certificate, at)

    def sign_cades(self, data: bytes | Path, *, detached: bool = True) -> bytes:
        """`openssl cms -sign -cades`: signing-certificate-v2 by the digest of the key."""
        with tempfile.TemporaryDirectory(prefix="veche-sign-") as folder:
            return self._sign(data, Path(folder), is_detached=detached)

    def _sign(self, data: bytes | Path, folder: Path, *, is_detached: bool) -> bytes:
        signer, made = folder / "signer.pem", folder / "made.sig"
        # Not from the PKCS#12: for its certificates OpenSSL asks the password on the terminal.
        signer.write_bytes(pem.armor("CERTIFICATE", self._certificate))
        command = [
            self._program, "cms", "-sign", "-binary", "-nosmimecap", "-cades", "-engine", "gost",
            "-md", self._digest(), "-inkey", str(self._key_file), "-passin", f"env:{_PASSWORD}",
            "-signer", str(signer), "-outform", "DER", "-out", str(made),
        ]  # fmt: skip
        if self._key_file.suffix.lower() in (".p12", ".pfx"):
            command += ["-keyform", "P12"]
        if self._chain:
            others = folder / "chain.pem"
            others.write_bytes(b"".join(pem.armor("CERTIFICATE", der) for der in self._chain))
            command += ["-certfile", str(others)]
        if not is_detached:
            command.append("-nodetach")
        if isinstance(data, Path):
            command += ["-in", str(data)]
        try:
            result = subprocess.run(
                command,
                input=None if isinstance(data, Path) else data,
                env=os.environ | {_PASSWORD: self._password},
                capture_output=True,
                timeout=_SECONDS,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise SigningFailed(f"OpenSSL не запускается: {error}.") from error
        if result.returncode or not made.is_file():
            reason = result.stderr.decode("utf-8", "replace").strip().splitlines()
            raise SigningFailed(f"OpenSSL не подписал: {reason[-1] if reason else 'без объяснения'}.")
        return made.read_bytes()

    def _digest(self) -> str:
        key = certificate(self._certificate).key.material
        if not isinstance(key, PublicKey):
            raise SigningFailed("Сертификат подписанта не по ГОСТ Р 34.10-2012.")
        return f"md_gost12_{key.curve.size * 8}"


def _der(data: bytes) -> bytes:
    return pem.unarmor(data)[2] if pem.detect(data) else data
