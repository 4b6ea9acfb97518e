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
        return _fail(str(failure))
    except (BotoCoreError, ClientError) as failure:
        return _fail(f"AWS refused the request: {failure}")
    except KeyboardInterrupt:
        return _fail("stopped waiting: CloudFormation continues what it has begun; run this again to see the result")


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
        raise DeployFailed("no region: pass --region, or set AWS_DEFAULT_REGION")
    make: Any = session.client
    return lambda service: make(service, config=Config(read_timeout=_SECONDS)), session.region_name


def _stage(name: str, client: Client, region: str) -> Stage:
    """The stage, with a store for its artefacts."""
    account = client("sts").get_caller_identity()["Account"]
    store = store_of(client("s3"), account, region)
    print(f"stage {name} in account {account}, {region}; artefacts in {store.bucket}", flush=True)
    store.create(region)
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
        return _fail(f"the stage is deployed, but a check failed; to roll back: make roll-back STAGE={stage.name}")
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
        description="Create a stage on AWS, or update it to this version; nothing happens if nothing has changed.",
        epilog="Omitted parameters keep their values. Credentials are found as by other AWS tools.",
    )
    parser.add_argument("--stage", required=True, help="its name; an account may have several stages")
    parser.add_argument("--sender", help="the address that mails come from; a new stage needs one")
    parser.add_argument("--sender-domain", help="its domain, for SES to verify by DKIM instead of the address alone")
    parser.add_argument("--alarm-address", help="the address that gets alarms by mail")
    parser.add_argument("--domain", help="a domain name of your own for the API")
    parser.add_argument("--certificate", help="the ARN of the certificate for it, in the same region")
    parser.add_argument("--address", help="the public URL of the API, if behind a proxy")
    parser.add_argument("--check-client", choices=["own", "boto3"], help="the DynamoDB client for checks and imports")
    parser.add_argument("--fast-reading", choices=["on", "off"], help="whether plain rows of a list are read in blocks")
    parser.add_argument(
        "--account-logging",
        choices=["yes", "no"],
        help="set the role by which API Gateway writes logs, for the whole account and region, or leave it",
    )
    parser.add_argument("--region", help="the region (default: that of other AWS tools)")
    parser.add_argument("--at", help="the URL at which to test the API from here, if not its own")
    way = parser.add_mutually_exclusive_group()
    way.add_argument("--dry-run", action="store_true", help="upload, print what would change, and change nothing")
    way.add_argument("--roll-back", action="store_true", help="return to the release before the current one")
    return parser


def _say(line: str) -> None:
    print(f"  {line}", flush=True)


def _fail(line: str) -> int:
    print(line, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
