"""Asking a language model about the texts of a case, through an endpoint; its answers become proposals (`steps.read`).

Guarantees: a model is no step, since nobody can make its answer again; so request, answer and what the answer proposes
are kept as blobs under one derivation, which names model, endpoint, template and parameters by value or digest, and
readings are made from these alone, offline. On this machine's own addresses every text may be asked about. To anywhere
else a text goes only through the gate for what leaves the case (`outgoing`, way *export*, audience *public*): the entry
is durable before the first byte leaves, with the digests of what was sent after it; a text of which any item may not go
stays here, and that is recorded with its reason. An answer that does not come is recorded as *unavailable*, and is
asked for again next time.

What this cannot know: whether a server on this machine hands on what it is asked, or what a server keeps.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from probanda import __version__
from probanda.acting import AtHand
from probanda.collect.endpoint import Endpoint, EndpointError
from probanda.extract.plugins import asking
from probanda.extract.plugins.proposal import encode_proposal
from probanda.index import contents, queries
from probanda.index.work import Group, missing, texts_by_date
from probanda.outgoing import Permit, WaysOut
from probanda.preserve import acts
from probanda.preserve.lock import held
from probanda.preserve.rows import rows_root, with_nonce
from probanda.records.canonical import Json
from probanda.records.derivation import Derivation, Output, Request, encode_rows
from probanda.records.entry import Agent
from probanda.steps.propose import PREFIX, ROLE
from probanda.steps.step import TEXT_STEPS

LOCK: Final = "ask.lock"
_LISTED: Final = 500  # digests in one entry; more would come near its greatest size
LANGUAGES: Final = ("en", "uk", "ru")
_SOFTWARE: Final = Agent(f"software:probanda {__version__}", "executing program")

Ask = Callable[[bytes], bytes]  # what is sent -> what came back; raises `EndpointError`


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of asking: how many texts were answered (and of these, with rubbish), and by SHA-256 of a text why it
    was not asked about or not answered."""

    answered: int
    rubbish: int
    not_answered: Mapping[str, str]
    stayed: Mapping[str, str]


class Asking(WaysOut):
    """What an archive does with models behind an endpoint."""

    def ask_model(
        self,
        whom: Endpoint,
        model: str,
        ask: Ask,
        *,
        form: str = "json_schema",
        by: str | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> Asked:
        """Asks `model` at the endpoint about every text that it was not asked about yet with these parameters, one
        after another, by `ask`. Raises `ValueError` for a model's name that cannot be one, `Locked` where somebody asks
        already, and what the gate of the case raises: then nothing left it."""
        extractor = asking.extractor_of(model)
        case = self.at_hand(writing=True)
        with held(case.folder.path / LOCK, 0.0):
            capabilities = case.random(32).hex()  # what was unavailable may be there by now
            wanted = list(_wanted(case, extractor, asking.parameters(model, whom.host, form), capabilities))
            stayed: dict[str, str] = {}
            permit: Permit | None = None
            if not whom.local and wanted:
                holders = contents.captures_of(case.alias, queries.texts_of(case.alias))
                items = {
                    request.inputs[0]: [one.id for one in holders.get(request.inputs[0], ())] for request in wanted
                }
                asked_about = {one for ids in items.values() for one in ids}
                reason = f"texts to the endpoint {whom.host}"
                permit = self.permit("export", "public", only=asked_about, by=by, reason=reason)
                for text, ids in items.items():
                    kept = [permit.refused.get(one, "not cleared") for one in ids if one not in permit.captures]
                    if kept or not ids:
                        stayed[text] = (kept or ["no item holds it"])[0]
            answers = _Answers(case, model, ask, capabilities)
            try:
                for done, request in enumerate(wanted):
                    if request.inputs[0] in stayed:
                        answers.none(request, f"it does not leave this machine: {stayed[request.inputs[0]]}")
                    else:
                        answers.take(request)
                    if progress is not None:
                        progress(done + 1, len(wanted))
            finally:
                for start in range(0, len(answers.sent) if permit is not None else 0, _LISTED):
                    assert permit is not None
                    self.left(permit, files=list(answers.sent[start : start + _LISTED]))
        return Asked(answers.answered, answers.rubbish, answers.without, stayed)


def _wanted(case: AtHand, extractor: str, asked: Mapping[str, Json], capabilities: str) -> Iterator[Request]:
    """What was not asked yet: every text in a language that is read here."""
    groups = (
        Group({**group.parameters, **asked}, group.subjects)
        for group in texts_by_date(case.alias, TEXT_STEPS, "text", "language", "language")
        if group.parameters["language"] in LANGUAGES
    )
    return missing(case.alias, PREFIX + extractor, asking.VERSION, asking.resources(), groups, capabilities)


class _Answers:
    """Asks, keeps and commits, one text at a time."""

    def __init__(self, case: AtHand, model: str, ask: Ask, capabilities: str) -> None:
        self._case, self._model, self._ask, self._capabilities = case, model, ask, capabilities
        self.sent: list[str] = []  # SHA-256 of every request, in order
        self.answered = self.rubbish = 0
        self.without: dict[str, str] = {}

    def take(self, request: Request) -> None:
        language, published = request.parameters["language"], request.parameters["published"]
        text = self._case.truth.read(request.inputs[0]).decode("utf-8")
        if len(text) > asking.MOST_CHARS:
            self.none(request, f"expected at most {asking.MOST_CHARS} characters, found {len(text)}")
            return
        sent = asking.request_body(
            text, str(language), None if published is None else str(published), request.parameters
        )
        self.sent.append(hashlib.sha256(sent).hexdigest())
        try:
            response = self._ask(sent)
        except EndpointError as error:
            self.none(request, str(error))
            return
        proposal = asking.proposal_of(response, self._model)
        blobs = (("asked", sent), ("response", response), (ROLE, encode_proposal(proposal)))
        outputs = tuple(
            Output(role, ref.sha256, ref.size)
            for (role, _), ref in zip(blobs, self._case.folder.blobs.put_all([data for _, data in blobs]), strict=True)
        )
        facts: dict[str, Json] = {"records": proposal.records, "refused": len(proposal.refused)}
        self._commit(Derivation(request, "succeeded", None, outputs, facts))
        self.answered += 1
        self.rubbish += not proposal.records and bool(proposal.refused)

    def none(self, request: Request, reason: str) -> None:
        self.without[request.inputs[0]] = reason
        self._commit(Derivation(request, "unavailable", reason[:300], extra={"capabilities": self._capabilities}))

    def _commit(self, found: Derivation) -> None:
        rows = encode_rows([with_nonce(found, self._case.random)])
        agents = (Agent(self._case.folder.agent, "implementer"), _SOFTWARE)
        self._case.commit([acts.derivation(self._case.folder.blobs.put(rows), 1, rows_root(rows), agents=agents)])
