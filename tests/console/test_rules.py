"""Rules: edited as a tree, described in a sentence, and previewed before they are saved."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.acceptance.client import Api, a_name
from tests.console.browser import Console
from tests.console.prepared import a_group, a_sale_item, an_automatic_group, an_email


def buy(organiser: Api, sale_item: str, quantity: int) -> str:
    """The e-mail of a new customer who bought so many."""
    email = an_email()
    lines = [{"sale_item_id": sale_item, "quantity": quantity}]
    organiser.post("/v1/purchases", {"order_id": email.partition("@")[0], "customer": {"email": email}, "lines": lines})
    return email


def write(rule: Locator, page: Page, kind: str, name: str, minimum: int) -> None:
    """Fill in a rule and confirm it."""
    rule.get_by_label("Counts purchases of").select_option(kind)
    rule.get_by_role("combobox", name="Which one").fill(name)
    page.get_by_role("option", name=name).first.click()
    rule.get_by_role("spinbutton", name="At least").fill(str(minimum))
    rule.get_by_role("button", name="Confirm rule").click()


def writing(page: Page) -> Locator:
    return page.get_by_role("group", name="Rule", exact=True)


@pytest.mark.behaviour(124, 148, 155, 162)
def test_an_automatic_group_is_created_from_confirmed_rules_only(console: Console, organiser: Api) -> None:
    sale_item, name = a_name("Balcony"), a_name("Regulars")
    item_id = a_sale_item(organiser, sale_item)
    page = console.open("groups/new")
    page.get_by_label("Name").fill(name)
    page.get_by_role("radio", name="Automatic").check()
    expect(page.get_by_text("No rule has been confirmed yet")).to_be_visible()
    expect(page.get_by_role("button", name="Create group")).to_be_disabled()
    write(writing(page), page, "Sale item", sale_item, 2)
    expect(page.get_by_text(f"Members are all who bought at least 2 × {sale_item}.")).to_be_visible()
    page.get_by_role("button", name="Create group").click()
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()
    (group,) = organiser.get(f"/v1/groups?name={name}")["items"]
    assert group["rules"] == {"operator": "all", "rules": [{"type": "sale_item", "id": item_id, "minimum": 2}]}


@pytest.mark.behaviour(156, 157, 158, 159, 160, 163)
def test_nested_rules_are_built_described_in_words_and_saved(console: Console, organiser: Api) -> None:
    wares = {name: a_sale_item(organiser, name) for name in (a_name("Early"), a_name("Middle"), a_name("Late"))}
    early, middle, late = wares
    first = {"type": "sale_item", "id": wares[early], "minimum": 1}
    group = an_automatic_group(organiser, a_name("Regulars"), {"operator": "all", "rules": [first]})
    page = console.open(f"groups/{group}/rules")
    page.get_by_role("button", name="Add sub-rules").click()
    write(writing(page), page, "Sale item", middle, 1)
    fork = page.get_by_role("group", name="Any of these")
    fork.get_by_role("button", name="Add rule").click()
    expect(page.get_by_role("button", name="Save rules")).to_be_disabled()
    write(writing(page), page, "Event", "Gala", 3)
    sentence = page.get_by_role("region", name="Rules").get_by_role("status")
    expect(sentence).to_contain_text(f"at least 1 × {early} and (at least 1 × {middle} or at least 3 tickets for Gala)")
    page.get_by_role("button", name=f"Edit rule: at least 1 × {early}").click()
    write(writing(page), page, "Sale item", late, 4)
    page.get_by_role("button", name="Save rules").click()
    expect(page.get_by_text("The rules were saved.")).to_be_visible()
    saved_rules: dict[str, Any] = organiser.get(f"/v1/groups/{group}")["rules"]
    assert (saved_rules["operator"], saved_rules["rules"][0]["id"], saved_rules["rules"][0]["minimum"]) == (
        "all",
        wares[late],
        4,
    )
    assert saved_rules["rules"][1]["operator"] == "any"
    assert [rule["type"] for rule in saved_rules["rules"][1]["rules"]] == ["sale_item", "event"]


def test_the_effect_of_rules_is_counted_while_they_are_written(console: Console, organiser: Api) -> None:
    sale_item = a_sale_item(organiser)
    one, two = buy(organiser, sale_item, 1), buy(organiser, sale_item, 2)
    rule = {"type": "sale_item", "id": sale_item, "minimum": 1}
    group = an_automatic_group(organiser, a_name("Regulars"), {"operator": "all", "rules": [rule]})
    page = console.open(f"groups/{group}/rules")
    preview = page.get_by_role("region", name="What these rules would do now")
    expect(preview).to_contain_text(one)
    page.get_by_role("button", name="Edit rule").click()
    writing(page).get_by_role("spinbutton", name="At least").fill("2")
    writing(page).get_by_role("button", name="Confirm rule").click()
    expect(preview).not_to_contain_text(one)
    expect(preview).to_contain_text(two)
    assert organiser.get(f"/v1/groups/{group}")["rules"]["rules"][0]["minimum"] == 1


@pytest.mark.behaviour(141, 230, 231, 232, 233, 234)
def test_the_welcome_mail_is_previewed_while_it_is_edited_and_saved(console: Console, organiser: Api) -> None:
    name = a_name("Patrons")
    group = a_group(organiser, name)
    page = console.open(f"groups/{group}/welcome")
    letter = page.get_by_role("region", name="As it will be sent")
    expect(letter).to_contain_text(f"Welcome to {name}")
    page.get_by_label("Subject").fill("Hi {name}, {group} is yours")
    page.get_by_label("Header").fill("The club")
    page.get_by_label("Greeting").fill("Dear {name},")
    page.get_by_role("textbox", name="Body").fill("Presale opens <soon>.\nBring a friend.")
    expect(letter).to_contain_text(f"Hi Ann Example, {name} is yours")
    for words in ("From", "The club", "Dear Ann Example,", "Presale opens <soon>."):
        expect(letter).to_contain_text(words)
    page.get_by_label("Send a mail when somebody is added").check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("The welcome mail was saved.")).to_be_visible()
    saved_mail = organiser.get(f"/v1/groups/{group}")["welcome_email"]
    assert (saved_mail["enabled"], saved_mail["header"], saved_mail["body"]) == (
        True,
        "The club",
        "Presale opens <soon>.\nBring a friend.",
    )


def test_an_unknown_placeholder_is_marked_and_not_saved(console: Console, organiser: Api) -> None:
    group = a_group(organiser, a_name("Patrons"))
    page = console.open(f"groups/{group}/welcome")
    page.get_by_label("Subject").fill("Hi {nmae}")
    expect(page.get_by_role("region", name="As it will be sent").get_by_role("alert")).to_be_visible()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_label("Subject")).to_have_attribute("aria-invalid", "true")
    assert organiser.get(f"/v1/groups/{group}")["welcome_email"]["subject"] == ""


def test_a_test_of_the_welcome_mail_is_sent_to_the_organiser(console: Console, organiser: Api) -> None:
    page = console.open(f"groups/{a_group(organiser, a_name('Patrons'))}/welcome")
    page.get_by_role("button", name="Save and send only to me").click()
    to = organiser.get("/v1/organiser")["notify_email"]
    expect(page.get_by_text(f"A test mail is on its way to {to}.")).to_be_visible()
