"""Unsubscribe from an organiser's welcome mails: with one click in a mail program, or on a page."""

from html import escape

from chalicelib.bootstrap import adapters
from chalicelib.web.endpoint import Call, Reply, endpoint
from guestlist.mail.unsubscribe_link import UnsubscribeToken
from guestlist.messages.catalogue import Translator
from guestlist.messages.language import language_of
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
    '<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width">'
    "<title>{title}</title><style>{style}</style></head><body><h1>{title}</h1>{body}</body></html>\n"
)


@endpoint(None, media_type=_HTML, not_found=("not_found",), localised=True)
def page(call: Call, unsubscribe_token: str) -> Reply:
    """Show a button by which a person unsubscribes from an organiser's welcome mails; nothing is changed."""
    say, organiser = _translator(call, _verified(unsubscribe_token))
    button = f'<form method="post"><button>{say("unsubscribe.title")}</button></form>'
    return _page(say, "unsubscribe.title", f"<p>{say('unsubscribe.question', organiser=organiser)}</p>{button}")


@endpoint(None, media_type=_HTML, not_found=("not_found",), localised=True)
def unsubscribe(call: Call, unsubscribe_token: str) -> Reply:
    """Unsubscribe the recipient of the mail with this link from an organiser's welcome mails (RFC 8058).

    A repeat changes nothing. The content of the form is ignored.
    """
    token = _verified(unsubscribe_token)
    adapters.unsubscriptions().add_unsubscription(token, call.now)
    say, organiser = _translator(call, token)
    return _page(say, "unsubscribe.done.title", f"<p>{say('unsubscribe.done', organiser=organiser)}</p>")


def _verified(token: str) -> UnsubscribeToken:
    claims = adapters.unsubscriptions().verify_token(token)
    if claims is None:
        raise Unknown("not_found.link")
    return claims


def _translator(call: Call, token: UnsubscribeToken) -> tuple[Translator, str]:
    """The translator for this reader, by default in the organiser's language, and the organiser's name in HTML."""
    organiser = adapters.organisers().get_organiser(token.organiser_id)
    language = language_of(call.headers.get("accept-language", ""), organiser.language)
    return Translator(language), escape(organiser.name)


def _page(say: Translator, title: str, body: str) -> Reply:
    page = _PAGE.format(language=say.language, title=say(title), style=_STYLE, body=body)
    return Reply(page, headers=_HEADERS)
