"""Small pictures, each different, and some that are none."""

import hashlib
import io
import struct
import zlib

from PIL import Image


def picture(
    seed: int = 0, *, size: tuple[int, int] = (48, 32), kind: str = "JPEG", **options: object
) -> bytes:
    """A picture of one colour, which follows from the seed."""
    colour = ((seed * 37) % 256, (seed * 91) % 256, (seed // 256) % 256)
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, kind, **options)
    content = out.getvalue()
    # Neighbouring seeds may compress to the same bytes: a comment keeps them apart.
    return _with_comment(content, seed) if kind == "JPEG" else content


def _with_comment(jpeg: bytes, seed: int) -> bytes:
    text = f"seed {seed}".encode()
    return jpeg[:2] + b"\xff\xfe" + struct.pack(">H", len(text) + 2) + text + jpeg[2:]


def sha256(content: bytes) -> str:
    """The hash by which a photo is known."""
    return hashlib.sha256(content).hexdigest()


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds next to nothing."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        crc = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + crc

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(b"\0" * 1000)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    )


def moving(kind: str) -> bytes:
    """A picture of two frames."""
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    out = io.BytesIO()
    frames[0].save(out, kind, save_all=True, append_images=frames[1:], duration=100)
    return out.getvalue()
