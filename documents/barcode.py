"""Code 128 for the labels of paper originals: what a hand scanner reads and types into the search box."""

QUIET_MODULES = 10  # the empty margin the symbology asks for on both sides (ISO/IEC 15417, 4.4.1)


def code128_modules(code: str) -> str:
    """Dark (1) and light (0) modules of the symbol, with start, checksum and stop."""
    from barcode.codex import Code128  # type: ignore[import-untyped]  # loaded when a label is drawn, web processes stay small

    if not code or not code.isascii() or not code.isprintable():
        raise ValueError(f"Штрих-код составляют из латинских букв, цифр и знаков: {code!r}")
    (modules,) = Code128(code).build()
    return str(modules)


def code128_svg(code: str, *, height: int = 40) -> str:
    """The symbol as SVG, one unit a module; the printed size is the caller's."""
    modules = "0" * QUIET_MODULES + code128_modules(code) + "0" * QUIET_MODULES
    bars = "".join(f"M{start} 0h{length}v{height}h-{length}z" for start, length in _bars(modules))
    size = f'viewBox="0 0 {len(modules)} {height}" width="{len(modules)}" height="{height}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}><path d="{bars}"/></svg>'


def _bars(modules: str) -> list[tuple[int, int]]:
    """Start and length of every dark bar."""
    bars: list[tuple[int, int]] = []
    position = 0
    while position < len(modules):
        length = len(modules[position:]) - len(modules[position:].lstrip(modules[position]))
        if modules[position] == "1":
            bars.append((position, length))
        position += length
    return bars
