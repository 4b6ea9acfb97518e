"""`python -m infra.administration`, or `make operator ARGS="…"`."""

import argparse
import sys

from infra.administration.calling import (
    CommandRefused,
    Function,
    FunctionUnavailable,
    aws_function,
    function_name,
    local_function,
)
from infra.administration.commands import arguments, read
from infra.administration.rendering import render


def main() -> int:
    """Carry out the command and print the result; 1 if it was refused, 2 if the outcome is unknown."""
    namespace = read()
    command, command_arguments = arguments(namespace)
    try:
        print(render(command, _function(namespace).call(command, command_arguments)))
    except CommandRefused as refusal:
        return _fail(refusal, 1)
    except FunctionUnavailable as failure:
        return _fail(failure, 2)
    return 0


def _function(namespace: argparse.Namespace) -> Function:
    if namespace.local:
        return local_function(namespace.local)
    return aws_function(namespace.function or function_name(namespace.stage))


def _fail(error: Exception, status: int) -> int:
    print(" ".join(str(error).split()), file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main())
