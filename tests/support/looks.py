"""Pictures of one scene that differ as phones and people make them differ, and photos with Exif."""

import io
from collections.abc import Callable, Mapping

from PIL import Image, ImageEnhance

from tests.support.scenes import scene


def _open(seed: int) -> Image.Image:
    return Image.open(io.BytesIO(scene(seed))).convert("RGB")


def _jpeg(picture: Image.Image, quality: int = 85, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality, **options)
    return out.getvalue()


def _cropped(picture: Image.Image, share: float) -> Image.Image:
    width, height = picture.size
    left, top = int(width * share / 2), int(height * share / 2)
    return picture.crop((left, top, width - left, height - top))


VARIANTS: Mapping[str, Callable[[int], bytes]] = {
    "recompressed": lambda seed: _jpeg(_open(seed), 40),
    "resized": lambda seed: _jpeg(_open(seed).resize((640, 480))),
    "brighter": lambda seed: _jpeg(ImageEnhance.Brightness(_open(seed)).enhance(1.25)),
    "darker": lambda seed: _jpeg(ImageEnhance.Brightness(_open(seed)).enhance(0.75)),
    "more contrast": lambda seed: _jpeg(ImageEnhance.Contrast(_open(seed)).enhance(1.3)),
    "cropped by a fiftieth": lambda seed: _jpeg(_cropped(_open(seed), 0.02)),
}
"""What happens to one photo without its being another, by name; each takes a scene's seed."""


def with_place(
    seed: int, latitude: float, longitude: float, *, kind: str = "JPEG", size: int = 64
) -> bytes:
    """A photo whose Exif says where it was taken."""
    exif = Image.Exif()
    exif.get_ifd(0x8825).update({
        1: "N" if latitude >= 0 else "S", 2: _dms(latitude),
        3: "E" if longitude >= 0 else "W", 4: _dms(longitude),
    })  # fmt: skip
    picture, out = _open(seed).resize((size, size)), io.BytesIO()
    picture.save(out, kind, exif=exif.tobytes())
    return out.getvalue()


def _dms(degrees: float) -> tuple[float, float, float]:
    whole, rest = divmod(abs(degrees) * 3600, 3600)
    return (whole, *divmod(rest, 60))
