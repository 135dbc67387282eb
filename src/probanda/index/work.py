"""The work list: which requests have no derivation yet. It is a query, and there is no queue.

Guarantees: a request is missing until the log has its derivation; only one that was *unavailable* is missing again,
when the machine's capabilities are others than then. The list is drawn page by page in the order of the subjects, so
that memory stays constant and rows may be committed while it is drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from probanda.index import models
from probanda.index.members import kept
from probanda.records.canonical import Json
from probanda.records.derivation import Request

_PAGE = 500  # subjects; arbitrary


@dataclass(frozen=True, slots=True)
class Group:
    """Subjects (SHA-256, one column named `subject`) that are to be asked with the same parameters. `further` gives the
    inputs behind each of the subjects that it is told, where a step takes more than one."""

    parameters: Mapping[str, Json]
    subjects: QuerySet[Any, Any]
    further: Callable[[Sequence[str]], Mapping[str, tuple[str, ...]]] | None = None


def missing(
    alias: str, step: str, version: str, resources: Mapping[str, str], groups: Iterator[Group], capabilities: str
) -> Iterator[Request]:
    """Requests of this step, at this version and with these resources, that have no derivation that stands."""
    for group in groups:
        wanted = _without(alias, Request(step, version, (), group.parameters, resources), group, capabilities)
        last = ""
        while True:
            page = [str(row["subject"]) for row in wanted.filter(subject__gt=last)[:_PAGE]]
            further = group.further(page) if group.further is not None else {}
            for subject in page:
                yield Request(step, version, (subject, *further.get(subject, ())), group.parameters, resources)
            if len(page) < _PAGE:
                break
            last = page[-1]


def count_missing(
    alias: str, step: str, version: str, resources: Mapping[str, str], groups: Iterator[Group], capabilities: str
) -> int:
    """How many requests `missing` would give now."""
    return sum(
        _without(alias, Request(step, version, (), group.parameters, resources), group, capabilities).count()
        for group in groups
    )


def _without(alias: str, model: Request, group: Group, capabilities: str) -> QuerySet[Any, Any]:
    """The subjects that have no derivation that stands for the request which is like `model` but for its input."""
    standing = models.Derivation.objects.using(alias).filter(
        ~Q(outcome="unavailable") | Q(capabilities=capabilities),
        step=model.step,
        setting=model.setting,
        subject=OuterRef("subject"),
    )
    subjects: QuerySet[Any, Any] = group.subjects.filter(~Exists(standing)).order_by("subject").distinct()
    return subjects


def captured(alias: str) -> Iterator[Group]:
    """Every captured blob, with no parameters."""
    yield Group({}, _subjects(models.Capture.objects.using(alias).exclude(blob=""), "blob"))  # "": deleted


def captured_and_members(alias: str) -> Iterator[Group]:
    """Every captured blob and every member of one that is a container, each once, with no parameters."""
    yield from captured(alias)
    direct = models.Capture.objects.using(alias).filter(blob=OuterRef("blob"))
    yield Group({}, _subjects(kept(alias).filter(~Exists(direct)), "blob"))


def containers(alias: str, step: str, media_types: Collection[str]) -> Iterator[Group]:
    """Captured blobs, not members, of which `step` found one of these media types; the type is the parameter."""
    found = models.Derivation.objects.using(alias).filter(step=step, current=True, outcome="succeeded")
    direct = found.filter(subject__in=models.Capture.objects.using(alias).values("blob"))
    for media_type in sorted(media_types):
        yield Group({"media_type": media_type}, direct.filter(facts__media_type=media_type).values("subject"))


def by_facts(alias: str, step: str, names: tuple[str, ...], without: Collection[str] = ()) -> Iterator[Group]:
    """The subjects of `step`, grouped by what it found; each fact becomes the parameter of the same name. Not those of
    which the first fact is one of `without`."""
    found = models.Derivation.objects.using(alias).filter(step=step, current=True, outcome="succeeded")
    keys = [f"facts__{name}" for name in names]
    for values in sorted(set(found.values_list(*keys).distinct()), key=repr):
        if values[0] in without:
            continue
        same = found.filter(*(_is(key, value) for key, value in zip(keys, values, strict=True)))
        yield Group(dict(zip(names, values, strict=True)), same.values("subject"))


def of_types(alias: str, types: Sequence[str]) -> Iterator[Group]:
    """The blobs whose media type is one of `types`, by that type."""
    found = models.Derivation.objects.using(alias).filter(step="identify", current=True, outcome="succeeded")
    for media_type in types:
        same = found.filter(facts__media_type=media_type)
        yield Group({"media_type": media_type}, same.values("subject"))


def without_text_layer(alias: str, media_type: str) -> Iterator[Group]:
    """The blobs of this type that have pages of which the step `text` found no text layer."""
    found = models.Derivation.objects.using(alias).filter(
        step="text", current=True, parameters__media_type=media_type, facts__pages_without_text__gt=0
    )
    yield Group({"media_type": media_type}, found.values("subject"))


def _is(key: str, value: Json) -> Q:
    """A fact that an older version of the step did not state counts as `null`."""
    return Q(**{key: value}) if value is not None else Q(**{key: None}) | Q(**{f"{key}__isnull": True})


def outputs_of(alias: str, steps: str | Sequence[str], role: str) -> Iterator[Group]:
    """The outputs of this role that any of `steps` gave, with no parameters."""
    yield Group({}, _subjects(_outputs(alias, steps, role), "sha256"))


def texts_by_date(alias: str, steps: str | Sequence[str], role: str, language_step: str, fact: str) -> Iterator[Group]:
    """The outputs of this role whose language is known, by that language and by each publication date of a capture of
    the bytes that they were made from, or of a container of them: the same text under two dates is two things to read,
    under one date is one."""
    captures = models.Capture.objects.using(alias)
    known = models.Derivation.objects.using(alias).filter(step=language_step, current=True, outcome="succeeded")
    languages = sorted(str(found) for found in known.values_list(f"facts__{fact}", flat=True).distinct() if found)
    dates = sorted(set(captures.values_list("published", flat=True).distinct()), key=lambda date: date or "")
    for published in dates:
        same_date = captures.filter(published=published) if published else captures.filter(published__isnull=True)
        dated = _outputs(alias, steps, role).filter(_made_from(alias, same_date.values("blob")))
        for language in languages:
            spoken = known.filter(**{f"facts__{fact}": language}).values("subject")
            subjects = _subjects(dated.filter(sha256__in=spoken), "sha256")
            yield Group({"published": published, "language": language}, subjects)


def with_proposals(alias: str, groups: Iterator[Group], steps: Sequence[str], role: str) -> Iterator[Group]:
    """`groups` of texts, parted by which of `steps` gave an output of this role about them and with what setting; these
    are told as the parameter `extractors`, and the outputs are the inputs behind the text. Without any output a group
    is as it was."""
    for group in groups:
        held = [_settings(alias, step, group) for step in steps]
        for chosen in product(*([None, *settings] for settings in held)):
            asked = [(step, found) for step, found in zip(steps, chosen, strict=True) if found is not None]
            subjects = group.subjects
            for step, found in zip(steps, chosen, strict=True):
                standing = Exists(
                    _standing(alias, step, group, None if found is None else found[1], OuterRef("subject"))
                )
                subjects = subjects.filter(standing if found is not None else ~standing)
            if not asked:
                yield replace(group, subjects=subjects)
                continue
            told: list[Json] = [
                {"name": step.partition(":")[2], "version": version, "setting": setting}
                for step, (version, setting) in asked
            ]
            yield Group({**group.parameters, "extractors": told}, subjects, _outputs_behind(alias, group, asked, role))


def imports(alias: str, dumps: Sequence[str]) -> Iterator[Group]:
    """The files of imported gazetteers, by SHA-256, with no parameters."""
    yield Group({}, _subjects(models.Blob.objects.using(alias).filter(sha256__in=list(dumps)), "sha256"))


def with_tables(
    alias: str, groups: Iterator[Group], step: str, role: str, named: Mapping[str, Mapping[str, Json]], last: str
) -> Iterator[Group]:
    """`groups` with the output of this role that `step` made of each imported file, as the last inputs, and what these
    files are as the parameter `gazetteers`; `last` tells apart what was asked before and after an import."""
    rows = models.DerivationOutput.objects.using(alias).filter(
        role=role, derivation__step=step, derivation__current=True, derivation__outcome="succeeded",
        derivation__subject__in=list(named),
    )  # fmt: skip
    made = dict(rows.values_list("derivation__subject", "sha256"))
    told: list[Json] = [dict(about) for dump, about in named.items() if dump in made]
    tables = tuple(made[dump] for dump in named if dump in made)
    for group in groups:
        parameters = {**group.parameters, "gazetteers": told, "gazetteer": last}
        yield Group(parameters, group.subjects, _behind(group, tables))


def _behind(group: Group, tables: tuple[str, ...]) -> Callable[[Sequence[str]], Mapping[str, tuple[str, ...]]]:
    def further(page: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
        before = group.further(page) if group.further is not None else {}
        return {subject: (*before.get(subject, ()), *tables) for subject in page}

    return further


def _settings(alias: str, step: str, group: Group) -> list[tuple[str, str]]:
    """Version and setting of every proposal of the step that stands about texts of this date and language."""
    rows = _standing(alias, step, group, None, None).values_list("version", "setting").distinct()
    return sorted({(str(version), str(setting)) for version, setting in rows})


def _standing(alias: str, step: str, group: Group, setting: str | None, subject: Any) -> QuerySet[models.Derivation]:
    rows = models.Derivation.objects.using(alias).filter(step=step, current=True, outcome="succeeded")
    published = group.parameters.get("published")
    rows = rows.filter(published=published) if published else rows.filter(published__isnull=True)
    rows = rows.filter(parameters__language=group.parameters.get("language"))
    if setting is not None:
        rows = rows.filter(setting=setting)
    return rows if subject is None else rows.filter(subject=subject)


def _outputs_behind(
    alias: str, group: Group, asked: Sequence[tuple[str, tuple[str, str]]], role: str
) -> Callable[[Sequence[str]], Mapping[str, tuple[str, ...]]]:
    def further(page: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = dict.fromkeys(page, ())
        for step, (_, setting) in asked:
            rows = models.DerivationOutput.objects.using(alias).filter(
                role=role, derivation__in=_standing(alias, step, group, setting, None).filter(subject__in=list(page))
            )
            for subject, sha256 in rows.values_list("derivation__subject", "sha256"):
                found[subject] = (*found[subject], sha256)
        return found

    return further


def _made_from(alias: str, blobs: QuerySet[Any, Any]) -> Q:
    """Outputs of derivations about these blobs or about members of them."""
    members = kept(alias).filter(container__in=blobs)
    return Q(derivation__subject__in=blobs) | Q(derivation__subject__in=members.values("blob"))


def _outputs(alias: str, steps: str | Sequence[str], role: str) -> QuerySet[models.DerivationOutput]:
    named = (steps,) if isinstance(steps, str) else tuple(steps)
    return models.DerivationOutput.objects.using(alias).filter(
        role=role, derivation__step__in=named, derivation__current=True, derivation__outcome="succeeded"
    )


def _subjects(rows: QuerySet[Any], column: str) -> QuerySet[Any, Any]:
    found: QuerySet[Any, Any] = rows.annotate(subject=F(column)).values("subject")
    return found
