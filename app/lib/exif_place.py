"""Where a picture says it was taken: the GPS part of its Exif (JEITA CP-3451, 4.6.6)."""

import io
import warnings
from collections.abc import Sequence
from typing import Any

from PIL import Image
from PIL.ExifTags import GPS, IFD

FORMATS = ("JPEG", "HEIF")
"""What cameras write. For the Exif of a PNG the whole picture would be decoded."""
Degrees = tuple[float, float]
"""Latitude and longitude in WGS-84."""


def place_of(content: bytes) -> Degrees | None:
    """Where a picture says it was taken; None when it does not, or says nonsense."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
                gps = dict(picture.getexif().get_ifd(IFD.GPSInfo))
            latitude = _degrees(gps[GPS.GPSLatitude], gps[GPS.GPSLatitudeRef], "NS")
            longitude = _degrees(gps[GPS.GPSLongitude], gps[GPS.GPSLongitudeRef], "EW")
    except Exception:  # decoders raise nearly anything on hostile bytes
        return None
    return believable(latitude, longitude)


def _degrees(parts: Sequence[Any], side: str, sides: str) -> float:
    degrees, minutes, seconds = (float(part) for part in parts)
    sign = {sides[0]: 1, sides[1]: -1}[side.strip("\0 ")]
    return sign * (degrees + minutes / 60 + seconds / 3600)


def believable(latitude: float, longitude: float) -> Degrees | None:
    """The place if there is such a one. Cameras without a fix write zeros."""
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):  # NaN falls through too
        return None
    return None if latitude == 0 and longitude == 0 else (latitude, longitude)
