"""Pictures: cheap checks on arrival, and re-encoding by the worker."""

import io
import warnings
from dataclasses import dataclass

import pillow_heif
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

pillow_heif.register_heif_opener()

MAX_BYTES = 15 * 1024 * 1024
MAX_PIXELS = 40_000_000
FORMATS = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "HEIF": "image/heic"}
LARGE_PX, THUMB_PX = 1600, 320
JPEG_QUALITY = 82
PORTRAIT_PX = (360, 480)
PORTRAIT_BYTES = 25 * 1024
"""What a portrait should weigh at most: phones at gates keep hundreds."""
_PORTRAIT_QUALITIES = (84, 76, 68, 60, 52, 44)
_FACE = (0.5, 0.42)
"""A face sits a little above the centre of a portrait; shares of width and height."""

# Our own bound is checked on the header, before a pixel is decoded.
Image.MAX_IMAGE_PIXELS = None


class BadPicture(Exception):
    """The bytes are no picture that we take. `reason` is one of the codes in REASONS."""

    REASONS = ("empty", "too_large", "not_a_picture", "too_many_pixels", "animated", "broken")

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Header:
    """What the header of a picture says; sizes in pixels, as stored."""

    mime: str
    width: int
    height: int


def read_header(content: bytes) -> Header:
    """Check a picture by its header alone, decoding nothing. Raises BadPicture."""
    if not content:
        raise BadPicture("empty")
    if len(content) > MAX_BYTES:
        raise BadPicture("too_large")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            picture = Image.open(io.BytesIO(content), formats=list(FORMATS))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as error:
        raise BadPicture("not_a_picture") from error
    width, height = picture.size
    if width * height > MAX_PIXELS:
        raise BadPicture("too_many_pixels")
    # A HEIC may hold several stills; only PNG and WebP can move.
    if picture.format in ("PNG", "WEBP") and getattr(picture, "is_animated", False):
        raise BadPicture("animated")
    return Header(FORMATS[picture.format or ""], width, height)


@dataclass(frozen=True)
class Sheet:
    """A re-encoded picture: a JPEG without metadata, and its size in pixels."""

    content: bytes
    width: int
    height: int


def renditions(content: bytes) -> tuple[bytes, bytes]:
    """A large and a small JPEG of a picture: upright, sRGB, without any metadata.

    Raises BadPicture when it cannot be decoded whole.
    """
    large = _fit(_upright(content), LARGE_PX)
    return _encode(large), _encode(_fit(large, THUMB_PX))


def sheet(content: bytes) -> Sheet:
    """A picture upright, sRGB, without any metadata, its longest side 1600 pixels at most.

    Raises BadPicture for what `read_header` refuses, and when it cannot be decoded whole.
    """
    read_header(content)
    fitted = _fit(_upright(content), LARGE_PX)
    return Sheet(_encode(fitted), fitted.width, fitted.height)


def portrait(content: bytes) -> bytes:
    """A picture as a portrait: upright, sRGB, without any metadata, cropped to 3:4, 360 x 480
    pixels, as a JPEG of about 25 KB.

    Raises BadPicture for what `read_header` refuses, and when it cannot be decoded whole.
    """
    read_header(content)
    upright = _upright(content)
    cropped = ImageOps.fit(upright, PORTRAIT_PX, Image.Resampling.LANCZOS, centering=_FACE)
    for quality in _PORTRAIT_QUALITIES:
        encoded = _encode(cropped, quality)
        if len(encoded) <= PORTRAIT_BYTES:
            break
    return encoded


def _upright(content: bytes) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            picture = Image.open(io.BytesIO(content), formats=list(FORMATS))
            picture.draft("RGB", (LARGE_PX, LARGE_PX))  # decodes a JPEG straight at a smaller size
            picture.load()
            return _to_srgb(ImageOps.exif_transpose(picture))
    except Exception as error:  # decoders raise nearly anything on hostile bytes
        raise BadPicture("broken") from error


def _to_srgb(picture: Image.Image) -> Image.Image:
    profile = picture.info.get("icc_profile")
    if picture.mode in ("RGBA", "LA", "P"):
        picture = picture.convert("RGBA")
        ground = Image.new("RGB", picture.size, "white")
        ground.paste(picture, mask=picture.getchannel("A"))
        return ground
    if profile and picture.mode == "RGB":
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"))
            return converted or picture
        except ImageCms.PyCMSError:
            return picture
    return picture.convert("RGB")


def _fit(picture: Image.Image, longest_px: int) -> Image.Image:
    fitted = picture.copy()
    fitted.thumbnail((longest_px, longest_px), Image.Resampling.LANCZOS)
    return fitted


def _encode(picture: Image.Image, quality: int = JPEG_QUALITY) -> bytes:
    clean = Image.frombytes(picture.mode, picture.size, picture.tobytes())
    out = io.BytesIO()
    clean.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
    return out.getvalue()
