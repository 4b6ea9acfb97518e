"""The message of the local stack when it is ready."""

from pathlib import Path

_TEXT = """
The console:              {base}/
The reference of the API: {base}/docs
The mails that it sent:   {base}/local/mails

Try it (tokens: demo-organiser, demo-checkout, other-organiser, other-checkout):

  curl -s {base}/v1/check -H 'Authorization: Bearer demo-checkout' \\
       -H 'Content-Type: application/json' -d '{{"code": "testing1"}}'
  curl -s {base}/v1/imports -H 'Authorization: Bearer demo-organiser'
  curl -s '{base}/local/emails?to=organiser@demo.example'
  curl -s {base}/openapi.json

Ctrl-C ends it; what was stored is there again at the next start. It lies in
  {state}
To begin anew, end it, remove that folder, and start it again.
"""


def welcome(base: str, state: Path) -> str:
    """Commands to copy for the stack at this address, and the path of its state."""
    return _TEXT.format(base=base, state=state)
