"""Canonical JSON (RFC 8785) and ids that follow from content.

Guarantees: one value has exactly one encoding; what `parse_canonical` accepts re-encodes to the same bytes.
Refuses: NaN and infinities, integers beyond 2**53 - 1 (other readers would round them), lone surrogates, keys that are
not strings, duplicate keys, and nesting deeper than `MAX_DEPTH` (which could exhaust a reader's stack). Standard
library only, so that the verifier can be lifted out of the project.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from json.encoder import encode_basestring
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"
else:
    Json = Any  # read by `codec` at run time, where a recursive alias cannot be resolved

MAX_SAFE_INTEGER = 2**53 - 1
MAX_DEPTH = 100  # arbitrary; our deepest record needs 12


class CanonicalError(ValueError):
    """The value has no canonical form, or the bytes are not in it. The message says where and what was found."""


def canonical(value: Json) -> bytes:
    """The RFC 8785 encoding of `value` in UTF-8. Raises `CanonicalError`."""
    if _is_plain(value, 0):
        text = _encode(value)
    else:
        out: list[str] = []
        _write(value, out, "$", 0)
        text = "".join(out)
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise CanonicalError(f"a string holds a lone surrogate (at {error.start}), which UTF-8 cannot carry") from error


def digest(value: Json) -> str:
    """SHA-256 of the canonical encoding, 64 lower-case hexadecimal digits."""
    return hashlib.sha256(canonical(value)).hexdigest()


def identify(kind: str, value: Json) -> str:
    """An id that follows from content: `kind:` and the full SHA-256 of the canonical encoding.

    The digest is not shortened: 96 bits can be collided on purpose, and then one id names two records.
    """
    return f"{kind}:{digest(value)}"


def parse_canonical(data: bytes) -> Json:
    """The value encoded in `data`. Raises `CanonicalError` unless `data` is its canonical encoding, to the byte."""
    value = parse_json(data)
    if canonical(value) != data:
        raise CanonicalError("expected canonical JSON (RFC 8785), found JSON written in another way")
    return value


def parse_json(data: bytes) -> Json:
    """The JSON value in `data`, written in any way. Raises `CanonicalError` for what canonical JSON cannot hold."""
    try:
        value: Json = json.loads(
            data.decode("utf-8"), object_pairs_hook=_pairs, parse_constant=_constant, parse_int=_integer
        )
    except CanonicalError:
        raise
    except (ValueError, RecursionError) as error:
        raise CanonicalError(f"expected JSON in UTF-8, found something else: {error}") from error
    return value


def _pairs(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise CanonicalError(f"the key {twice!r} stands twice in one object")
    return found


def _integer(digits: str) -> Json:
    """Digits beyond the safe integers are a float, as RFC 8785 reads every number: 1e20 is written without exponent."""
    if len(digits) < 16:
        return int(digits)
    value = float(digits)
    return value if abs(value) > MAX_SAFE_INTEGER else int(value)


def _constant(name: str) -> Json:
    raise CanonicalError(f"{name} is no JSON number")


# The library's encoder gives the canonical form of what `_is_plain` lets through, several times faster than `_write`.
_encode = json.JSONEncoder(ensure_ascii=False, check_circular=False, sort_keys=True, separators=(",", ":")).encode


def _is_plain(value: Json, depth: int) -> bool:
    """Whether nothing in `value` needs the long way: no very large or small numbers, and keys in ASCII only, where the
    order by code point is the order by UTF-16 unit."""
    kind = type(value)
    if kind is str or value is None or kind is bool:
        return True
    if kind is int:
        return -MAX_SAFE_INTEGER <= value <= MAX_SAFE_INTEGER  # type: ignore[operator]
    if kind is float:  # between these, Python and ECMAScript write the same digits
        return 1e-4 <= abs(value) < 1e15 and not value.is_integer()  # type: ignore[union-attr, arg-type]
    if depth >= MAX_DEPTH:
        return False
    if kind is dict:
        for name, inner in value.items():  # type: ignore[union-attr]
            if type(name) is not str or not name.isascii() or not _is_plain(inner, depth + 1):
                return False
        return True
    if kind is list or kind is tuple:
        return all(_is_plain(inner, depth + 1) for inner in value)  # type: ignore[union-attr]
    return False


def _write(value: Json, out: list[str], path: str, depth: int) -> None:
    if isinstance(value, str):
        out.append(encode_basestring(value))
    elif value is None:
        out.append("null")
    elif value is True:
        out.append("true")
    elif value is False:
        out.append("false")
    elif isinstance(value, int):
        if abs(value) > MAX_SAFE_INTEGER:
            raise CanonicalError(f"{path}: {value} is beyond 2**53 - 1; write it as a string")
        out.append(str(value))
    elif isinstance(value, float):
        out.append(_number(value, path))
    elif depth >= MAX_DEPTH:
        raise CanonicalError(f"expected at most {MAX_DEPTH} levels of nesting, found more at {path:.80}")
    elif isinstance(value, Mapping):
        out.append("{")
        for place, name in enumerate(sorted(_names(value, path), key=_utf16)):
            out.append(("," if place else "") + encode_basestring(name) + ":")
            _write(value[name], out, f"{path}.{name}", depth + 1)
        out.append("}")
    elif isinstance(value, (list, tuple)):
        out.append("[")
        for place, item in enumerate(value):
            if place:
                out.append(",")
            _write(item, out, f"{path}[{place}]", depth + 1)
        out.append("]")
    else:
        raise CanonicalError(f"{path}: expected a JSON value, found {type(value).__name__}")


def _names(value: Mapping[str, Json], path: str) -> list[str]:
    for name in value:
        if not isinstance(name, str):
            raise CanonicalError(f"{path}: expected text as a key, found {name!r}")
    return list(value)


def _utf16(name: str) -> bytes:
    """RFC 8785 section 3.2.3 sorts keys by UTF-16 code units, which differs from code points above U+FFFF."""
    return name.encode("utf-16-be", "surrogatepass")


def _number(value: float, path: str) -> str:
    """RFC 8785 section 3.2.2.3: the shortest digits that read back the same, laid out as ECMAScript does."""
    if not math.isfinite(value):
        raise CanonicalError(f"{path}: {value} is no JSON number")
    if value == 0:
        return "0"
    mantissa, _, exponent = f"{value!r}".partition("e")
    sign = "-" if mantissa.startswith("-") else ""
    whole, _, fraction = mantissa.lstrip("-").partition(".")
    point = len(whole) + int(exponent or "0")
    digits = whole + fraction
    stripped = digits.lstrip("0")
    point -= len(digits) - len(stripped)
    digits = stripped.rstrip("0")
    size = len(digits)
    if size <= point <= 21:
        return sign + digits + "0" * (point - size)
    if 0 < point <= 21:
        return sign + digits[:point] + "." + digits[point:]
    if -6 < point <= 0:
        return sign + "0." + "0" * -point + digits
    power = point - 1
    tail = f"e{'+' if power > 0 else '-'}{abs(power)}"
    return sign + digits[0] + ("." + digits[1:] if size > 1 else "") + tail
