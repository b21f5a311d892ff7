"""Copies the dist files of the browser packages to where pages take them from.

The packages come from npm by package-lock.json; nothing is built, and no file of theirs is committed.
A new one: `npm install --package-lock-only --save-exact NAME`, then its files in FILES below.
"""

import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
PAGES = ROOT / "static" / "vendor"
TESTS = ROOT / "tests" / "vendor"

_PDF_FONTS = (
    *("FoxitDingbats.pfb", "FoxitSymbol.pfb", "LICENSE_FOXIT", "LICENSE_LIBERATION"),
    *(f"FoxitFixed{style}.pfb" for style in ("", "Bold", "Italic", "BoldItalic")),
    *(f"FoxitSerif{style}.pfb" for style in ("", "Bold", "Italic", "BoldItalic")),
    *(f"LiberationSans-{style}.ttf" for style in ("Regular", "Bold", "Italic", "BoldItalic")),
)
# Package → what pages load from it; templates name it as static/vendor/PACKAGE/FILE.
FILES = {
    "bootstrap": ("dist/css/bootstrap.min.css",),
    "htmx.org": ("dist/htmx.min.js",),
    # Shows the very bytes that are signed, in every browser alike; the fonts are for files that embed none.
    "pdfjs-dist": (
        "legacy/build/pdf.min.mjs",
        "legacy/build/pdf.worker.min.mjs",
        "wasm/openjpeg_nowasm_fallback.js",
        *(f"standard_fonts/{name}" for name in _PDF_FONTS),
    ),
    "tabulator-tables": ("dist/js/tabulator_esm.min.mjs", "dist/css/tabulator_simple.min.css"),
}
# The accessibility check of the tests; the program itself never serves it.
TEST_FILES = {"axe-core": ("axe.min.js",)}


def copy_all() -> None:
    """Fill static/vendor and tests/vendor anew, each package with its licence beside it."""
    for folder, packages in ((PAGES, FILES), (TESTS, TEST_FILES)):
        shutil.rmtree(folder, ignore_errors=True)
        for package, files in packages.items():
            _copy(package, files, folder / package)


def missing() -> list[Path]:
    """The files that pages or tests would ask for in vain."""
    wanted = [
        folder / package / Path(file).name
        for folder, packages in ((PAGES, FILES), (TESTS, TEST_FILES))
        for package, files in packages.items()
        for file in files
    ]
    return [path for path in wanted if not path.is_file()]


def _copy(package: str, files: tuple[str, ...], target: Path) -> None:
    target.mkdir(parents=True)
    source = MODULES / package
    for licence in sorted(source.glob("LICEN[CS]E*")):
        shutil.copyfile(licence, target / licence.name)
    for file in files:
        shutil.copyfile(source / file, target / Path(file).name)
