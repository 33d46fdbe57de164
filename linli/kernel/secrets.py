"""Sealing of citizen numbers, telephones and accounts at rest, and the keyed hashes that find them.

AES-256-GCM (NIST SP 800-38D), or SM4-GCM (GB/T 32907, GB/T 36624) where national algorithms are asked for.
Hashes are HMAC-SHA256, or HMAC-SM3 (GB/T 32905) with the national option, cut to sixteen bytes.

A sealed value is ``version (1) · key id (1) · nonce (12) · ciphertext · tag (16)``. Version 1 is AES-GCM,
2 is SM4-GCM, so a vault opens both whichever it seals with. Version, key id and purpose are authenticated:
a value copied from one column to another does not open there.
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Callable, Mapping
from typing import Final, Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

CipherName = Literal["AES-GCM", "SM4-GCM"]
KEY_BYTES: Final = 32
DIGEST_BYTES: Final = 16
_NONCE = 12
_TAG = 16
_HEADER = 2
_DAMAGED: Final = "加密内容校验不通过，密钥不符或内容已被改动，请管理员检查密钥与数据。"
_VERSIONS: Final[dict[str, int]] = {"AES-GCM": 1, "SM4-GCM": 2}


class SecretUnreadable(ValueError):
    """A sealed value cannot be opened; ``str()`` is one Chinese sentence without any secret in it."""


class _Key:
    """What is derived from one master key: a key for each cipher and one for each hash."""

    __slots__ = ("aes", "digest_sha256", "digest_sm3", "sm4")

    def __init__(self, master: bytes) -> None:
        self.aes = AESGCM(_derive(master, b"linli seal AES-256-GCM", 32))
        self.sm4 = algorithms.SM4(_derive(master, b"linli seal SM4-GCM", 16))
        self.digest_sha256 = _derive(master, b"linli digest HMAC-SHA256", 32)
        self.digest_sm3 = HMAC(_derive(master, b"linli digest HMAC-SM3", 32), hashes.SM3())


class Vault:
    """Seals, opens and hashes short texts under named purposes.

    :param keys: master keys of 32 bytes by id (0–255). The highest id seals; every id opens.
    :param cipher: what new values are sealed with, and which hash :meth:`digest` uses.
    :param digest_key: id of the key behind :meth:`digest`; the lowest id when left out, so that adding a key
        does not change the hashes by which rows are found. Move it on only together with re-hashing them.
    """

    def __init__(
        self,
        keys: Mapping[int, bytes],
        cipher: CipherName = "AES-GCM",
        *,
        digest_key: int | None = None,
    ) -> None:
        if not keys:
            raise ValueError("没有配置密钥，请先生成密钥再启动。")
        if cipher not in _VERSIONS:
            raise ValueError(f"不支持的加密算法“{cipher}”，请使用 AES-GCM 或 SM4-GCM。")
        for key_id, key in keys.items():
            if not 0 <= key_id <= 255:
                raise ValueError(f"密钥编号 {key_id} 超出范围，应在 0 至 255 之间。")
            if len(key) != KEY_BYTES:
                raise ValueError(f"编号 {key_id} 的密钥应为 {KEY_BYTES} 字节，现在是 {len(key)} 字节。")
        if digest_key is not None and digest_key not in keys:
            raise ValueError(f"没有编号 {digest_key} 的密钥，不能用它计算检索值。")
        self.cipher: CipherName = cipher
        self.newest: int = max(keys)
        self.digest_key: int = min(keys) if digest_key is None else digest_key
        self._keys = {key_id: _Key(bytes(key)) for key_id, key in keys.items()}
        self._header = bytes((_VERSIONS[cipher], self.newest))
        self._digests: dict[str, Callable[[bytes], bytes]] = {}

    def __repr__(self) -> str:
        return f"Vault(keys={sorted(self._keys)}, cipher={self.cipher!r})"

    @staticmethod
    def generate_key() -> bytes:
        """A new random master key of 32 bytes."""
        return os.urandom(KEY_BYTES)

    def seal(self, text: str, *, purpose: str) -> bytes:
        """Encrypt a text; the same text never gives the same bytes twice."""
        return self.seal_bytes(text.encode(), purpose=purpose)

    def seal_bytes(self, data: bytes, *, purpose: str) -> bytes:
        """Encrypt bytes, such as those of an uploaded file."""
        header = self._header
        nonce = os.urandom(_NONCE)
        aad = header + purpose.encode()
        key = self._keys[self.newest]
        if header[0] == 1:
            return header + nonce + key.aes.encrypt(nonce, data, aad)
        encryptor = Cipher(key.sm4, modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(aad)
        return header + nonce + encryptor.update(data) + encryptor.finalize() + encryptor.tag

    def open(self, sealed: bytes | memoryview, *, purpose: str) -> str:
        """Decrypt what :meth:`seal` gave.

        :raises SecretUnreadable: unknown version or key, damaged bytes, or another purpose.
        """
        try:
            return self.open_bytes(sealed, purpose=purpose).decode()
        except UnicodeDecodeError:
            raise SecretUnreadable(_DAMAGED) from None

    def open_bytes(self, sealed: bytes | memoryview, *, purpose: str) -> bytes:
        """Decrypt what :meth:`seal_bytes` gave.

        :raises SecretUnreadable: as :meth:`open`.
        """
        data = bytes(sealed)
        if len(data) < _HEADER + _NONCE + _TAG:
            raise SecretUnreadable("加密内容不完整，无法解密，请从备份恢复这条记录。")
        version, key_id = data[0], data[1]
        key = self._keys.get(key_id)
        if version not in (1, 2):
            raise SecretUnreadable(f"加密内容的版本 {version} 不受支持，请升级系统后再试。")
        if key is None:
            raise SecretUnreadable(f"缺少编号 {key_id} 的密钥，无法解密，请管理员把旧密钥放回配置。")
        aad = data[:_HEADER] + purpose.encode()
        nonce = data[_HEADER : _HEADER + _NONCE]
        try:
            if version == 1:
                return key.aes.decrypt(nonce, data[_HEADER + _NONCE :], aad)
            decryptor = Cipher(key.sm4, modes.GCM(nonce, data[-_TAG:])).decryptor()
            decryptor.authenticate_additional_data(aad)
            return decryptor.update(data[_HEADER + _NONCE : -_TAG]) + decryptor.finalize()
        except InvalidTag:
            raise SecretUnreadable(_DAMAGED) from None

    def needs_resealing(self, sealed: bytes | memoryview) -> bool:
        """Whether a value was sealed with an older key or the other cipher (for a rotation job)."""
        return bytes(sealed[:_HEADER]) != self._header

    def digest(self, text: str, *, purpose: str) -> bytes:
        """Sixteen bytes by which equal texts of one purpose are found without being opened.

        Stable while :attr:`digest_key` and the cipher option stay. Normalise the text first.
        """
        maker = self._digests.get(purpose)
        if maker is None:
            maker = self._digests[purpose] = self._digest_maker(purpose)
        return maker(text.encode())

    def _digest_maker(self, purpose: str) -> Callable[[bytes], bytes]:
        key = self._keys[self.digest_key]
        prefix = purpose.encode() + b"\x00"
        if self.cipher == "AES-GCM":
            secret = key.digest_sha256
            return lambda data: hmac.digest(secret, prefix + data, "sha256")[:DIGEST_BYTES]
        started = key.digest_sm3.copy()
        started.update(prefix)

        def sm3(data: bytes) -> bytes:
            mac = started.copy()
            mac.update(data)
            return mac.finalize()[:DIGEST_BYTES]

        return sm3


def _derive(master: bytes, label: bytes, length: int) -> bytes:
    """HKDF-SHA256 (RFC 5869)."""
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=None, info=label).derive(master)
