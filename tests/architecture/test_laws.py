"""The laws of the layout: allowed imports between packages, and calls that only one module may make.

Each law is a function that finds violations. It is tried on the source as it is, where it must find none, and together
with a planted module, where it must find that one.
"""

import ast
import re
from collections.abc import Callable, Iterable, Sequence

import pytest

from tests.architecture.source import Source, domain, layer, ours, planted, within

# The stubs of boto3 are for annotations alone.
AWS = ("boto3", "botocore", "s3transfer", "aws_lambda_powertools")
BOTO_ERRORS = {"botocore.exceptions", "botocore.exceptions.BotoCoreError", "botocore.exceptions.ClientError"}
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
CLOCK = "guestlist.model.clock"
# A call of `save` cannot be searched for; one of `save_import` can.
BARE = re.compile(r"add|all|delete|ensure|every|find|get|list|listed|load|many|of|page|put|read|remove|save|write")
CHANCE = ("random", "secrets", "uuid", "os.urandom")
# New ids are made in one place; pauses between tries are spread by chance, and each transaction has a token.
MAY_USE_CHANCE = {
    "guestlist.model.ids": {"secrets"},
    "guestlist.aws.table": {"random", "random.uniform"},
    "guestlist.aws.wire.client": {"secrets", "secrets.token_hex"},
    "guestlist.aws.wire.retry": {"random", "random.uniform"},
}
NOT_PURE = ("logging", "os.environ", "os.getenv", "random", "socket", "subprocess", "time", "urllib.request", "uuid")
SCAN = re.compile(r"(client|dynamodb(\(\))?|table(\(\))?)\.scan$")
ENVIRONMENT = {"os.environ", "os.getenv"}
PAGED_SCAN = re.compile(r"""get_paginator\(["']scan""")
KEY = re.compile(r"""["'](?:O|DUE|C|G|L)#|#(?:MAIL|INDEX|DROP|G|L|U|I|R|Q)#""")
KEY_PAGES = {"guestlist.aws.keys", "guestlist.aws.person_keys"}
ARITHMETIC = re.compile(r"[:#]\w+\s*[+-]\s*[:#]\w+\s*[<>=]")
# They turn errors of botocore into those of one concept, or take an erased person out (docs/decisions/0021).
SPEAKS_FOR_A_CONCEPT = {f"guestlist.aws.{name}" for name in ("bucket", "idempotency", "object_versions", "ses")}
# Which packages may import from which. A new arrow is a decision, and one that is gone leaves the list.
MAY_IMPORT = {
    "checkout": {"catalogue", "groups", "lists", "messages", "organisers"},
    "customers": {"checkout", "groups", "imports", "messages", "purchases"},
    "erasure": {"groups", "imports", "lists", "messages"},
    "exports": {"groups", "lists"},
    "groups": {"catalogue", "customers", "mail", "messages", "organisers", "purchases"},
    "imports": {"groups", "lists", "mail", "messages", "organisers", "tickets"},
    "lists": {"checkout", "groups", "imports", "messages"},
    "mail": {"messages"},
    "organisers": {"messages"},
    "purchases": {"catalogue", "customers", "groups", "imports", "tickets"},
    "tickets": {"catalogue", "customers", "groups", "imports", "messages", "purchases"},
    "webhooks": {"checkout", "erasure", "groups", "imports", "lists", "mail", "messages", "organisers"},
}

Violations = dict[str, set[str]]
Sources = Sequence[Source]


def violations(candidates: Violations) -> Violations:
    return {name: names for name, names in candidates.items() if names}


def imports_of(sources: Iterable[Source], packages: tuple[str, ...]) -> Violations:
    return violations({one.name: {name for name in one.imported() if within(name, packages)} for one in sources})


def matches_of(sources: Iterable[Source], pattern: re.Pattern[str]) -> Violations:
    return violations({one.name: {match[0] for match in pattern.finditer(one.text)} for one in sources})


# Who may know whom


def only_the_platform_package_of_the_layer_imports_the_sdk(sources: Sources) -> Violations:
    return imports_of([source for source in layer(sources) if source.package != "aws"], AWS)


def nothing_in_the_layer_imports_chalice_or_what_stands_above_it(sources: Sources) -> Violations:
    return imports_of(layer(sources), ("chalice", "chalicelib", "app", "infra", "tests"))


def the_domain_imports_no_store(sources: Sources) -> Violations:
    stores = tuple(source.module for source in layer(sources) if source.is_store() and source.package != "aws")
    assert stores
    # A store is what imports the platform; what imports a store is of the domain as long as it does not.
    return imports_of(domain(sources), ("guestlist.aws", *stores))


def the_shared_model_imports_no_other_package(sources: Sources) -> Violations:
    shared = [source for source in layer(sources) if source.package == "model"]
    others = {f"guestlist.{source.package}" for source in layer(sources) if source.package not in {"", "model"}}
    return imports_of(shared, tuple(others))


def the_checkout_knows_no_import(sources: Sources) -> Violations:
    inside = [source for source in layer(sources) if source.package == "checkout"]
    return imports_of(inside, ("guestlist.imports", "guestlist.erasure", "guestlist.exports", "guestlist.mail"))


def the_platform_knows_the_model_alone(sources: Sources) -> Violations:
    platform = [source for source in layer(sources) if source.package == "aws"]
    others = {f"guestlist.{source.package}" for source in layer(sources)} - {
        "guestlist.",
        "guestlist.aws",
        "guestlist.model",
    }
    imports = {one: imports_of([one], tuple(others)).get(one.name, set()) for one in platform}
    return violations({one.name: names for one, names in imports.items() if one.module not in SPEAKS_FOR_A_CONCEPT})


def a_refusal_is_worded_in_one_module(sources: Sources) -> Violations:
    modules_by_error: dict[str, set[str]] = {}
    for one in sources:
        for node in one.nodes:
            if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and _is_worded(node.exc):
                modules_by_error.setdefault(ast.unparse(node.exc), set()).add(one.name)
    # Of modules that share one, the first by path is at fault: an edge before the domain.
    return {min(names): {error} for error, names in modules_by_error.items() if len(names) > 1}


def _is_worded(call: ast.Call) -> bool:
    return any(isinstance(one, ast.JoinedStr | ast.Constant) for one in call.args)


def packages_meet_as_they_are_listed(sources: Sources) -> Violations:
    return violations({one.name: _packages(one) - MAY_IMPORT.get(one.package, set()) for one in layer(sources)})


def _packages(source: Source) -> set[str]:
    """The packages besides its own, the platform and the model that a module imports from."""
    names = {name.split(".")[1] for name in source.imported() if within(name, ("guestlist",)) and "." in name}
    return names - {source.package, "aws", "model"} if source.package not in {"", "aws"} else set()


def imports_are_written_in_full(sources: Sources) -> Violations:
    return violations({one.name: {name for name in one.imported() if name.startswith(".")} for one in sources})


def pydantic_stays_at_the_borders(sources: Sources) -> Violations:
    return imports_of(domain(sources), ("pydantic",))


def handlers_reach_aws_through_the_layer(sources: Sources) -> Violations:
    used = imports_of([one for one in sources if one not in layer(sources)], ("boto3", "botocore"))
    return violations({name: names - BOTO_ERRORS for name, names in used.items()})


# What only one place may do


def only_the_clock_reads_the_time(sources: Sources) -> Violations:
    others = [source for source in sources if source.module != CLOCK]
    return violations({one.name: {f"{line}: {call}" for line, call in one.calls() if call in TIME} for one in others})


def the_domain_imports_nothing_impure(sources: Sources) -> Violations:
    return imports_of([source for source in domain(sources) if source.module != CLOCK], NOT_PURE)


def the_domain_reads_no_environment(sources: Sources) -> Violations:
    # The clock's file is named by the environment.
    pure = [source for source in domain(sources) if source.module != CLOCK]
    return violations({one.name: {*map(_attribute, one.nodes)} & ENVIRONMENT for one in pure})


def _attribute(node: ast.AST) -> str:
    return ast.unparse(node) if isinstance(node, ast.Attribute) else ""


def chance_comes_in_as_an_argument(sources: Sources) -> Violations:
    used = {source: imports_of([source], CHANCE).get(source.name, set()) for source in layer(sources)}
    return violations({one.name: names - MAY_USE_CHANCE.get(one.module, set()) for one, names in used.items()})


def no_client_scans(sources: Sources) -> Violations:
    # A ticket is scanned at an entrance; a table never is.
    return violations({one.name: {f"{line}" for line, call in one.calls() if SCAN.search(call)} for one in sources})


def no_paginator_scans(sources: Sources) -> Violations:
    return matches_of(sources, PAGED_SCAN)


def keys_are_made_on_their_pages_alone(sources: Sources) -> Violations:
    return matches_of([source for source in sources if source.module not in KEY_PAGES], KEY)


def a_condition_compares_and_never_computes(sources: Sources) -> Violations:
    return matches_of(sources, ARITHMETIC)


def a_store_names_what_it_stores(sources: Sources) -> Violations:
    stores = {source.name: _stores(source) for source in layer(sources) if source.package != "aws"}
    return violations({name: {bare for store in classes for bare in _bare(store)} for name, classes in stores.items()})


def _stores(source: Source) -> list[ast.ClassDef]:
    """The classes of a module that uses the platform, and all ports."""
    classes = [node for node in source.nodes if isinstance(node, ast.ClassDef)]
    return [one for one in classes if source.is_store() or "Protocol" in map(ast.unparse, one.bases)]


def _bare(store: ast.ClassDef) -> list[str]:
    methods = (node.name for node in store.body if isinstance(node, ast.FunctionDef))
    return [f"{store.name}.{name}" for name in methods if BARE.fullmatch(name)]


Law = Callable[[Sources], Violations]
PLANTED_STORE = "from guestlist.aws.table import Table\nclass Kept:\n    def save(self): ..."
PLANTED: list[tuple[Law, str, str]] = [
    (only_the_platform_package_of_the_layer_imports_the_sdk, "guestlist.lists.planted", "import boto3.session"),
    (nothing_in_the_layer_imports_chalice_or_what_stands_above_it, "guestlist.aws.planted", "from chalice import app"),
    (the_domain_imports_no_store, "guestlist.lists.planted", "from guestlist.organisers.store import Organisers"),
    (
        the_shared_model_imports_no_other_package,
        "guestlist.model.planted",
        "def f():\n    import guestlist.lists.entry",
    ),
    (the_checkout_knows_no_import, "guestlist.checkout.planted", "from guestlist.imports import model"),
    (the_platform_knows_the_model_alone, "guestlist.aws.planted", "from guestlist.lists.entry import code_key"),
    (
        a_refusal_is_worded_in_one_module,
        "chalicelib.routes.planted",
        'def f():\n    raise Unknown("not_found.customer")',
    ),
    (packages_meet_as_they_are_listed, "guestlist.mail.planted", "from guestlist.webhooks import model"),
    (packages_meet_as_they_are_listed, "guestlist.planted.model", "import guestlist.lists.entry"),
    (imports_are_written_in_full, "guestlist.lists.planted", "from . import entry"),
    (pydantic_stays_at_the_borders, "guestlist.groups.planted", "from pydantic import BaseModel"),
    (handlers_reach_aws_through_the_layer, "chalicelib.routes.planted", "from botocore.config import Config"),
    (only_the_clock_reads_the_time, "guestlist.aws.planted", "import datetime\nnow = datetime.datetime.now()"),
    (only_the_clock_reads_the_time, "chalicelib.events.planted", "from time import time\nimport time\nt = time.time()"),
    (the_domain_imports_nothing_impure, "guestlist.tickets.planted", "import socket"),
    (the_domain_imports_nothing_impure, "guestlist.tickets.planted", "from logging import getLogger"),
    (the_domain_reads_no_environment, "guestlist.tickets.planted", "import os\nhome = os.environ['HOME']"),
    (chance_comes_in_as_an_argument, "guestlist.lists.planted", "from random import choice"),
    (no_client_scans, "guestlist.aws.planted", "import boto3\nboto3.client.scan(TableName='t')"),
    (no_client_scans, "chalicelib.routes.planted", "table().scan()"),
    (no_paginator_scans, "guestlist.aws.planted", "pages = client.get_paginator('scan')"),
    (keys_are_made_on_their_pages_alone, "guestlist.lists.planted", "key = f'O#{1}'"),
    (keys_are_made_on_their_pages_alone, "guestlist.aws.planted", "key = org + '#MAIL#'"),
    (a_condition_compares_and_never_computes, "guestlist.aws.planted", "when = f'#taken + :{1}' + '#a + :b <= :c'"),
    (a_store_names_what_it_stores, "guestlist.lists.planted", PLANTED_STORE),
    (a_store_names_what_it_stores, "guestlist.lists.planted", "class Kept(Protocol):\n    def get(self): ..."),
]
LAWS = list(dict.fromkeys(law for law, _, _ in PLANTED))


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_the_source_keeps_the_law(law: Law) -> None:
    assert law(ours()) == {}


@pytest.mark.parametrize(("law", "module", "text"), PLANTED, ids=lambda value: getattr(value, "__name__", ""))
def test_the_law_finds_the_planted_violation(law: Law, module: str, text: str) -> None:
    violation = planted(module, text)
    assert law([*ours(), violation]).keys() == {violation.name}


def test_the_clock_reads_the_time() -> None:
    (clock,) = [source for source in ours() if source.module == CLOCK]
    assert TIME & {call for _, call in clock.calls()}


@pytest.mark.parametrize("module", MAY_USE_CHANCE)
def test_modules_allowed_to_use_random_numbers_use_them(module: str) -> None:
    (source,) = [source for source in ours() if source.module == module]
    assert {name for name in source.imported() if within(name, CHANCE)} == MAY_USE_CHANCE[module]


def test_every_listed_import_between_packages_exists() -> None:
    arrows: dict[str, set[str]] = {}
    for one in layer(ours()):
        arrows.setdefault(one.package, set()).update(_packages(one))
    assert violations(arrows) == MAY_IMPORT


@pytest.mark.parametrize("module", sorted(SPEAKS_FOR_A_CONCEPT))
def test_modules_listed_for_a_concept_use_it(module: str) -> None:
    (source,) = [source for source in ours() if source.module == module]
    names = {name.split(".")[1] for name in source.imported() if within(name, ("guestlist",)) and "." in name}
    assert names - {"aws", "model"}


def test_the_key_modules_build_keys() -> None:
    pages = [source for source in ours() if source.module in KEY_PAGES]
    assert matches_of(pages, KEY).keys() == {page.name for page in pages}
