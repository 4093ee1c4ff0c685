"""P-256 keys and signatures as SK1 writes them: 33-byte points, 64-byte signatures.

A point is compressed (SEC 1, 2.3.3), a signature is ECDSA with SHA-256, r then s, each 32 bytes
(IEEE P1363, which is what WebCrypto gives and takes).
"""

from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

POINT_BYTES = 33
SIGNATURE_BYTES = 64
_ECDSA = ec.ECDSA(SHA256())


@lru_cache(maxsize=8192)
def public_key(point: bytes) -> ec.EllipticCurvePublicKey:
    """The key of a compressed point. Raises ValueError when it lies on no curve of ours."""
    if len(point) != POINT_BYTES:
        raise ValueError("a compressed point has 33 bytes")
    return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)


def is_point(point: bytes) -> bool:
    """Whether these bytes are a compressed point of the curve."""
    try:
        public_key(point)
    except ValueError:
        return False
    return True


def compressed(key: ec.EllipticCurvePublicKey) -> bytes:
    """A key as its compressed point."""
    return key.public_bytes(Encoding.X962, PublicFormat.CompressedPoint)


def sign(key: ec.EllipticCurvePrivateKey, message: bytes) -> bytes:
    """The 64-byte signature of a message."""
    r, s = utils.decode_dss_signature(key.sign(message, _ECDSA))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def verify(point: bytes, signature: bytes, message: bytes) -> bool:
    """Whether the key of this point signed the message. False for what is no point or signature."""
    if len(signature) != SIGNATURE_BYTES:
        return False
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    try:
        public_key(point).verify(utils.encode_dss_signature(r, s), message, _ECDSA)
    except (InvalidSignature, ValueError):
        return False
    return True
