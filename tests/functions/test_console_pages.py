"""The console and the API's reference as the API serves them."""

from pathlib import Path

import pytest

from tests.functions.conftest import Api

PAGE = '<script src="console/console-ABC.js"></script>'


@pytest.fixture
def visitor(call: Api, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Api:
    """A caller without a token, with a page and its script in the layer."""
    folder = tmp_path / "console"
    folder.mkdir()
    (folder / "index.html").write_text(PAGE)
    (folder / "docs.html").write_text("<main></main>")
    (folder / "console-ABC.js").write_text("1")
    (folder / "docs-ABC.css").write_text("p{}")
    (folder / "secret.js").write_text("2")
    monkeypatch.syspath_prepend(tmp_path)
    return call.as_(None)


def test_the_page_needs_no_token_and_has_a_strict_security_policy(visitor: Api) -> None:
    answer = visitor("GET /")
    assert (answer.status, answer.text) == (200, PAGE)
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "default-src 'none'; script-src 'self'; style-src 'self'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_the_reference_needs_no_token_and_may_connect_to_the_api_alone(visitor: Api) -> None:
    answer = visitor("GET /docs")
    assert (answer.status, answer.text) == (200, "<main></main>")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'; script-src 'self'; style-src 'self'" in policy
    assert policy.endswith("connect-src 'self'")
    assert visitor("GET /console/docs-ABC.css").headers["Content-Type"] == "text/css; charset=utf-8"


def test_an_unchanged_page_is_answered_with_304(visitor: Api) -> None:
    tag = visitor("GET /").headers["ETag"]
    answer = visitor("GET /", If_None_Match=tag)
    assert (answer.status, answer.text, answer.headers["ETag"]) == (304, "", tag)


def test_a_hashed_asset_is_cached_for_ever(visitor: Api) -> None:
    answer = visitor("GET /console/console-ABC.js")
    assert (answer.status, answer.text) == (200, "1")
    assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("name", ["console-XYZ.js", "secret.js", "index.html", "docs.html", "..%2F..%2Fapp.py"])
def test_other_files_are_not_served(visitor: Api, name: str) -> None:
    assert visitor(f"GET /console/{name}").status == 404
