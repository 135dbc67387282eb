"""A case file as one self-contained HTML page.

Guarantees: no request leaves the page, whatever the sources hold: there is no script, no image, no font, no form and no
link out of the page, and the content security policy forbids them besides (only the page's own style sheet is admitted,
by its hash). Every text from outside is escaped by `markup`. The page reads without its style sheet, by keyboard, by
screen reader and on A4 paper. Pure: the same case file gives the same page.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files

from probanda.report import page_content, page_custody, page_figures, prose
from probanda.report.contents import CaseFile
from probanda.report.markup import Html, el, join, link, plain, visible
from probanda.report.page_parts import Paragraphs, code, day

# Paper leaves the bundle sheet by sheet, so the marking stands on each.
_EVERY_SHEET = f'@page{{@top-center{{content:"{prose.RESTRICTED}";font:8pt sans-serif;color:#8a1c1c}}}}\n'


def html(casefile: CaseFile) -> str:
    """The page, complete from `<!DOCTYPE html>`; to be written in UTF-8."""
    num = Paragraphs()
    sections = [
        ("What this document is", page_custody.notice(casefile, num), None),
        ("Integrity", page_custody.integrity(casefile, num), len(casefile.checks)),
        ("Figures by source over time", page_figures.figures(casefile, num), _figure_count(casefile)),
        ("Statements: who said what", page_content.statements(casefile, num), _statement_count(casefile)),
        ("Said to have happened", page_content.happened(casefile, num), len(casefile.happened)),
        ("Expected, threatened, planned, promised, alleged, possible, denied",
         page_content.apart(casefile, num), sum(len(group.lines) for group in casefile.apart)),
        ("Legal labels used by the sources", page_content.labels(casefile, num), len(casefile.labels)),
        ("Places, weapons, objects", page_content.things(casefile, num),
         len(casefile.places) + len(casefile.weapons) + len(casefile.objects)),
        ("What persons have decided", page_custody.judgements(casefile, num), len(casefile.judgements)),
        ("Items, failures, what is missing", page_custody.holdings(casefile, num), len(casefile.items)),
    ]  # fmt: skip
    preserved, split = page_custody.texts(casefile, num)
    sections.append(("The preserved texts", preserved, len(casefile.texts)))
    style = _style() + "".join(_split_rule(anchor) for anchor in split) + (_EVERY_SHEET if casefile.restricted else "")
    banner = el("p", prose.RESTRICTED, class_="banner", role="note") if casefile.restricted else None
    contents = [
        el("li", link(f"s{n}", heading), el("span", f" {count:,}", class_="count") if count is not None else None)
        for n, (heading, _, count) in enumerate(sections, start=1)
    ]
    body = join(
        link("main", "Skip to the text", class_="skip"),
        banner,
        el("header", _title(casefile)),
        el("nav", el("h2", "Contents"), el("ol", *contents), aria_label="Contents"),
        el("main", *(_section(n, *section[:2]) for n, section in enumerate(sections, start=1)), id="main"),
        el("footer", banner, el("p", "End of the case file ", code(casefile.case_id), ".")),
    )
    head = join(
        el("meta", charset="utf-8"),
        el("meta", http_equiv="Content-Security-Policy", content=_policy(style)),
        el("meta", name="referrer", content="no-referrer"),
        el("meta", name="viewport", content="width=device-width"),
        Html(f"<title>{visible(plain(casefile.title))} – case file</title>"),
        Html(f"<style>{style}</style>"),
    )
    return f"<!DOCTYPE html>\n{el('html', el('head', head), el('body', body), lang='en')}\n"


def _title(casefile: CaseFile) -> Html:
    facts = (
        ("Case", code(casefile.case_id)),
        ("Prepared", day(casefile.generated_at)),
        ("From the log at size", f"{casefile.log_size:,}"),
        ("Root", el("code", casefile.log_root, class_="hash")),
        ("Software", f"Probanda {casefile.software_version}"),
        ("Integrity", casefile.integrity),
    )
    return join(
        el("p", "Case file", class_="kicker"),
        el("h1", el("bdi", casefile.title)),
        el("dl", *(join(el("dt", name), el("dd", value)) for name, value in facts)),
    )


def _section(number: int, heading: str, content: Html) -> Html:
    title = el("h2", el("span", f"{number}.", class_="sn"), " ", heading, id=f"h{number}")
    return el("section", title, content, id=f"s{number}", aria_labelledby=f"h{number}")


def _figure_count(casefile: CaseFile) -> int:
    return sum(len(group.said) + len(group.apart) for group in casefile.figures)


def _statement_count(casefile: CaseFile) -> int:
    return sum(len(group.statements) for group in casefile.statements)


def _policy(style: str) -> str:
    own = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{own}'; base-uri 'none'; form-action 'none'"


def _split_rule(anchor: str) -> str:
    """Highlights the further pieces of a passage when its first is the target. The anchor is of our own making."""
    return f":root:has(#{anchor}:target) .{anchor}{{background:var(--hit)}}\n"


@cache
def _style() -> str:
    return files("probanda.report").joinpath("casefile.css").read_text(encoding="utf-8")
