"""The context that Lambda passes to a function."""

from types import SimpleNamespace


def context(function: str) -> SimpleNamespace:
    """The context of one call of that function, four minutes before its time is over."""
    return SimpleNamespace(
        function_name=function,
        memory_limit_in_mb=256,
        invoked_function_arn=f"arn:aws:lambda:eu-west-1:000000000000:function:{function}",
        aws_request_id="1",
        get_remaining_time_in_millis=lambda: 240_000,
    )
