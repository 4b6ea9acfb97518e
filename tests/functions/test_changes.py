"""The second reader of the stream, which routes changes to the queues of mails and webhooks."""

from typing import Any

import pytest

from chalicelib.events import changes
from guestlist.aws.items import Item, marshal_item
from guestlist.aws.keys import Key
from guestlist.mail.model import MailKind
from guestlist.mail.outbox import as_stored, key_of
from tests.fakes.contexts import context
from tests.fakes.mail import an_item

pytestmark = pytest.mark.filterwarnings("ignore:No application metrics")
WELCOME = an_item(kind=MailKind.WELCOME)
REDEMPTION = {"pk": "O#demo#R#order-1", "sk": "REDEMPTION"}


class Queue:
    """The queue of welcome mails."""

    def __init__(self) -> None:
        self.mails: list[Key] = []

    def send(self, mails: list[Key]) -> None:
        self.mails += mails


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch) -> Queue:
    """The queue of welcome mails."""
    new_queue = Queue()
    monkeypatch.setenv("POWERTOOLS_METRICS_DISABLED", "true")
    monkeypatch.setattr(changes, "welcome_queue", lambda: new_queue)
    return new_queue


@pytest.fixture
def webhook_images(monkeypatch: pytest.MonkeyPatch) -> list[Item]:
    """The images that webhook events were looked for in."""
    images: list[Item] = []
    monkeypatch.setattr(changes, "record_changes", images.extend)
    return images


def route(*items: Item, event_name: str = "INSERT") -> None:
    records = [{"eventName": event_name, "dynamodb": {"NewImage": marshal_item(item)}} for item in items]
    changes.route_changes({"Records": records}, context("route_changes"))


def test_one_batch_feeds_the_queue_of_welcome_mails_and_the_webhooks(queue: Queue, webhook_images: list[Item]) -> None:
    route(REDEMPTION, as_stored(WELCOME))
    assert queue.mails == [key_of(WELCOME)]
    assert REDEMPTION in webhook_images


def test_result_mails_and_deferred_welcome_mails_are_not_queued(queue: Queue, webhook_images: list[Item]) -> None:
    route(as_stored(an_item(kind=MailKind.RESULT)))
    route(as_stored(WELCOME), event_name="MODIFY")
    assert queue.mails == []
    assert len(webhook_images) == 2


def test_a_failure_of_webhooks_retries_the_batch_after_its_mails_were_queued(
    queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_images: Any) -> None:
        raise TimeoutError

    monkeypatch.setattr(changes, "record_changes", fail)
    with pytest.raises(TimeoutError):
        route(REDEMPTION, as_stored(WELCOME))
    assert queue.mails == [key_of(WELCOME)]
