// E-mail addresses: found in whatever text they were copied in, such as a column of a sheet, a header of a mail or a
// list with commas; and shown with the letters of their domain, which the API keeps in ASCII.

import { decode } from "punycode/punycode.es6.js";

const ADDRESS = /[^\s<>,;:"'()[\]|@]+@[^\s<>,;:"'()[\]|@]+\.[^\s<>,;:"'()[\]|@.]+/g;

/** The distinct addresses of the text, in their order. */
export function addressesIn(text: string): readonly string[] {
  const addresses = text.match(ADDRESS) ?? [];
  const byLowerCase = new Map(addresses.map((address) => [address.toLowerCase(), address]));
  return [...byLowerCase.values()];
}

const ENCODED = "xn--";

/** A text with the domains of its addresses in their own letters: `ann@xn--bcher-kva.example` is `ann@bücher.example`. */
export function legible(text: string): string {
  return text.includes(ENCODED) ? text.replace(/(?<=@\S*)xn--[a-z\d-]+/gi, labelOf) : text;
}

function labelOf(encoded: string): string {
  try {
    const label = decode(encoded.slice(ENCODED.length).toLowerCase());
    // A domain that the browser would encode differently is kept.
    return new URL(`http://${label}`).hostname === encoded.toLowerCase() ? label : encoded;
  } catch {
    return encoded;
  }
}
