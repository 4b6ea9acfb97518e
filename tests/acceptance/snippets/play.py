"""Carries out the calls that come as lines of JSON with the snippet in Python, and answers each on a line."""

import json
import runpy
import sys

snippet, base = sys.argv[1:]
namespace = runpy.run_path(snippet)
guestlist = namespace["Guestlist"](base, "demo-checkout", 3)
calls = {
    "check": lambda items, what: guestlist.check(items, **what),
    "hold": lambda order, what: guestlist.hold(order, **what),
    "confirm": guestlist.confirm,
    "release": guestlist.release,
}
for line in sys.stdin:
    name, *words = json.loads(line)
    try:
        answer = calls[name](*words)
    except namespace["Refused"] as error:
        answer = {"refused": error.code}
    except namespace["Unavailable"]:
        answer = {"unavailable": True}
    sys.stdout.write(f"{json.dumps(answer)}\n")
    sys.stdout.flush()
