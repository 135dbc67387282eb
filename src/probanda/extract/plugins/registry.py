"""Which extractors there are: our own, those that installed packages offer, and what each lacks here.

Guarantees: a name means one extractor; two packages that claim one name give neither, and none may claim a name of
ours. Code of a package is imported only when its extractor is asked for or listed; whatever it raises then is told with
its name. Refuses an extractor whose name, version, languages or resources are not what `contract.Extractor` says.
"""

from __future__ import annotations

import importlib
import importlib.util
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from typing import Final, cast

from probanda.extract.plugins.contract import Extractor

GROUP: Final = "probanda.extractors"
PATH: Final = "path:"  # "path:MODULE:NAME" is an extractor by where it stands in code, for who writes one
MOST_NAME: Final = 60
_NAME = re.compile(r"[a-z0-9][A-Za-z0-9_.:+/-]*")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_SURROGATE = re.compile("[\ud800-\udfff]")

# Name, module and what in it makes the extractor; a name that ends with a colon takes the rest as argument.
_OURS: Final[Mapping[str, tuple[str, str]]] = {
    "english": ("probanda.extract.plugins.english", "EnglishExtractor"),
    "natasha": ("probanda.extract.plugins.natasha", "NatashaExtractor"),
    "spacy:": ("probanda.extract.plugins.spacy_pipeline", "SpacyExtractor"),
}


class UnknownExtractorError(LookupError):
    """There is no such extractor, or it cannot be used. Says what was found and what to do."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One extractor as it is listed: itself, or why it cannot be had (`fault`)."""

    name: str
    origin: str  # "probanda", or name and version of the package that offers it
    extractor: Extractor | None
    fault: str | None


def find(name: str) -> Extractor:
    """The extractor of this name. Raises `UnknownExtractorError`."""
    if name.startswith(PATH):
        return _at(name.removeprefix(PATH))
    head, colon, argument = name.partition(":")
    if (ours := _OURS.get(head + colon)) is not None:
        if colon and not argument:
            raise UnknownExtractorError(f"expected the name of a pipeline after {name!r}, such as spacy:en_core_web_sm")
        return _made(name, lambda: _our(ours, argument))
    offered = _offered().get(name, [])
    if len(offered) > 1:
        packages = " and ".join(sorted(_package(one) for one in offered))
        raise UnknownExtractorError(f"expected one extractor named {name!r}, found one in each of {packages}")
    if not offered:
        known = ", ".join(sorted({*(one.rstrip(":") for one in _OURS), *_offered()}))
        raise UnknownExtractorError(
            f"expected the name of an extractor ({known}), found {name!r:.80}; list them with: probanda readers"
        )
    return _made(name, lambda: _instance(offered[0].load()))


def listed() -> Iterator[Listed]:
    """Every extractor: ours first, then those that packages offer, by name."""
    for name, (module, _) in _OURS.items():
        if not name.endswith(":") and importlib.util.find_spec(module) is not None:
            yield Listed(name, "probanda", find(name), None)
    for name, offered in sorted(_offered().items()):
        for one in offered:
            try:
                if name.partition(":")[0] in {known.rstrip(":") for known in _OURS}:
                    raise UnknownExtractorError("the name is one of Probanda's own")
                yield Listed(name, _package(one), find(name), None)
            except UnknownExtractorError as error:
                yield Listed(name, _package(one), None, str(error))


def faults(extractor: object) -> list[str]:
    """What in an extractor is not as `contract.Extractor` says, in words. Its `propose` is not called."""
    if not isinstance(extractor, Extractor):
        wanted = ("name", "version", "languages", "licence", "missing", "resources", "propose")
        lacking = ", ".join(name for name in wanted if not hasattr(extractor, name))
        return [f"expected name, version, languages, licence, missing, resources and propose, found no {lacking}"]
    found: list[str] = []
    name: object = extractor.name
    if not is_name(name):
        found.append(f"name: expected up to {MOST_NAME} letters, digits and ._:+/-, found {name!r:.80}")
    for what, held in (("version", extractor.version), ("licence", extractor.licence)):
        if not _is_words(held):
            found.append(f"{what}: expected words, found {held!r:.80}")
    languages: object = extractor.languages
    if not isinstance(languages, (tuple, list)) or not languages or not all(map(_is_language, languages)):
        found.append(f'languages: expected codes such as ("en", "uk"), found {languages!r:.80}')
    return found


def resources_of(extractor: Extractor) -> dict[str, str]:
    """Its resources, checked. Raises `UnknownExtractorError`, and whatever they raise."""
    held: object = extractor.resources()
    if not isinstance(held, Mapping) or not all(_is_words(name) and _is_words(one) for name, one in held.items()):
        raise UnknownExtractorError(f"{extractor.name}: expected resources as words by name, found {held!r:.120}")
    return dict(held)


def is_name(value: object) -> bool:
    """Whether this can be the name of an extractor."""
    return isinstance(value, str) and len(value) <= MOST_NAME and _NAME.fullmatch(value) is not None


def _is_words(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= 300 and value.isprintable() and not _SURROGATE.search(value)


def _is_language(value: object) -> bool:
    return isinstance(value, str) and _LANGUAGE.fullmatch(value) is not None


def _our(ours: tuple[str, str], argument: str) -> object:
    made = getattr(importlib.import_module(ours[0]), ours[1])
    return made(argument) if argument else made()


def _at(path: str) -> Extractor:
    module, colon, name = path.partition(":")
    if not (module and colon and name):
        raise UnknownExtractorError(f"expected MODULE:NAME, found {path!r:.120}")

    def load() -> object:
        found: object = importlib.import_module(module)
        for part in name.split("."):
            found = getattr(found, part)
        return _instance(found)

    return _made(path, load)


def _instance(found: object) -> object:
    """The extractor itself: a class or function is called."""
    if isinstance(found, type) or (callable(found) and not isinstance(found, Extractor)):
        return cast("Callable[[], object]", found)()
    return found


def _made(name: str, load: Callable[[], object]) -> Extractor:
    try:
        made = load()
        wrong = faults(made)
    except Exception as error:  # noqa: BLE001 - the border to code of other people: what it raises is told
        made, wrong = None, [f"its code raised {type(error).__name__}: {error!s:.200}"]
    if wrong:
        raise UnknownExtractorError(f"{name} cannot be used: {'; '.join(wrong)}")
    return cast("Extractor", made)


def _offered() -> dict[str, list[EntryPoint]]:
    found: dict[str, list[EntryPoint]] = {}
    for one in entry_points(group=GROUP):
        found.setdefault(one.name, []).append(one)
    return found


def _package(one: EntryPoint) -> str:
    return f"{one.dist.name} {one.dist.version}" if one.dist is not None else "an unnamed package"
