"""QR codes on pages: one path of SVG."""

from qrcodegen import QrCode

from app.lib.pdf import QUIET, dark_runs


def svg_path(code: QrCode) -> tuple[str, int]:
    """The dark modules as the data of one path, and the side of the picture in modules with the
    quiet zone."""
    size = code.get_size()
    parts = (
        f"M{start + QUIET} {row + QUIET}h{end - start}v1h-{end - start}z"
        for row in range(size)
        for start, end in dark_runs(code, row)
    )
    return "".join(parts), size + 2 * QUIET
