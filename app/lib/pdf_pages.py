"""A page of a PDF as a picture. Reading PDF is native code on a stranger's bytes: it runs in a
process of its own, with bounds on memory and time, which answers a picture or nothing.
"""

import io
import resource
import subprocess
import sys
from pathlib import Path

MAX_BYTES = 15 * 1024 * 1024
MAX_PAGES = 500
LONGEST_PX = 1600
MEMORY_BYTES = 1024 * 1024 * 1024
CPU_S, WAIT_S = 8, 12
MAGIC = b"%PDF-"
_BROKEN, _NO_SUCH_PAGE, _LOCKED = 3, 4, 5


class BadPdf(Exception):
    """The page cannot be had. `reason` is too_large, broken, locked or no_such_page; `pages` how
    many there are, where that is known."""

    def __init__(self, reason: str, pages: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.pages = pages


def is_pdf(content: bytes) -> bool:
    """Whether bytes say that they are a PDF (ISO 32000-1, 7.5.2; readers look at the first KB)."""
    return MAGIC in content[:1024]


def page_picture(content: bytes, number: int) -> bytes:
    """A page (1 is the first) as a PNG, its longest side 1600 pixels at most. Raises BadPdf."""
    if len(content) > MAX_BYTES:
        raise BadPdf("too_large")
    try:
        done = subprocess.run(  # noqa: S603 (our own interpreter, our own file, a number)
            [sys.executable, "-I", str(Path(__file__)), *map(str, (number, MEMORY_BYTES, CPU_S))],
            input=content, capture_output=True, timeout=WAIT_S, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise BadPdf("broken") from error
    if done.returncode == _NO_SUCH_PAGE:
        raise BadPdf("no_such_page", int(done.stdout))
    if done.returncode == _LOCKED:
        raise BadPdf("locked")
    if done.returncode != 0 or not done.stdout:
        raise BadPdf("broken")
    return done.stdout


def _render() -> int:
    """Read a PDF from the standard input, and write a page of it; answers the exit code."""
    import pypdfium2
    from pypdfium2.raw import FPDF_ERR_PASSWORD, FPDF_GetLastError

    content = sys.stdin.buffer.read()
    number, memory_bytes, cpu_s = map(int, sys.argv[1:])
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s))
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError:
        return _LOCKED if FPDF_GetLastError() == FPDF_ERR_PASSWORD else _BROKEN
    pages = min(len(document), MAX_PAGES)
    if not 1 <= number <= pages:
        sys.stdout.write(str(pages))
        return _NO_SUCH_PAGE
    page = document[number - 1]
    picture = page.render(scale=LONGEST_PX / max(*page.get_size(), 1.0)).to_pil()
    picture.thumbnail((LONGEST_PX, LONGEST_PX))  # rounding may have added a pixel
    out = io.BytesIO()
    picture.convert("RGB").save(out, "PNG", compress_level=1)
    sys.stdout.buffer.write(out.getvalue())
    return 0


if __name__ == "__main__":
    sys.exit(_render())
