"""Pictures: refused by their header, or re-encoded without what they should not tell."""

import io
import tracemalloc

import pytest
from PIL import Image

from app.lib import imaging
from app.lib.imaging import BadPicture, read_header, renditions
from tests.support.pictures import moving, picture, png_header

GPS_IFD, ORIENTATION = 0x8825, 0x0112
SUZHOU = {1: "N", 2: (31.0, 19.0, 9.0), 3: "E", 4: (120.0, 40.0, 25.0)}


def _with_exif(size: tuple[int, int] = (60, 40), orientation: int = 1) -> bytes:
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    exif[0x010F] = "A phone's maker"
    exif.get_ifd(GPS_IFD).update(SUZHOU)
    return picture(1, size=size, exif=exif)


def _opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def _reason(content: bytes) -> str:
    with pytest.raises(BadPicture) as caught:
        read_header(content)
    return caught.value.reason


@pytest.mark.parametrize(
    ("kind", "mime"),
    [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/webp"), ("HEIF", "image/heic")],
)
def test_the_four_kinds_are_taken(kind: str, mime: str) -> None:
    content = picture(3, size=(64, 48), kind=kind)
    assert read_header(content) == imaging.Header(mime, 64, 48)
    assert _opened(renditions(content)[0]).format == "JPEG"


def test_the_place_in_the_exif_is_gone() -> None:
    content = _with_exif()
    assert dict(_opened(content).getexif().get_ifd(GPS_IFD))
    for rendition in renditions(content):
        assert not dict(_opened(rendition).getexif())
        assert "exif" not in _opened(rendition).info
        assert b"A phone's maker" not in rendition


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_no_metadata_of_any_kind_is_kept(kind: str) -> None:
    exif = Image.Exif()
    exif[0x010F] = "A phone's maker"
    content = picture(1, kind=kind, exif=exif, xmp=b"<x>secret xmp</x>")
    for rendition in renditions(content):
        assert b"secret xmp" not in rendition
        assert set(_opened(rendition).info) <= {
            "jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive", "progression", "dpi"
        }  # fmt: skip


@pytest.mark.parametrize(("orientation", "size"), [(1, (60, 40)), (6, (40, 60)), (8, (40, 60))])
def test_a_turned_picture_stands_upright(orientation: int, size: tuple[int, int]) -> None:
    large, _thumb = renditions(_with_exif((60, 40), orientation))
    assert _opened(large).size == size


def test_sizes_are_bounded_and_the_shape_kept() -> None:
    large, thumb = renditions(picture(2, size=(4000, 3000)))
    assert _opened(large).size == (1600, 1200)
    assert _opened(thumb).size == (320, 240)


def test_a_small_picture_is_not_blown_up() -> None:
    large, thumb = renditions(picture(2, size=(50, 30)))
    assert _opened(large).size == _opened(thumb).size == (50, 30)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "L", "1", "I;16", "CMYK"])
def test_every_colour_mode_is_read(mode: str) -> None:
    kind = "JPEG" if mode == "CMYK" else "PNG"
    out = io.BytesIO()
    Image.new(mode, (20, 20)).save(out, kind)
    assert _opened(renditions(out.getvalue())[0]).mode == "RGB"


def test_a_huge_picture_is_refused_without_decoding_a_pixel() -> None:
    bomb = png_header(30_000, 30_000)
    tracemalloc.start()
    assert _reason(bomb) == "too_many_pixels"
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 5_000_000


def test_forty_megapixels_are_the_bound() -> None:
    assert read_header(png_header(8_000, 5_000)).width == 8_000
    assert _reason(png_header(8_001, 5_000)) == "too_many_pixels"


def test_forty_megabytes_are_refused() -> None:
    assert _reason(b"\xff\xd8\xff" + bytes(40 * 1024 * 1024)) == "too_large"


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_moving_pictures_are_refused(kind: str) -> None:
    assert _reason(moving(kind)) == "animated"


@pytest.mark.parametrize(
    "content",
    [b"just words in a file named .jpg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"\xff\xd8",
     b"GIF89a\1\0\1\0\0\0\0;", b"%PDF-1.7", b"\x89PNG\r\n\x1a\n", bytes(5000)],
)  # fmt: skip
def test_what_is_no_picture_is_refused(content: bytes) -> None:
    assert _reason(content) == "not_a_picture"


def test_an_empty_file_is_refused() -> None:
    assert _reason(b"") == "empty"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_a_picture_cut_short_is_broken(kind: str) -> None:
    whole = picture(4, size=(900, 700), kind=kind)
    with pytest.raises(BadPicture, match="broken"):
        renditions(whole[: len(whole) * 2 // 3])
