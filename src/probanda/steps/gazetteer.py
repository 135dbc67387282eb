"""gazetteer: a GeoNames dump that was imported, compiled for the reading (`extract.places.compile`), as a derivation.

Input: the file as it was imported. Output, role `table`: the compiled table, the same bytes on every machine. Facts:
country, rows, features kept, features that are not read, and the faults of rows by reason, the first ones with line and
column.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from importlib.resources import files

from probanda.records.codec import to_json
from probanda.records.derivation import Request
from probanda.steps.step import GIBIBYTE, Step, StepOutput, StepResult, failed, succeeded

ROLE = "table"
_RULES = ("places/compile.py", "places/dump.py", "places/features.py", "places/gazetteer.py", "text/segments.py")


def _run(request: Request, inputs: Mapping[str, bytes]) -> StepResult:
    from probanda.extract.places.compile import compile_table
    from probanda.extract.places.dump import DumpError, Told, rows_of

    told = Told()
    try:
        table, kept = compile_table(rows_of(inputs[request.inputs[0]], told), lambda: told.country)
    except DumpError as error:
        return failed(str(error))
    return succeeded(
        StepOutput(ROLE, table, "text/tab-separated-values"),
        facts={
            "country": told.country,
            "rows": told.rows,
            "kept": kept,
            "other_features": told.other_features,
            "faults": dict(sorted(told.faults.items())),
            "first_faults": [to_json(one) for one in told.first_faults],
        },
    )


def _resources() -> Mapping[str, str]:
    folder = files("probanda.extract")
    rules = hashlib.sha256()
    for name in _RULES:
        rules.update(hashlib.sha256(folder.joinpath(name).read_bytes()).digest())
    features = folder.joinpath("lexica", "features.tsv").read_bytes()
    return {"lexica/features.tsv": hashlib.sha256(features).hexdigest(), "rules": rules.hexdigest()}


STEP = Step(
    "gazetteer",
    "1",
    _run,
    timeout_s=600.0,
    memory_bytes=4 * GIBIBYTE,
    description="an imported gazetteer, compiled for the reading",
    resources=_resources,
)
