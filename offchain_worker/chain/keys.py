"""Keys: from an encrypted keystore, a key file or the environment; never from the command line, never logged."""

from __future__ import annotations

import json
import os
from pathlib import Path

from eth_account import Account

from offchain_worker.errors import NamedError
from offchain_worker.tickets.signatures import LocalSigner

KEY_VARIABLE = "OW_PRIVATE_KEY"
PASSWORD_VARIABLE = "OW_PASSWORD"


class KeyUnavailable(NamedError):
    """No usable key. The message says where it was looked for and never quotes what was found."""

    status = 400
    template = "no usable key in {source}: {reason}"


def load_signer(keystore: Path | None, password_file: Path | None, key_file: Path | None) -> LocalSigner:
    """The signer of the first source that is given: keystore, key file, variable OW_PRIVATE_KEY."""
    if keystore is not None:
        return LocalSigner(_decrypt(keystore, password_file))
    if key_file is not None:
        return _from_hex(_read(key_file), str(key_file))
    if text := os.environ.get(KEY_VARIABLE):
        return _from_hex(text, f"variable {KEY_VARIABLE}")
    raise KeyUnavailable(
        source="the settings", reason=f"give a keystore, a key file or the variable {KEY_VARIABLE}"
    )


def _decrypt(keystore: Path, password_file: Path | None) -> bytes:
    password = os.environ.get(PASSWORD_VARIABLE) if password_file is None else _read(password_file)
    if password is None:
        raise KeyUnavailable(
            source=str(keystore), reason=f"give a password file or the variable {PASSWORD_VARIABLE}"
        )
    try:
        return bytes(Account.decrypt(json.loads(_read(keystore)), password))
    except (ValueError, KeyError, TypeError):
        raise KeyUnavailable(
            source=str(keystore), reason="it is not a keystore, or the password is wrong"
        ) from None


def _from_hex(text: str, source: str) -> LocalSigner:
    try:
        return LocalSigner(bytes.fromhex(text.strip().removeprefix("0x")))
    except Exception:  # several libraries may object, and their messages may quote the key
        raise KeyUnavailable(
            source=source, reason="it must hold a private key of 64 hexadecimal digits"
        ) from None


def _read(path: Path) -> str:
    try:
        return path.read_text().strip()
    except (OSError, UnicodeDecodeError) as error:
        raise KeyUnavailable(source=str(path), reason=type(error).__name__) from None
