"""Ed25519 key pair that signs the snapshots of an organiser, derived from a stored secret."""

from base64 import urlsafe_b64encode
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


class SigningKey:
    """An organiser's key pair."""

    def __init__(self, seed: bytes) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        self._public = self._private.public_key().public_bytes_raw()

    @property
    def key_id(self) -> str:
        """The id of the public key."""
        return sha256(self._public).hexdigest()[:16]

    @property
    def public(self) -> str:
        """The 32 bytes of the public key in the encoding of a JWK: base64url without padding."""
        return urlsafe_b64encode(self._public).rstrip(b"=").decode()

    def sign(self, text: bytes) -> bytes:
        """Sign a text."""
        return self._private.sign(text)
