"""Unsubscribe from an organiser's welcome mails: with one click in a mail program, or on a page."""

from html import escape

from chalicelib.bootstrap import adapters
from chalicelib.web.endpoint import Call, Reply, endpoint
from guestlist.mail.unsubscribe_link import UnsubscribeToken
from guestlist.model.errors import Unknown

_HTML = "text/html; charset=utf-8"
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}
_STYLE = "body{font:16px/1.5 system-ui,sans-serif;max-width:32em;margin:3em auto;padding:0 1em}"
_PAGE = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    "<title>{title}</title><style>{style}</style></head><body><h1>{title}</h1>{body}</body></html>\n"
)


@endpoint(None, media_type=_HTML, not_found=("not_found",))
def page(_call: Call, unsubscribe_token: str) -> Reply:
    """Show a button by which a person unsubscribes from an organiser's welcome mails; nothing is changed."""
    name = _name(_verified(unsubscribe_token))
    button = '<form method="post"><button>Unsubscribe</button></form>'
    return _page("Unsubscribe", f"<p>Do you want no more welcome mails from {name}?</p>{button}")


@endpoint(None, media_type=_HTML, not_found=("not_found",))
def unsubscribe(call: Call, unsubscribe_token: str) -> Reply:
    """Unsubscribe a person from an organiser's welcome mails, as the link in one says (RFC 8058).

    A repeat does nothing. What the form holds is not looked at.
    """
    token = _verified(unsubscribe_token)
    adapters.unsubscriptions().add_unsubscription(token, call.now)
    return _page("Unsubscribed", f"<p>You get no more welcome mails from {_name(token)}.</p>")


def _verified(token: str) -> UnsubscribeToken:
    claims = adapters.unsubscriptions().verified(token)
    if claims is None:
        raise Unknown("not_found.link")
    return claims


def _name(token: UnsubscribeToken) -> str:
    return escape(adapters.organisers().get_organiser(token.organiser_id).name)


def _page(title: str, body: str) -> Reply:
    return Reply(_PAGE.format(title=title, style=_STYLE, body=body), headers=_HEADERS)
