"""The packaged template, as it is and as CloudFormation would see it."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from infra.build import BUILD, package

Resources = dict[str, dict[str, Any]]


@pytest.fixture(scope="session")
def build() -> Path:
    """The folder with the template and its zips, up to date."""
    package()
    return BUILD


@pytest.fixture(scope="session")
def packaged(build: Path) -> dict[str, Any]:
    """The template before its transform."""
    template: dict[str, Any] = json.loads((build / "template.json").read_text())
    return template


class _NoManagedPolicies:
    @staticmethod
    def load() -> dict[str, str]:
        return {}


@pytest.fixture(scope="session")
def transformed(packaged: dict[str, Any]) -> dict[str, Any]:
    """The plain CloudFormation that SAM makes of it, the zips in some bucket."""
    from samtranslator.translator.transform import transform  # a second, in every test process that collects tests

    template = deepcopy(packaged)
    for resource in template["Resources"].values():
        for uri in {"CodeUri", "ContentUri"} & resource.get("Properties", {}).keys():
            resource["Properties"][uri] = f"s3://artefacts/{resource['Properties'][uri]}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
        plain: dict[str, Any] = transform(template, {}, _NoManagedPolicies())
    return plain


@pytest.fixture(scope="session")
def resources(transformed: dict[str, Any]) -> Resources:
    """The resources of the plain template."""
    all_resources: Resources = transformed["Resources"]
    return all_resources
