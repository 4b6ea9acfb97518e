"""The laws of the layout: who may know whom, and what only one place may do."""

import ast
import re

from tests.architecture.source import FUNCTIONS, LAYER, Source, domain, modules, within

# The stubs of boto3 are for annotations alone.
AWS = ("boto3", "botocore", "s3transfer", "aws_lambda_powertools")
TIME = {
    "date.today",
    "datetime.date.today",
    "datetime.datetime.now",
    "datetime.datetime.utcnow",
    "datetime.now",
    "datetime.today",
    "datetime.utcnow",
    "time.time",
    "time.time_ns",
}
CHANCE = ("random", "secrets", "uuid", "os.urandom")
NOT_PURE = ("logging", "os.environ", "os.getenv", "random", "socket", "subprocess", "time", "urllib.request", "uuid")
SCAN = re.compile(r"(client|dynamodb(\(\))?|table(\(\))?)\.scan$")
ENVIRONMENT = {"os.environ", "os.getenv"}
PAGED_SCAN = re.compile(r"""get_paginator\(["']scan""")
KEY = re.compile(r"""["'](?:O|DUE|C|G|L)#|#(?:MAIL|INDEX|DROP|G|L|U|I|R|Q)#""")
ARITHMETIC = re.compile(r"[:#]\w+\s*[+-]\s*[:#]\w+\s*[<>=]")
OURS = modules(LAYER, FUNCTIONS)


def offences(found: dict[str, set[str]]) -> dict[str, set[str]]:
    return {name: names for name, names in found.items() if names}


def imports_of(sources: tuple[Source, ...] | list[Source], packages: tuple[str, ...]) -> dict[str, set[str]]:
    return offences({one.name: {name for name in one.imported() if within(name, packages)} for one in sources})


# Who may know whom


def test_in_the_layer_only_the_platform_package_imports_the_sdk() -> None:
    outside = [source for source in modules(LAYER) if source.package != "aws"]
    assert imports_of(outside, AWS) == {}


def test_nothing_in_the_layer_knows_chalice_or_what_stands_above_it() -> None:
    assert imports_of(modules(LAYER), ("chalice", "chalicelib", "app", "infra", "tests")) == {}


def test_the_domain_knows_no_store() -> None:
    stores = tuple(source.module for source in modules(LAYER) if source.is_store() and source.package != "aws")
    assert stores
    assert imports_of(domain(), ("guestlist.aws", *stores)) == {}


def test_the_shared_model_knows_no_other_package() -> None:
    shared = [source for source in modules(LAYER) if source.package == "model"]
    others = {f"guestlist.{source.package}" for source in modules(LAYER) if source.package not in {"", "model"}}
    assert imports_of(shared, tuple(others)) == {}


def test_the_checkout_knows_no_import() -> None:
    inside = [source for source in modules(LAYER) if source.package == "checkout"]
    assert imports_of(inside, ("guestlist.imports", "guestlist.erasure", "guestlist.exports", "guestlist.mail")) == {}


def test_imports_are_written_in_full() -> None:
    relative = {
        one.name: {name for name in one.imported() if name.startswith(".")} for one in modules(LAYER, FUNCTIONS)
    }
    assert offences(relative) == {}


def test_pydantic_stays_at_the_borders() -> None:
    assert imports_of(domain(), ("pydantic",)) == {}


# What only one place may do


def test_only_the_clock_knows_what_time_it_is() -> None:
    told = {one.name: {f"{line}: {call}" for line, call in one.calls() if call in TIME} for one in OURS}
    assert offences(told).keys() == {"layers/guestlist/python/guestlist/model/clock.py"}


def test_the_domain_is_pure() -> None:
    # The clock's file is named by the environment.
    sources = [source for source in domain() if source.module != "guestlist.model.clock"]
    assert imports_of(sources, NOT_PURE) == {}
    assert offences({one.name: {*map(attribute, ast.walk(one.tree))} & ENVIRONMENT for one in sources}) == {}


def attribute(node: ast.AST) -> str:
    return ast.unparse(node) if isinstance(node, ast.Attribute) else ""


def test_chance_comes_in_as_an_argument() -> None:
    # New ids are made in one place; pauses between tries are spread by chance, and each transaction has a token.
    assert imports_of(modules(LAYER), CHANCE) == {
        "layers/guestlist/python/guestlist/model/ids.py": {"secrets"},
        "layers/guestlist/python/guestlist/aws/table.py": {"random", "random.uniform"},
        "layers/guestlist/python/guestlist/aws/wire/client.py": {"secrets", "secrets.token_hex"},
        "layers/guestlist/python/guestlist/aws/wire/retry.py": {"random", "random.uniform"},
    }


def test_nothing_scans() -> None:
    # A ticket is scanned at the door; a table never is.
    scans = {one.name: {f"{line}: {call}" for line, call in one.calls() if SCAN.search(call)} for one in OURS}
    assert offences(scans) == {}
    assert [one.name for one in OURS if PAGED_SCAN.search(one.text)] == []


def test_keys_are_made_on_their_pages_alone() -> None:
    made = [source.module for source in OURS if KEY.search(source.text)]
    assert made == ["guestlist.aws.keys", "guestlist.aws.person_keys"]


def test_a_condition_compares_and_never_computes() -> None:
    assert [source.name for source in OURS if ARITHMETIC.search(source.text)] == []


def test_a_way_in_reaches_aws_through_the_layer() -> None:
    used = imports_of(modules(FUNCTIONS), ("boto3", "botocore"))
    errors_only = {"botocore.exceptions", "botocore.exceptions.BotoCoreError", "botocore.exceptions.ClientError"}
    assert offences({name: names - errors_only for name, names in used.items()}) == {}
