"""Trains the English tagger, parser and name finder that Probanda ships, and scores it.

    python training/train_english.py --data DATA --out FOLDER [--steps N] [--seed N]
    python training/train_english.py --data DATA --score FOLDER

DATA holds `treebanks/`, `uner/` and `entities/re3d/` (training/README.md says where each comes from). One process, one
thread; the same data, seed, library versions and processor give the same weights. Test parts are read only to score.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.training import Example
from thinc.api import Adam, Config, fix_random_seed

import treebank
from probanda.extract.text.parsing import surface
from treebank import Sentence

WIDTH, DEPTH = 64, 4
CONFIG = f"""
[nlp]
lang = "en"
pipeline = ["tok2vec","tagger","parser","ner"]
batch_size = 64

[components]

[components.tok2vec]
factory = "tok2vec"

[components.tok2vec.model]
@architectures = "spacy.Tok2Vec.v2"

[components.tok2vec.model.embed]
@architectures = "spacy.MultiHashEmbed.v2"
width = {WIDTH}
attrs = ["NORM","PREFIX","SUFFIX","SHAPE"]
rows = [6000,1000,2500,1000]
include_static_vectors = false

[components.tok2vec.model.encode]
@architectures = "spacy.MaxoutWindowEncoder.v2"
width = {WIDTH}
depth = {DEPTH}
window_size = 1
maxout_pieces = 3

[components.tagger]
factory = "tagger"

[components.tagger.model]
@architectures = "spacy.Tagger.v2"

[components.tagger.model.tok2vec]
@architectures = "spacy.Tok2VecListener.v1"
width = {WIDTH}

[components.parser]
factory = "parser"
min_action_freq = 20

[components.parser.model]
@architectures = "spacy.TransitionBasedParser.v2"
state_type = "parser"
extra_state_tokens = false
hidden_width = 64
maxout_pieces = 2
use_upper = true

[components.parser.model.tok2vec]
@architectures = "spacy.Tok2VecListener.v1"
width = {WIDTH}

[components.ner]
factory = "ner"

[components.ner.model]
@architectures = "spacy.TransitionBasedParser.v2"
state_type = "ner"
extra_state_tokens = false
hidden_width = 48
maxout_pieces = 2
use_upper = true

[components.ner.model.tok2vec]
@architectures = "spacy.Tok2VecListener.v1"
width = {WIDTH}
"""


def blank() -> Language:
    return spacy.util.load_model_from_config(Config().from_str(CONFIG), auto_fill=True, validate=True)


def doc_of(nlp: Language, sentence: Sentence) -> Doc:
    """The sentence as it is given to the model at run time too: the reader's tokens, marks written one way."""
    tokens = sentence.tokens
    spaces = [one.end < other.start for one, other in pairwise(tokens)]
    return Doc(nlp.vocab, [surface(token.text) for token in tokens], [*spaces, False])


def example(nlp: Language, sentence: Sentence) -> Example:
    given, told = doc_of(nlp, sentence), doc_of(nlp, sentence)
    if sentence.heads is not None and sentence.tags is not None and sentence.relations is not None:
        told = Doc(
            nlp.vocab, [t.text for t in told], [bool(t.whitespace_) for t in told], tags=list(sentence.tags),
            heads=list(sentence.heads), deps=list(sentence.relations),
        )  # fmt: skip
    if sentence.names is not None:
        told.set_ents([Span(told, first, last, kind) for first, last, kind in sentence.names], default="outside")
    return Example(given, told)


def score(nlp: Language, sentences: Sequence[Sentence]) -> dict[str, float]:
    """Shares of 100: tags; heads and labelled heads without punctuation; names, exact span and kind."""
    tags = trees = heads = labelled = tagged = right = found = gold = 0
    docs = nlp.pipe([doc_of(nlp, sentence) for sentence in sentences], batch_size=64)
    for sentence, doc in zip(sentences, docs, strict=True):
        if sentence.tags is not None and sentence.heads is not None and sentence.relations is not None:
            for place, token in enumerate(doc):
                tagged += 1
                tags += token.tag_ == sentence.tags[place]
                if sentence.relations[place] == "punct":
                    continue
                trees += 1
                if token.head.i == sentence.heads[place]:
                    heads += 1
                    labelled += token.dep_ == sentence.relations[place]
        if sentence.names is not None:
            said = {(span.start, span.end, span.label_) for span in doc.ents}
            right += len(said & set(sentence.names))
            found += len(said)
            gold += len(sentence.names)
    out = {}
    if trees:
        out = {"tag": 100 * tags / tagged, "uas": 100 * heads / trees, "las": 100 * labelled / trees}
    if gold:
        precision, recall = right / max(found, 1), right / gold
        out |= {"names_p": 100 * precision, "names_r": 100 * recall}
        out["names_f"] = 200 * precision * recall / max(precision + recall, 1e-9)
    return {name: round(value, 2) for name, value in out.items()} | {"tokens": tagged, "names": gold}


def batches(nlp: Language, sentences: Sequence[Sentence], chance: random.Random) -> Iterator[list[Example]]:
    """Endless: every sentence once a round, in a new order, about `words` words at a time."""
    while True:
        order = list(range(len(sentences)))
        chance.shuffle(order)
        held: list[Example] = []
        words = 0
        for place in order:
            held.append(example(nlp, sentences[place]))
            words += len(sentences[place].tokens)
            if words >= 1000:
                yield held
                held, words = [], 0


def train(data: Path, out: Path, steps: int, seed: int) -> None:
    fix_random_seed(seed)
    chance = random.Random(seed)
    sentences, dropped = treebank.read_gum_ewt(data / "treebanks/en_open_train.conllu.gz")
    more, lost = treebank.read_ewt(data / "treebanks/en_ewt_dev.conllu.gz", data / "uner/en_ewt_dev.iob2.gz")
    named = treebank.read_re3d(data / "entities/re3d")
    dev, _ = treebank.read_gum_ewt(data / "treebanks/en_open_dev.conllu.gz")
    sentences = [s for s in [*sentences, *more, *named] if len(s.tokens) <= 200]
    print(f"{len(sentences)} sentences, {dropped + lost} left out", flush=True)
    nlp = blank()
    nlp.initialize(lambda: [example(nlp, sentence) for sentence in sentences])
    optimizer = Adam(0.001, beta1=0.9, beta2=0.999, L2=0.01, L2_is_weight_decay=True, grad_clip=1.0, use_averages=True)
    best, begun = 0.0, time.monotonic()
    losses: dict[str, float] = {}
    stream = batches(nlp, sentences, chance)
    for step in range(1, steps + 1):
        optimizer.learn_rate = (
            0.001 * min(1.0, step / 250) * (1.0 if step < steps * 0.5 else 2 * (1 - step / steps) + 0.02)
        )
        nlp.update(next(stream), drop=0.1, sgd=optimizer, losses=losses)
        if step % 500 == 0 or step == steps:
            with nlp.use_params(optimizer.averages):
                found = score(nlp, dev)
                value = found["las"] + 0.5 * found["names_f"] + 0.5 * found["tag"]
                kept = value > best
                if kept:
                    best = value
                    nlp.to_disk(out, exclude=["vocab_lookups"])
            rounded = {name: round(loss) for name, loss in losses.items()}
            print(step, f"{time.monotonic() - begun:.0f}s", found, rounded, "kept" if kept else "", flush=True)
            losses = {}


def ship(folder: Path, out: Path) -> None:
    """Puts what the runtime needs beside each other, and nothing else, with the digest of each file."""
    nlp = spacy.load(folder)
    out.mkdir(parents=True, exist_ok=True)
    for old in sorted(out.rglob("*"), reverse=True):
        if old.is_file() and old.parts[len(out.parts)] in (*nlp.pipe_names, "config.json", "digests.json"):
            old.unlink()
    nlp.to_disk(out, exclude=["tokenizer", "vocab"])
    (out / "config.cfg").unlink()
    (out / "meta.json").unlink()
    config = json.loads(json.dumps(nlp.config))
    (out / "config.json").write_text(json.dumps(config, indent=1, sort_keys=True) + "\n", "utf-8")
    kept = [path for name in nlp.pipe_names for path in (out / name).iterdir()] + [out / "config.json"]
    digests = {path.relative_to(out).as_posix(): treebank.sha256(path) for path in kept}
    (out / "digests.json").write_text(json.dumps(digests, indent=1, sort_keys=True) + "\n", "utf-8")


def report(data: Path, folder: Path) -> dict[str, dict[str, float]]:
    nlp = spacy.load(folder)
    open_test, _ = treebank.read_gum_ewt(data / "treebanks/en_open_test.conllu.gz")
    ewt_test, _ = treebank.read_ewt(data / "treebanks/en_ewt_test.conllu.gz", data / "uner/en_ewt_test.iob2.gz")
    return {"GUM open test": score(nlp, open_test), "EWT test": score(nlp, ewt_test)}


def main() -> int:
    parser = argparse.ArgumentParser(description="Trains the English tagger, parser and name finder.")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, help="where the weights go")
    parser.add_argument("--score", type=Path, help="only score the weights in this folder")
    parser.add_argument("--ship", type=Path, help="put what is shipped into this folder (src/probanda/models/en)")
    parser.add_argument("--steps", type=int, default=6000)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    folder = given.score
    if folder is None:
        if given.out is None:
            parser.error("expected --out or --score")
        folder = given.out
        train(given.data, folder, given.steps, given.seed)
    if given.ship is not None:
        ship(folder, given.ship)
    print(json.dumps(report(given.data, folder), indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
