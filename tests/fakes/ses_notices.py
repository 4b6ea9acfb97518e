"""Notices of bounces and complaints, as SES publishes them."""

import json
from typing import Any

ANN = "Ann@example.org"
MAIL = {
    "messageId": "0100",
    "timestamp": "2026-11-21T12:00:00.000Z",
    "source": "tickets@example.org",
    "destination": [ANN],
    "tags": {"organiser": [b"demo".hex()], "ses:configuration-set": ["events"]},
}


def bounce(kind: str, address: str = ANN, **mail: Any) -> str:
    """A notice of a bounce of that type; `mail` changes the headers of the bounced mail."""
    details = {
        "bounceType": kind,
        "bounceSubType": "General",
        "bouncedRecipients": [{"emailAddress": address, "action": "failed", "status": "5.1.1"}],
        "feedbackId": "1",
    }
    return json.dumps({"eventType": "Bounce", "mail": {**MAIL, **mail}, "bounce": details})


def complaint(kind: str | None = "abuse") -> str:
    """A notice of a complaint by Ann."""
    details = {"complainedRecipients": [{"emailAddress": ANN}], "complaintFeedbackType": kind}
    return json.dumps({"eventType": "Complaint", "mail": MAIL, "complaint": details})
