"""Say which dotted names a pattern of bans means; both sides of the sandbox read patterns by these rules."""

from __future__ import annotations

import re
from fnmatch import translate
from functools import lru_cache

_NAMES = (
    (r"(builtins|__builtins__)\.", ""),
    (r"tnp\.", "tensorflow.experimental.numpy."),
    (r"np\.", "numpy."),
    (r"tf\.", "tensorflow."),
    (r"tensorflow\.(_api\.v2|compat\.v2)\.", "tensorflow."),
    # Keras lies in TensorFlow in several places, and is the same in each.
    (r"(tensorflow|keras)\.(.*\.)?keras\.", "keras."),
    (r"keras\.(src|api)\.", "keras."),
)


@lru_cache(maxsize=1 << 14)
def full_name(name: str) -> str:
    """Return one name for a thing that libraries have under several."""
    for pattern, replacement in _NAMES:
        name = re.sub(rf"\A{pattern}", replacement, name)
    return name


def short_name(name: str) -> str:
    """Return a full name as a course writes it."""
    return re.sub(r"\Anumpy\.", "np.", re.sub(r"\Atensorflow\.", "tf.", name))


def is_banned(name: str, patterns: tuple[str, ...]) -> bool:
    """Return whether a dotted name is banned, or part of what is banned."""
    return compiled(patterns).match(full_name(name)) is not None


@lru_cache(maxsize=256)
def compiled(patterns: tuple[str, ...]) -> re.Pattern[str]:
    """Return the expression of all patterns. It takes milliseconds, and a course has a few dozen sets of patterns."""
    both = (text for pattern in map(full_name, patterns) for text in (pattern, f"{pattern}.*"))
    return re.compile("|".join(map(translate, both)))
