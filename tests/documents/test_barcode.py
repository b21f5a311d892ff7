from dataclasses import replace

import pytest

from documents import pdf
from documents.barcode import QUIET_MODULES, code128_modules, code128_svg
from tests.documents import reading


def test_the_symbol_of_a_known_text_is_right():
    # Set B: start, A (33), B (34), checksum (104 + 33 + 2 * 34) mod 103 = 102, stop.
    assert (
        code128_modules("AB")
        == "11010010000" + "10100011000" + "10001011000" + "11110101110" + "1100011101011"
    )


@pytest.mark.parametrize("code", ["", "Вх-00042", "IN\n42"])
def test_what_a_scanner_cannot_type_is_refused(code):
    with pytest.raises(ValueError, match="латинских"):
        code128_modules(code)


def test_the_drawing_keeps_the_quiet_zone():
    width = len(code128_modules("IN-00042-26")) + 2 * QUIET_MODULES
    svg = code128_svg("IN-00042-26")
    assert f'viewBox="0 0 {width} 40"' in svg
    assert f'd="M{QUIET_MODULES} 0h2' in svg


def test_a_printed_label_shows_the_number_and_bars_that_read_back(label):
    made = pdf.render(label)
    assert reading.sizes(made) == [(58, 40)]
    printed = reading.text(made)
    assert "№ Вх-00042/26" in printed
    assert "от 21.11.2026" in printed
    assert "Шкаф 3, полка 2" in printed
    assert "IN-00042-26" in printed

    image = reading.picture(made, dots_per_mm=40)
    strip = image.crop((0, int(image.height * 0.7), image.width, int(image.height * 0.72)))
    left, _, right, _ = reading.dark_box(strip)
    modules = code128_modules("IN-00042-26")
    step = (right - left) / len(modules)
    seen = "".join(
        "1" if strip.getpixel((int(left + (n + 0.5) * step), 5)) < 128 else "0" for n in range(len(modules))
    )
    assert seen == modules


def test_a_long_number_shrinks_and_stays_on_the_label(label):
    made = pdf.render(
        replace(label, number="Исх-02-02/0000042-2026-дополнительный", code="OUT-02-02-0000042-2026")
    )
    assert max(box.right for char, box in reading.characters(made, 0) if not char.isspace()) <= 57
    assert len(reading.pages(made)) == 1
