"""unpack: what lies in a container, as blobs of their own (spec/contents.md).

Parameter: `media_type`, as `identify` found it. Outputs: role `contents`, canonical JSON that lists every member, kept
or refused with the reason; and one output for each kept member, roles `member:0001` and on. Containers in the container
are unpacked in the same run, their paths joined by "/"; they are named under `nested` and are no members themselves,
while a message is kept beside its attachments.

Guarantees: nothing is written anywhere: a member is bytes, and its path is words about it. What cannot be kept is
refused by itself and its neighbours are kept. The limits (`containers.found.Limits`) hold whatever the container states
of itself; what they stop is refused with what to do. A container in itself is not opened again. Refuses, as `failed`,
a container of which nothing can be kept. Office files and e-books (Office Open XML, OpenDocument, EPUB) are documents
and none of this step's.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, replace

from probanda.records.canonical import Json, canonical
from probanda.records.derivation import Request
from probanda.steps import identify
from probanda.steps.containers.found import REST, Budget, Damaged, Found, Limits, Stop, over
from probanda.steps.containers.paths import safe_path
from probanda.steps.containers.posts import members_of_mailbox, members_of_message
from probanda.steps.containers.streams import BZIP2, GZIP, XZ, members_of_stream
from probanda.steps.containers.tarred import members_of_plain_tar
from probanda.steps.containers.zipped import members_of_zip, stated_entries
from probanda.steps.mail import MAILBOX, MESSAGE
from probanda.steps.step import GIBIBYTE, Step, StepOutput, StepResult, failed, not_applicable, succeeded

CONTENTS, MEMBER = "contents", "member:"
_ZIP = "application/zip"
_LARGEST = GIBIBYTE  # of a container: it stands in memory beside what comes out of it
_SAFE = 2**53 - 1  # the largest whole number that every JSON reader keeps (RFC 8785, 3.2.2.3)

Path = tuple[str, str | None]  # in safe form, and as it is stored where that differs

_KINDS: Mapping[str, Callable[[bytes, Budget], Iterator[Found]]] = {
    _ZIP: members_of_zip,
    "application/x-tar": members_of_plain_tar,
    **{kind: members_of_stream(kind) for kind in (GZIP, BZIP2, XZ)},
    MAILBOX: members_of_mailbox,
    MESSAGE: members_of_message,
}
CONTAINERS = tuple(sorted(_KINDS))  # media types that this step unpacks
SEALED = tuple(kind for kind in CONTAINERS if kind != MESSAGE)  # those that have no text of their own


def _run(request: Request, inputs: Mapping[str, bytes]) -> StepResult:
    ((sha256, data),) = inputs.items()
    media_type = request.parameters.get("media_type")
    if not isinstance(media_type, str) or media_type not in _KINDS:
        return not_applicable(f"no container of a kind that is unpacked here: {media_type}")
    if len(data) > _LARGEST:
        return failed(f"expected a container of at most {_LARGEST:,} bytes, found {len(data):,}: {over('its size')}")
    return unpack(media_type, data, sha256)


def unpack(media_type: str, data: bytes, sha256: str, limits: Limits | None = None) -> StepResult:
    """The contents of `data`, a container of this media type."""
    work = _Unpacking(limits or Limits())
    reason = work.container(media_type, data, "", 1, frozenset((sha256,)))
    if reason is not None:
        return failed(reason)
    if not work.rows and media_type != MESSAGE:
        return not_applicable("it is empty: it holds no file")
    refused = Counter(str(row["reason"]) for row in work.rows if row["outcome"] == "refused")
    if refused and not work.outputs:
        told = "; ".join(f"{count:,} of them: {why}" for why, count in refused.most_common(3))
        return failed(f"nothing could be kept of {len(work.rows):,} members. {told}")
    contents: dict[str, Json] = {
        "container": {
            "entries_stated": stated_entries(data) if media_type == _ZIP else None,
            "media_type": media_type,
            "sha256": sha256,
            "size": len(data),
        },
        "limits": asdict(work.budget.limits),
        "members": list(work.rows),
        "nested": list(work.nested),
    }
    facts: dict[str, Json] = {
        "kept": len(work.outputs),
        "refused": sum(refused.values()),
        "unpacked_bytes": work.budget.unpacked,
    }
    listed = StepOutput(CONTENTS, canonical(contents), "application/json")
    return succeeded(listed, *work.outputs, facts=facts)


class _Unpacking:
    """One run over one container and what is nested in it."""

    def __init__(self, limits: Limits) -> None:
        self.budget = Budget(limits)
        self.rows: list[dict[str, Json]] = []
        self.nested: list[dict[str, Json]] = []
        self.outputs: list[StepOutput] = []
        self._paths: Counter[str] = Counter()
        self._stopped = False

    def container(self, media_type: str, data: bytes, prefix: str, depth: int, within: frozenset[str]) -> str | None:
        """Unpacks; why not even a beginning could be read, or `None`. A later fault, or a limit, is told in a row."""
        before = len(self.rows)
        try:
            for found in _KINDS[media_type](data, self.budget):
                if self._stopped:
                    return None
                if len(self.rows) >= self.budget.limits.members:
                    raise Stop(over(f"{self.budget.limits.members:,} members"))
                self._member(found, prefix, depth, within)
        except Damaged as error:
            if len(self.rows) == before:
                return str(error)
            self._refused(prefix, Found(REST, None, str(error)))
        except Stop as error:
            if not self._stopped:
                self._stopped = True
                self._refused(prefix, Found(REST, None, f"{error}. Whatever comes after was left as well"))
        return None

    def _member(self, found: Found, prefix: str, depth: int, within: frozenset[str]) -> None:
        data = found.data
        if data is None:
            self._refused(prefix, found)
            return
        sha256 = hashlib.sha256(data).hexdigest()
        if sha256 in within:
            self._refused(prefix, replace(found, reason="it is the container that it lies in, so this has no end"))
            return
        path = self._path(prefix, found)
        media_type = str(identify.identify(data)["media_type"])
        inner = media_type in _KINDS
        if inner and depth >= self.budget.limits.depth:
            deep = f"not opened: {over(f'{self.budget.limits.depth} containers in one another')}"
            self._kept(path, found, data, sha256, deep)
        elif media_type == MESSAGE:
            self._kept(path, found, data, sha256, found.reason)
            self.container(media_type, data, path[0], depth + 1, within | {sha256})
        elif inner:
            self._nested(path, found, media_type, data, sha256, depth, within)
        else:
            self._kept(path, found, data, sha256, found.reason)

    def _nested(
        self, path: Path, found: Found, media_type: str, data: bytes, sha256: str, depth: int, within: frozenset[str]
    ) -> None:
        """A container in a container: what lies in it or, where nothing of that can be had, itself."""
        kept, rows = len(self.outputs), len(self.rows)
        reason = self.container(media_type, data, path[0], depth + 1, within | {sha256})
        if len(self.outputs) > kept or self._stopped:
            self.nested.append({"media_type": media_type, "path": path[0], "sha256": sha256, "size": len(data)})
            return
        if reason is None:
            reason = "it holds no file" if len(self.rows) == rows else "nothing in it could be kept"
        self._kept(path, found, data, sha256, f"kept as it is, since it could not be unpacked: {reason}")

    def _path(self, prefix: str, found: Found) -> Path:
        """The path of a member, made unique, and its stored form where that differs."""
        path, stored = safe_path(found.stored, found.encoding)
        whole = f"{prefix}/{path}" if prefix else path
        unique = whole
        while unique in self._paths:
            self._paths[whole] += 1
            unique = f"{whole} ({self._paths[whole]})"
        self._paths[unique] += 1
        return unique, stored if unique == whole or stored is not None else path

    def _refused(self, prefix: str, found: Found) -> None:
        self._row(self._path(prefix, found), found, found.size, found.reason)

    def _kept(self, path: Path, found: Found, data: bytes, sha256: str, reason: str | None) -> None:
        role = f"{MEMBER}{len(self.outputs) + 1:04d}"
        self.outputs.append(StepOutput(role, data, "application/octet-stream"))
        self._row(path, found, len(data), reason, role, sha256)

    def _row(
        self, path: Path, found: Found, size: int | None, reason: str | None, role: str | None = None,
        sha256: str | None = None,
    ) -> None:  # fmt: skip
        self.rows.append(
            {
                "modified": found.modified,
                "outcome": "refused" if role is None else "kept",
                "path": path[0],
                "reason": reason,
                "role": role,
                "sha256": sha256,
                "size": size if size is not None and size <= _SAFE else None,
                "stored_path": path[1],
            }
        )


def _resources() -> Mapping[str, str]:
    return {"identify": identify.STEP.version, **identify.STEP.resources()}


STEP = Step(
    "unpack",
    "1",
    _run,
    timeout_s=300.0,
    memory_bytes=3 * GIBIBYTE,
    description="the members of an archive or mailbox, the attachments of a message",
    resources=_resources,
)
