"""The page of the local stack that shows the mails it sent."""

from infra.local.mail_page import mail_page

MAIL = {
    "to": "ann@example.com",
    "from": "demo@demo.example",
    "subject": "<b>Imported</b>",
    "text": "5 < 6",
    "html": '<p class="x">Imported</p><script>alert(1)</script>',
    "sent_at": "2026-11-29T19:00:00Z",
}


def test_a_mail_is_shown_unchanged_and_cannot_run_scripts() -> None:
    page = mail_page([MAIL, MAIL], "ann@example.com")
    assert page.count("<iframe sandbox=") == 2
    assert "<script>" not in page
    assert "&lt;b&gt;Imported&lt;/b&gt;" in page
    assert "&lt;p class=&quot;x&quot;&gt;Imported" in page
    assert page.count("<details open>") == 1
    assert 'value="ann@example.com"' in page


def test_a_page_without_mails_says_so() -> None:
    assert "No mail yet." in mail_page([], "")
