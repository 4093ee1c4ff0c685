"""Pictures as a phone's camera makes them: large, each different."""

import io
import random
from functools import lru_cache

from PIL import Image, ImageDraw


@lru_cache(maxsize=64)
def scene(seed: int, width: int = 1200, height: int = 900) -> bytes:
    """A JPEG of coloured discs that follow from the seed."""
    chance = random.Random(seed)
    picture = Image.new("RGB", (width, height), (120, 160, 200))
    draw = ImageDraw.Draw(picture)
    for _disc in range(120):
        x, y, size = chance.randrange(width), chance.randrange(height), chance.randrange(20, 200)
        colour = tuple(chance.randrange(256) for _channel in range(3))
        draw.ellipse((x, y, x + size, y + size), fill=colour)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=85)
    return out.getvalue()
