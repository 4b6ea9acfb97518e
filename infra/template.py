"""Completion of the template that Chalice generated: zip names, gateway responses, plain JSON."""

import json
from pathlib import Path
from typing import Any

import yaml

from infra import watching
from infra.gateway import ANY_METHOD, gateway_responses, other_methods

FUNCTIONS, LIBRARIES, DOMAIN, CONSOLE = "functions.zip", "libraries.zip", "guestlist.zip", "console.zip"
ARCHITECTURE = "arm64"

Template = dict[str, Any]


def complete_template(path: Path) -> Template:
    """The template to deploy, from the one that Chalice wrote to this path."""
    template: Template = yaml.safe_load(path.read_text(encoding="utf-8"))
    resources = template["Resources"]
    functions = sorted(
        name for name, resource in resources.items() if resource.get("Type") == "AWS::Serverless::Function"
    )
    for name in functions:
        resources[name]["Properties"] |= {"CodeUri": FUNCTIONS, "Architectures": [ARCHITECTURE]}
    libraries = resources["ManagedLayer"]["Properties"]
    libraries |= {"ContentUri": LIBRARIES, "CompatibleArchitectures": [ARCHITECTURE]}
    same = {name: libraries[name] for name in ("CompatibleRuntimes", "CompatibleArchitectures")}
    resources["GuestlistLayer"]["Properties"] |= {"ContentUri": DOMAIN, **same}
    resources["ConsoleLayer"]["Properties"] |= {"ContentUri": CONSOLE, **same}
    api = resources["APIHandler"]["Properties"]
    api["Layers"] = [*api["Layers"], {"Ref": "ConsoleLayer"}]
    resources["RestAPI"]["Properties"]["GatewayResponses"] = gateway_responses()
    for operations in resources["RestAPI"]["Properties"]["DefinitionBody"]["paths"].values():
        operations[ANY_METHOD] = other_methods(operations)
    indexes = [resource["IndexName"] for resource in resources["Table"]["Properties"]["GlobalSecondaryIndexes"]]
    resources |= watching.index_alarms(indexes) | watching.alarms(functions) | watching.dashboard(functions)
    return template


def to_json(template: Template) -> str:
    """The template as JSON, which, unlike YAML, has no aliases."""
    return json.dumps(template, indent=1, sort_keys=True) + "\n"
