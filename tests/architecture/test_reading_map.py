"""The map of the modules that read files, in the docstring of their package."""

import re

from guestlist.imports import reading
from tests.architecture.source import LAYER

FOLDER = LAYER / "guestlist" / "imports" / "reading"
LINE = re.compile(r"^ +([a-z_]+(?:, [a-z_]+)*):", re.MULTILINE)


def test_the_map_names_every_module_that_reads_files_and_no_other():
    mapped = [name for names in LINE.findall(reading.__doc__ or "") for name in names.split(", ")]
    in_introduction = ["bulk", "customer_rows", "purchase_rows", "sheet", "target_rows", "ticket_rows"]
    modules = {path.stem for path in FOLDER.iterdir() if path.suffix == ".py" or path.name == "bulk"}
    assert sorted([*mapped, *in_introduction]) == sorted(modules - {"__init__"})
    assert all(f"`{name}" in (reading.__doc__ or "") for name in in_introduction)
