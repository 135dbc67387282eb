"""Documents of every kind in a case: from the file to a claim that names its page, cell or paragraph."""

from __future__ import annotations

from pathlib import Path

from cli_world import probanda
from make_pdf import pdf, words

SENTENCE = "At least 12 people were killed in Belov, the Karovian emergency service said."
LINES = words(SENTENCE[:44]) + words(SENTENCE[45:], y=236)


def case_of(folder: Path, **files: bytes) -> Path:
    """A case with these files, run."""
    material, case = folder / "material", folder / "case"
    commands: tuple[list[str | Path], ...] = (
        ["init", case, "--title", "Belov"],
        ["add", case, material],
        ["run", case],
    )
    material.mkdir()
    for name, data in files.items():
        (material / name.replace("_", ".")).write_bytes(data)
    for arguments in commands:
        said = probanda(*arguments)
        assert said.code == 0, said
    return case


def test_a_claim_from_a_pdf_names_its_page(tmp_path: Path) -> None:
    data = pdf([words("A page before it."), LINES])
    case = case_of(tmp_path, report_pdf=data)
    (claim,) = probanda("claims", case, "--kind", "casualty", "--json").json
    assert claim["in_source"]["words"] == "page 2"
    assert {region["at"]["kind"] for region in claim["in_source"]["regions"]} == {"page"}
    assert ", page 2" in probanda("claims", case, "--kind", "casualty").out
    assert probanda("verify", case).code == 0


def test_a_claim_from_a_table_names_its_cell_and_one_from_a_message_its_part(tmp_path: Path) -> None:
    head = b"From: desk@karovia.example\nDate: Tue, 6 May 2031 10:01:00 +0200\nSubject: Belov\n\n"
    table = "place;day;report\n" + "".join(f"Belov;{day};nothing\n" for day in range(1, 5)) + f"Belov;6;{SENTENCE}\n"
    case = case_of(tmp_path, mail_eml=head + SENTENCE.encode() + b"\n", table_csv=table.encode())
    found = probanda("claims", case, "--kind", "casualty", "--json").json
    assert sorted(claim["in_source"]["words"] for claim in found) == [
        "cell A6 to cell C6",  # the row is the sentence
        "the message's text/plain body",
    ]


def test_the_same_file_is_read_without_a_case(tmp_path: Path) -> None:
    file = tmp_path / "report.pdf"
    file.write_bytes(pdf([LINES]))
    plain = tmp_path / "report.txt"
    plain.write_text(SENTENCE, "utf-8")
    found, wanted = (probanda("extract", one, "--json").json for one in (file, plain))
    assert found == wanted
    assert "killed" in [claim["effect"] for claim in found["claims"]]


def test_what_cannot_be_read_is_told_with_what_to_do(tmp_path: Path) -> None:
    file = tmp_path / "scan.pdf"
    file.write_bytes(pdf([words("x")])[:60])
    said = probanda("extract", file, "--json")
    assert said.code != 0
    assert "expected a PDF" in said.error["message"]
