"""The inbox of the local stack: a page with the mails that it sent, none of which leaves this machine."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Mails · Guestlist on this machine</title>
<style>
:root {{ color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif }}
body {{ max-width: 52rem; margin: 2rem auto; padding: 0 1rem }}
form {{ display: flex; flex-wrap: wrap; gap: .5rem; align-items: end; margin-bottom: 1rem }}
input, button {{ font: inherit; padding: .35rem .6rem }}
details {{ border: 1px solid #8886; border-radius: .5rem; padding: .6rem 1rem; margin-bottom: .6rem }}
summary {{ cursor: pointer; overflow-wrap: anywhere }}
small {{ display: block }}
iframe {{ width: 100%; height: 32rem; border: 1px solid #8886; background: #fff }}
pre {{ white-space: pre-wrap; overflow-wrap: anywhere }}
</style>
<h1>Mails</h1>
<p>Every mail that this stack sent. None of them left this machine. <a href="/">To the console</a></p>
<form><label>To <input type="search" name="to" value="{to}"></label><button>Find</button></form>
{mails}
</html>
"""
_MAIL = """<details{opened}>
<summary><strong>{subject}</strong><small>to {to} · from {sender} · {sent_at}</small></summary>
<iframe sandbox="allow-popups" title="{subject}" srcdoc="{html}"></iframe>
<details><summary>As plain text</summary><pre>{text}</pre></details>
</details>"""


def mail_page(mails: Sequence[Mapping[str, Any]], to: str) -> str:
    """The page of these mails; `to` if only those to one address were requested."""
    sections = [_mail(mail, opened=at == 0) for at, mail in enumerate(mails)]
    return _PAGE.format(to=escape(to), mails="\n".join(sections) or "<p>No mail yet.</p>")


def _mail(mail: Mapping[str, Any], *, opened: bool) -> str:
    return _MAIL.format(
        opened=" open" if opened else "",
        subject=escape(mail["subject"]),
        to=escape(mail["to"]),
        sender=escape(mail["from"]),
        sent_at=escape(mail["sent_at"].replace("T", " ")[:16] + " UTC"),
        html=escape(f'<base target="_blank">{mail["html"] or ""}'),
        text=escape(mail["text"] or ""),
    )
