"""What the local stack says when it is ready."""

_TEXT = """
The console: {base}/
The reference of the API: {base}/docs

Try it (tokens: demo-organiser, demo-checkout, other-organiser, other-checkout):

  curl -s {base}/v1/check -H 'Authorization: Bearer demo-checkout' \\
       -H 'Content-Type: application/json' -d '{{"code": "testing1"}}'
  curl -s {base}/v1/imports -H 'Authorization: Bearer demo-organiser'
  curl -s '{base}/local/emails?to=organiser@demo.example'
  curl -s {base}/openapi.json

Ctrl-C ends it; what was stored is there again at the next start.
"""


def welcome(base: str) -> str:
    """Commands to copy, against the stack at that address."""
    return _TEXT.format(base=base)
