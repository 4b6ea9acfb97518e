"""`python -m infra.administration`, or `make operator ARGS="…"`."""

import argparse
import sys

from infra.administration.calling import Function, NotDone, NotReached, function_name, in_the_cloud, on_the_local_stack
from infra.administration.commands import arguments, read
from infra.administration.rendering import render


def main() -> int:
    """Carry out the command and print the result; 1 if it was refused, 2 if the outcome is unknown."""
    namespace = read()
    command, with_it = arguments(namespace)
    try:
        print(render(command, _function(namespace).call(command, with_it)))
    except NotDone as refusal:
        return _sorry(refusal, 1)
    except NotReached as failure:
        return _sorry(failure, 2)
    return 0


def _function(namespace: argparse.Namespace) -> Function:
    if namespace.local:
        return on_the_local_stack(namespace.local)
    return in_the_cloud(namespace.function or function_name(namespace.stage))


def _sorry(error: Exception, status: int) -> int:
    print(" ".join(str(error).split()), file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main())
