"""QR codes of the check pages (requisite «Штрих-код (QR-код) документа» of ГОСТ Р 7.0.97-2025)."""

import io


def qr_svg(url: str) -> str:
    """A scalable QR code; level M survives an office stamp on its corner."""
    import segno  # loaded when a code is drawn, web processes stay small

    out = io.BytesIO()
    segno.make_qr(url, error="m").save(
        out, kind="svg", border=2, xmldecl=False, svgclass=None, lineclass=None
    )
    return out.getvalue().decode()


def qr_png(url: str, *, scale: int = 8) -> bytes:
    """The same code as a picture, for files that take no SVG."""
    import segno  # see above

    out = io.BytesIO()
    segno.make_qr(url, error="m").save(out, kind="png", border=2, scale=scale)
    return out.getvalue()
