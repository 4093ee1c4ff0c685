"""The poster of a gate: one page of A4 whose code leads to the badge."""

import pypdfium2
import pytest
import zxingcpp
from PIL import ImageFilter

from tests.support.estate import Estate


def drawn(content: bytes, dots_per_inch: int = 100):  # type: ignore[no-untyped-def]
    document = pypdfium2.PdfDocument(content)
    assert len(document) == 1
    width, height = document[0].get_size()
    assert (round(width), round(height)) == (595, 842)
    return document[0].render(scale=dots_per_inch / 72).to_pil()


def poster(estate: Estate) -> bytes:
    path = f"/compounds/{estate.compound_id}/gates/{estate.gate_id}/poster.pdf"
    answer = estate.browser(estate.manager).get(path)
    assert answer.status_code == 200
    assert answer.mimetype == "application/pdf"
    return answer.data


@pytest.mark.parametrize("blur", [0, 2])
def test_its_code_leads_to_the_badge_with_the_gate(estate: Estate, blur: int) -> None:
    picture = drawn(poster(estate)).filter(ImageFilter.GaussianBlur(blur))
    (found,) = zxingcpp.read_barcodes(picture)
    assert found.text == "http://localhost/badge?gate=EASTEASTEASTEAST"
    assert found.ec_level == "Q"


def test_it_says_where_it_hangs_in_both_languages(estate: Estate) -> None:
    text = pypdfium2.PdfDocument(poster(estate))[0].get_textpage().get_text_bounded()
    for word in ("East Gate", "Lakeside Garden", "Star Knight".upper()):
        assert word in text
