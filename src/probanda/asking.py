"""Asking a language model about the texts of a case, through an endpoint; its answers become proposals (`steps.read`).

Guarantees: a model is no step, since nobody can make its answer again; so request, answer and what the answer proposes
are kept as blobs under one derivation, which names model, endpoint, template and parameters by value or digest, and
readings are made from these alone, offline. On this machine's own addresses every text may be asked about. To anywhere
else a text goes only through the gate for what leaves the case (`outgoing`, way *export*, audience *public*): the entry
is durable before the first byte leaves, with the digests of what was sent after it; a text of which any item may not go
stays here, and that is recorded with its reason; what was protected while the model was asked stays from then on. An
answer that does not come is recorded as *unavailable*, and is asked for again next time. Asking holds the lock of a
run, so that no item is deleted while a request with its words waits to be kept and would bring them back.

What this cannot know: whether a server on this machine hands on what it is asked, or what a server keeps.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from probanda import __version__
from probanda.acting import AtHand
from probanda.collect.endpoint import Endpoint, EndpointError
from probanda.extract.plugins import asking
from probanda.extract.plugins.proposal import encode_proposal
from probanda.index import contents, queries
from probanda.index.acts import places_of
from probanda.index.work import Group, missing, texts_by_date
from probanda.outgoing import Permit, WaysOut
from probanda.preserve import acts
from probanda.preserve.lock import held
from probanda.preserve.rows import rows_root, with_nonce
from probanda.records.canonical import Json
from probanda.records.derivation import Derivation, Output, Request, encode_rows
from probanda.records.entry import INGESTION, PROTECTION, Agent
from probanda.report.disclosure import refused_items
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
        after another, by `ask`. Raises `ValueError` for a model's name that cannot be one, `Locked` where somebody
        asks, runs or deletes already, and what the gate of the case raises: then nothing left it."""
        extractor = asking.extractor_of(model)
        case = self.at_hand(writing=True)
        with held(case.folder.path / LOCK, 0.0), held(case.folder.run_lock, 0.0):
            case = self.at_hand(writing=True)  # as it is now that nobody deletes
            capabilities = case.random(32).hex()  # what was unavailable may be there by now
            wanted = list(_wanted(case, extractor, asking.parameters(model, whom.host, form), capabilities))
            stayed: dict[str, str] = {}
            permit: Permit | None = None
            door = None if whom.local or not wanted else _Door([request.inputs[0] for request in wanted])
            if door is not None:
                door.look(case)
                reason = f"texts to the endpoint {whom.host}"
                permit = self.permit("export", "public", only=door.items, by=by, reason=reason)
                door.shut(permit)
            answers = _Answers(case, model, ask, capabilities)
            try:
                for done, request in enumerate(wanted):
                    kept = None if door is None else door.keeps(self.at_hand(writing=True), request.inputs[0])
                    if kept is not None:
                        stayed[request.inputs[0]] = kept
                        answers.none(request, f"it does not leave this machine: {kept}")
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


class _Door:
    """Which of these texts (SHA-256) may leave the machine: what the permit lets out, and of that what nobody protected
    since."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts
        self._holders: dict[str, list[str]] = {}
        self._allowed: Collection[str] = ()
        self._refused: Mapping[str, str] = {}
        self._seen: tuple[int, ...] = ()

    @property
    def items(self) -> set[str]:
        """The items that hold these texts."""
        return {one for items in self._holders.values() for one in items}

    def look(self, case: AtHand) -> None:
        """Which items hold what, as it is now."""
        self._seen = _changes(case.alias)
        held = contents.captures_of(case.alias, queries.texts_of(case.alias))
        self._holders = {text: [one.id for one in held.get(text, ())] for text in self._texts}

    def shut(self, permit: Permit) -> None:
        """From now on nothing goes that the permit does not let out."""
        self._allowed, self._refused = permit.captures, permit.refused

    def keeps(self, case: AtHand, text: str) -> str | None:
        """Why the text stays; `None` where it may go."""
        if _changes(case.alias) != self._seen:
            self.look(case)
            held = contents.captures_of(case.alias, queries.texts_of(case.alias))
            every = ((one, [capture.id for capture in of]) for one, of in held.items())
            self._refused = {**self._refused, **refused_items(contents.items(case.alias), every, "public")}
        holders = self._holders[text]
        for one in holders:
            if one in self._refused or one not in self._allowed:
                return self._refused.get(one, "not cleared")
        return None if holders else "no item holds it"


def _changes(alias: str) -> tuple[int, ...]:
    """Of what can change who may have an item, how much there is and the last of it."""
    found = [places_of(alias, act) for act in (PROTECTION, INGESTION)]
    return tuple(number for places in found for number in (len(places), places[-1] if places else -1))


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
