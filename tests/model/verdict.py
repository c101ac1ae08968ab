"""Whether a result is what the model expects."""

import re

from database import Failed
from values import LENGTH_LIMIT, Check, Fault, TooBig, decode, display, encode


def expectation(model, *arguments):
    try:
        return model(*arguments)
    except (Fault, TooBig) as error:
        return error


def agrees(name, expected, got):
    if isinstance(got, Failed):
        if got.code == 18:
            return isinstance(expected, TooBig) or may_be_too_big(expected)
        return isinstance(expected, Fault) and got.code == 1 and any(re.match(name + ": " + p, got.text, re.S) for p in expected.patterns)
    if isinstance(expected, (Fault, TooBig)):
        return False
    if isinstance(expected, Check):
        if isinstance(got, bytes):
            elements = decode(got)
            return got == encode(elements) and expected.holds(elements)
        return expected.holds(got)
    if isinstance(expected, list):
        try:
            expected = encode(expected)
        except OverflowError:
            return False
        if len(expected) > LENGTH_LIMIT:
            return False
    return type(got) is type(expected) and got == expected


def may_be_too_big(expected):
    """A result is refused whose size is known only when it has been made, where elements of 8 bytes would be too big;
    and text that is too big as UTF-16."""
    if isinstance(expected, (Check, Fault)):
        return expected.most > LENGTH_LIMIT
    if isinstance(expected, list):
        return 8 + 8 * len(expected) > LENGTH_LIMIT
    return isinstance(expected, str) and 2 * len(expected) > LENGTH_LIMIT


def tell(expected):
    if isinstance(expected, Check):
        return expected.what
    if isinstance(expected, Fault):
        return "an error: " + " or ".join(expected.patterns)
    if isinstance(expected, TooBig):
        return "SQLITE_TOOBIG"
    return display(encode(expected) if isinstance(expected, list) else expected)
