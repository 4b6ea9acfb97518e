"""`python -m infra.deploy`: package, upload, update, verify, and print the addresses."""

import argparse
import json
import sys
from collections.abc import Mapping
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from infra.build import BUILD, BuildFailed, check_python, lint, package
from infra.deploy.report import report
from infra.deploy.smoke import smoke
from infra.deploy.stack import DeployFailed
from infra.deploy.stage import Client, Stage
from infra.deploy.store import store_of

_PARAMETERS = {
    "sender": "Sender",
    "sender_domain": "SenderDomain",
    "alarm_address": "AlarmAddress",
    "domain": "Domain",
    "certificate": "Certificate",
    "address": "Address",
    "check_client": "CheckClient",
    "fast_reading": "FastReading",
    "account_logging": "AccountLogging",
}


_SECONDS = 300  # the smoke test waits for a run of the watchdog, which may take as long as its function's timeout


def main() -> int:
    """Run the command; 1 on failure."""
    options = _options().parse_args()
    try:
        return _run(options)
    except (BuildFailed, DeployFailed) as failure:
        return _sorry(str(failure))
    except (BotoCoreError, ClientError) as failure:
        return _sorry(f"AWS refused the request: {failure}")
    except KeyboardInterrupt:
        return _sorry("left alone: what CloudFormation has begun it brings to its end; run this again to see it")


def _run(options: argparse.Namespace) -> int:
    if not options.roll_back:
        check_python()
        print("packaged" if package() else "packaged already", flush=True)
        print(lint(BUILD / "template.json"), end="", flush=True)
    client, region = _clients(options.region)
    stage = _stage(options.stage, client, region)
    if options.roll_back:
        return _finish(stage, stage.roll_back(), options.at, region)
    template = json.loads((BUILD / "template.json").read_text(encoding="utf-8"))
    if options.dry_run:
        stage.show(template, BUILD, _parameters(options))
        return 0
    return _finish(stage, stage.deploy(template, BUILD, _parameters(options)), options.at, region)


def _clients(region: str | None) -> tuple[Client, str]:
    """Clients with the credentials of the environment, and the region. Raises `DeployFailed` without a region."""
    session = boto3.session.Session(region_name=region)
    if session.region_name is None:
        raise DeployFailed("no region: say --region, or set AWS_DEFAULT_REGION")
    make: Any = session.client
    return lambda service: make(service, config=Config(read_timeout=_SECONDS)), session.region_name


def _stage(name: str, client: Client, region: str) -> Stage:
    """The stage, with a store for its artefacts."""
    account = client("sts").get_caller_identity()["Account"]
    store = store_of(client("s3"), account, region)
    print(f"stage {name} in account {account}, {region}; artefacts in {store.bucket}", flush=True)
    store.make(region)
    return Stage(name=name, client=client, store=store, say=_say)


def _finish(stage: Stage, outputs: Mapping[str, str], at: str | None, region: str) -> int:
    """Verify the stage and print the report."""
    address = (at or outputs["EndpointURL"]).format(**outputs).rstrip("/")
    wrong = [
        result
        for result in smoke(address, stage.client("lambda"), outputs["WatchdogFunction"])
        if _report_check(*result)
    ]
    print(report(stage, outputs, region), flush=True)
    if wrong:
        return _sorry(f"the stage is deployed, but a check failed; to roll back: make roll-back STAGE={stage.name}")
    return 0


def _report_check(what: str, wrong: str) -> str:
    """Print the result of a check, and return what failed."""
    _say(f"{'failed' if wrong else 'ok':<6} {what}{': ' if wrong else ''}{wrong}")
    return wrong


def _parameters(options: argparse.Namespace) -> dict[str, str]:
    """The parameters in the options, by their names in the template."""
    values = {parameter: getattr(options, name) for name, parameter in _PARAMETERS.items()}
    return {parameter: value for parameter, value in values.items() if value is not None}


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m infra.deploy",
        description="Bring a stage on AWS to what stands here: make it, change it, or leave it if nothing has changed.",
        epilog="What is not said stays as it was. Credentials are found as by every tool of AWS.",
    )
    parser.add_argument("--stage", required=True, help="its name; stages stand side by side")
    parser.add_argument("--sender", help="the address that mails come from; a new stage needs one")
    parser.add_argument("--sender-domain", help="its domain, for SES to verify by DKIM instead of the address alone")
    parser.add_argument("--alarm-address", help="where alarms are mailed to")
    parser.add_argument("--domain", help="the name under which the API is to be reached too")
    parser.add_argument("--certificate", help="the ARN of the certificate for it, in the same region")
    parser.add_argument("--address", help="where the API is reached, if at neither of its own addresses")
    parser.add_argument("--check-client", choices=["own", "boto3"], help="what checks speak to the table by")
    parser.add_argument("--fast-reading", choices=["on", "off"], help="whether plain rows of a list are read in blocks")
    parser.add_argument(
        "--account-logging",
        choices=["yes", "no"],
        help="set the role by which API Gateway writes logs, for the whole account and region, or leave it",
    )
    parser.add_argument("--region", help="where (default: as set for every tool of AWS)")
    parser.add_argument("--at", help="where to try the API from here, if not at its own address")
    way = parser.add_mutually_exclusive_group()
    way.add_argument("--dry-run", action="store_true", help="upload, say what would change, and change nothing")
    way.add_argument("--roll-back", action="store_true", help="go back to the release before the one that stands")
    return parser


def _say(line: str) -> None:
    print(f"  {line}", flush=True)


def _sorry(line: str) -> int:
    print(line, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
