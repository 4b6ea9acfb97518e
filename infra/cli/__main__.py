"""`python -m infra.cli`: the command `guestlist` without an installation."""

from .commands import main

main()
