"""The console shows the domain of an address in the letters that it was written in."""

import json
import subprocess
import sys
from pathlib import Path

from guestlist.model.email_address import clean_email
from infra import console

NODE = Path(sys.executable).parent / "node"
SCRIPT = """
import {{ legible }} from {module};
console.log(JSON.stringify({texts}.map(legible)));
"""
ADDRESSES = [
    "ann@bücher.example",
    "ann@straße.example",
    "ørsted@præsteø.example",
    "an@例え.テスト",
    "an@почта.рф",
    "an@a-b.tænk-så-højt.example",
    "an@☃.example",
]
OTHER_TEXTS = [
    "xn--bcher-kva",
    "ann@example.com",
    "ann@xn--zz--.example",
    "ann@xn--.example",
    "ann@xn--99999999999999.example",
    # A browser writes the ligature as two letters, and so in another domain.
    f"ann@xn--{'ﬁx'.encode('punycode').decode()}.example",
]


def test_the_console_decodes_domains_and_leaves_other_texts() -> None:
    addresses = [clean_email(one) for one in ADDRESSES]
    assert not any(one.partition("@")[2].isascii() < one.isascii() for one in addresses)
    texts = [*addresses, *OTHER_TEXTS, f"{addresses[0]} and {addresses[1]}"]
    module = json.dumps((console.SOURCE / "src" / "addresses.ts").as_uri())
    script = SCRIPT.format(module=module, texts=json.dumps(texts))
    command = [str(NODE), "--no-warnings", "--input-type=module", "-e", script]
    process = subprocess.run(command, capture_output=True, text=True, check=True)
    assert json.loads(process.stdout) == [*ADDRESSES, *OTHER_TEXTS, f"{ADDRESSES[0]} and {ADDRESSES[1]}"]
