"""Many texts that are alike, told briefly: names and addresses differ mostly in their numbers.

"星湖街218号" is the pattern "星湖街\\n号" and the number 218. Patterns stand once in the file.
"""

import re
from collections.abc import Sequence
from itertools import chain
from typing import Any

GAP = "\n"
"""Where a number was."""
_NUMBER = re.compile(r"(?<!\d)[1-9]\d{0,8}(?!\d)", re.ASCII)


def packed(*texts: Sequence[str]) -> dict[str, Any]:
    """One column for each language of the same things, in this order.

    `patterns`: a list for each language; `of`: which of them each thing has; `numbers`: those of
    the first language in a row; `others`: {"language.index": numbers} where they differ from those.
    """
    split = [[_split(text) for text in column] for column in texts]
    rows = list(zip(*split, strict=True))
    alike = [tuple(pattern for pattern, _numbers in row) for row in rows]
    places = {patterns: at for at, patterns in enumerate(dict.fromkeys(alike))}
    return {
        "patterns": [[patterns[language] for patterns in places] for language in range(len(texts))],
        "of": [places[patterns] for patterns in alike],
        "numbers": list(chain.from_iterable(row[0][1] for row in rows)),
        "others": {
            f"{language}.{at}": row[language][1]
            for at, row in enumerate(rows)
            for language in range(1, len(texts))
            if row[language][1] != row[0][1]
        },
    }


def _split(text: str) -> tuple[str, list[int]]:
    text = text.replace(GAP, " ")
    return _NUMBER.sub(GAP, text), [int(number) for number in _NUMBER.findall(text)]
