"""A case file as one self-contained HTML page.

Guarantees: no request leaves the page, whatever the sources hold: there is no script, no image, no font, no form and no
link out of the page, and the content security policy forbids them besides (only the page's own style sheet is admitted,
by its hash). Map and timeline are drawn inside it. Every text from outside is escaped by `markup` or `drawing`. The
page reads without its style sheet, by keyboard, by screen reader and on A4 paper. Pure: the same case file and language
give the same page.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from functools import cache
from importlib.resources import files

from probanda.report import (
    page_compared,
    page_content,
    page_custody,
    page_figures,
    page_incidents,
    page_origins,
    page_overview,
    page_plans,
    page_procedures,
)
from probanda.report.contents import CaseFile
from probanda.report.markup import Child, Html, el, join, link, plain, visible
from probanda.report.page_parts import Pen, code
from probanda.report.tongue import Language, Tongue

Writer = Callable[[CaseFile, Pen], Html]

# In the order of the page; "texts" follows. The name is the key of the heading and of the section's id.
SECTIONS: tuple[tuple[str, Writer], ...] = (
    ("notice", page_custody.notice),
    ("overview", page_overview.overview),
    ("incidents", page_incidents.incidents),
    ("figures", page_figures.figures),
    ("origins", page_origins.origins),
    ("compared", page_compared.compared),
    ("statements", page_content.statements),
    ("happened", page_content.happened),
    ("apart", page_content.apart),
    ("map", page_plans.map_section),
    ("timeline", page_plans.timeline_section),
    ("procedures", page_procedures.procedures),
    ("labels", page_content.labels),
    ("things", page_content.things),
    ("sources", page_overview.sources),
    ("judgements", page_custody.decisions),
    ("items", page_custody.holdings),
    ("gaps", lambda casefile, pen: join(page_overview.gaps(casefile, pen), page_custody.failures(casefile, pen))),
    ("integrity", page_custody.integrity),
    ("glossary", page_overview.glossary),
)


def html(casefile: CaseFile, language: Language = "en") -> str:
    """The page, complete from `<!DOCTYPE html>`; to be written in UTF-8."""
    tongue = Tongue(language)
    names = [name for name, _ in SECTIONS] + ["texts"]
    numbers: dict[str, Child] = {
        f"section_{name}": link(f"s-{name}", tongue.text("section.number", n=str(n)))
        for n, name in enumerate(names, start=1)
    }
    tongue = Tongue(language, numbers)
    pen = Pen(casefile, tongue)
    written = [(name, write(casefile, pen)) for name, write in SECTIONS]
    preserved, split = page_custody.texts(casefile, pen)
    written.append(("texts", preserved))
    restricted = tongue.text("restricted")
    style = _style() + "".join(_split_rule(anchor) for anchor in split)
    style += _every_sheet(restricted) if casefile.restricted else ""
    banner = el("p", restricted, class_="banner", role="note") if casefile.restricted else None
    counts = _counts(casefile)
    contents = [
        el("li", link(f"s-{name}", tongue.text(f"section.{name}")),
           el("span", f" {tongue.number(counts[name])}", class_="count") if name in counts else None)
        for name, _ in written
    ]  # fmt: skip
    body = join(
        link("main", tongue.text("skip"), class_="skip"),
        banner,
        el("header", _title(casefile, pen)),
        el("nav", el("h2", tongue.text("contents")), el("ol", *contents), aria_label=tongue.text("contents")),
        el("main", *(_section(n, name, content, tongue) for n, (name, content) in enumerate(written, start=1)),
           id="main"),
        el("footer", banner, el("p", tongue.say("end", case=code(casefile.case_id)))),
    )  # fmt: skip
    head = join(
        el("meta", charset="utf-8"),
        el("meta", http_equiv="Content-Security-Policy", content=_policy(style)),
        el("meta", name="referrer", content="no-referrer"),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        Html(f"<title>{visible(plain(casefile.title))} – {tongue.text('kicker').lower()}</title>"),
        Html(f"<style>{style}</style>"),
    )
    return f"<!DOCTYPE html>\n{el('html', el('head', head), el('body', body), lang=language)}\n"


def _title(casefile: CaseFile, pen: Pen) -> Html:
    facts = (
        ("title.case", code(casefile.case_id)),
        ("title.prepared", pen.day(casefile.generated_at)),
        ("title.log_size", pen.tongue.number(casefile.log_size)),
        ("title.root", el("code", casefile.log_root, class_="hash")),
        ("title.software", f"Probanda {casefile.software_version}"),
        ("title.integrity", pen.tongue.fixed(casefile.integrity)),
    )
    return join(
        el("p", pen.say("kicker"), class_="kicker"),
        el("h1", el("bdi", casefile.title)),
        el("dl", *(join(el("dt", pen.say(key)), el("dd", value)) for key, value in facts)),
    )


def _section(number: int, name: str, content: Html, tongue: Tongue) -> Html:
    heading = el("h2", el("span", f"{number}.", class_="sn"), " ", tongue.text(f"section.{name}"), id=f"h-{name}")
    return el("section", heading, content, id=f"s-{name}", aria_labelledby=f"h-{name}")


def _counts(casefile: CaseFile) -> dict[str, int]:
    """How many lines each section has, for the table of contents."""
    return {
        "incidents": len(casefile.incidents),
        "figures": sum(len(group.said) + len(group.apart) for group in casefile.figures),
        "origins": len(casefile.origins),
        "compared": len(casefile.comparisons),
        "statements": sum(len(group.statements) for group in casefile.statements),
        "happened": len(casefile.happened),
        "apart": sum(len(group.lines) for group in casefile.apart),
        "map": len(casefile.map.points) if casefile.map else 0,
        "timeline": sum(mark.track != "published" for mark in casefile.timeline.marks) if casefile.timeline else 0,
        "procedures": sum(len(group.lines) for group in casefile.procedures) + len(casefile.pledges),
        "labels": len(casefile.labels),
        "things": len(casefile.places) + len(casefile.weapons) + len(casefile.objects),
        "sources": len(casefile.sources),
        "judgements": len(casefile.judgements),
        "items": len(casefile.items),
        "gaps": len(casefile.gaps),
        "integrity": len(casefile.checks),
        "texts": len(casefile.texts),
    }


def _policy(style: str) -> str:
    own = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{own}'; base-uri 'none'; form-action 'none'"


def _every_sheet(marking: str) -> str:
    """Paper leaves the bundle sheet by sheet, so the marking stands on each. The words are the catalogue's own."""
    return f'@page{{@top-center{{content:"{marking}";font:8pt sans-serif;color:#8a1c1c}}}}\n'


def _split_rule(anchor: str) -> str:
    """Highlights the further pieces of a passage when its first is the target. The anchor is of our own making."""
    return f":root:has(#{anchor}:target) .{anchor}{{background:var(--hit)}}\n"


@cache
def _style() -> str:
    return files("probanda.report").joinpath("casefile.css").read_text(encoding="utf-8")
