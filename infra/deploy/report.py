"""The report after a deployment: addresses, and what is left to do."""

from collections.abc import Iterator, Mapping

from infra.deploy import sender
from infra.deploy.stage import Stage, parameters


def report(stage: Stage, outputs: Mapping[str, str], region: str) -> str:
    """The addresses of the stage, and a sentence for each thing that is left to do."""
    current = parameters(stage.stack.describe())
    lines = [f"{name:<10} {address}" for name, address in _addresses(outputs, current, region)]
    tasks = [f"- {sentence}" for sentence in _left_to_do(stage, outputs, current)]
    return "\n".join(["", f"Stage {stage.name} is deployed.", *lines, "", "Left to do, unless already done:", *tasks])


def _addresses(outputs: Mapping[str, str], current: Mapping[str, str], region: str) -> Iterator[tuple[str, str]]:
    api = f"https://{current['Domain']}" if current.get("Domain") else outputs["EndpointURL"].rstrip("/")
    yield "API", api
    yield "reference", f"{api}/openapi.json"
    yield "files", f"s3://{outputs['BucketName']}/drop/"
    console = f"https://{region}.console.aws.amazon.com/cloudwatch/home?region={region}"
    yield "dashboard", f"{console}#dashboards/dashboard/{outputs['DashboardName']}"
    yield "alarms", outputs["AlarmsTopic"]


def _left_to_do(stage: Stage, outputs: Mapping[str, str], current: Mapping[str, str]) -> Iterator[str]:
    yield from sender.left_to_do(stage.client("sesv2"), current["Sender"])
    if current.get("Domain"):
        yield f"Make {current['Domain']} a CNAME of {outputs['DomainTarget']} where the domain is managed."
    if current.get("AlarmAddress"):
        yield f"AWS has mailed a link to {current['AlarmAddress']}: open it, or no alarm is mailed."
    else:
        yield "No alarm is mailed to anybody: deploy again with ALARMS=… to have them."
    yield f'Make the first organiser and its tokens: make operator STAGE={stage.name} ARGS="organisers create …"'
