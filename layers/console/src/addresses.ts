// E-mail addresses: found in whatever text they were copied in, such as a column of a sheet, a header of a mail or a
// list with commas; and shown with the letters of their domain, which the API keeps in ASCII.

const ADDRESS = /[^\s<>,;:"'()[\]|@]+@[^\s<>,;:"'()[\]|@]+\.[^\s<>,;:"'()[\]|@.]+/g;

/** Each address of the text once, in its order. */
export function addressesIn(text: string): readonly string[] {
  const found = text.match(ADDRESS) ?? [];
  const known = new Map(found.map((address) => [address.toLowerCase(), address]));
  return [...known.values()];
}

const ENCODED = "xn--";

/** A text with the domains of its addresses in their own letters: `ann@xn--bcher-kva.example` is `ann@bücher.example`. */
export function legible(text: string): string {
  return text.includes(ENCODED) ? text.replace(/(?<=@\S*)xn--[a-z\d-]+/gi, labelOf) : text;
}

function labelOf(encoded: string): string {
  try {
    const label = decoded(encoded.slice(ENCODED.length).toLowerCase());
    // What the browser would not encode in the same way stays as it is.
    return new URL(`http://${label}`).hostname === encoded.toLowerCase() ? label : encoded;
  } catch {
    return encoded;
  }
}

const DIGITS = "abcdefghijklmnopqrstuvwxyz0123456789";
const [BASE, LEAST, MOST, SKEW, DAMP] = [36, 1, 26, 38, 700];

/** A label from Punycode (RFC 3492). Throws where it is none. */
function decoded(label: string): string {
  const end = Math.max(label.lastIndexOf("-"), 0);
  const letters = [...label.slice(0, end)];
  let [point, place, bias] = [128, 0, 72];
  for (let next = end && end + 1; next < label.length; ) {
    const before = place;
    for (let weight = 1, k = BASE; ; k += BASE) {
      const digit = DIGITS.indexOf(label[next++] ?? " ");
      if (digit < 0) throw new RangeError(label);
      place += digit * weight;
      const least = Math.min(Math.max(k - bias, LEAST), MOST);
      if (digit < least) break;
      weight *= BASE - least;
    }
    const length = letters.length + 1;
    bias = adapted(place - before, length, before === 0);
    point += Math.floor(place / length);
    letters.splice(place % length, 0, String.fromCodePoint(point));
    place = (place % length) + 1;
  }
  return letters.join("");
}

function adapted(step: number, length: number, first: boolean): number {
  let delta = first ? Math.floor(step / DAMP) : step >> 1;
  delta += Math.floor(delta / length);
  let k = 0;
  for (; delta > ((BASE - LEAST) * MOST) >> 1; k += BASE) delta = Math.floor(delta / (BASE - LEAST));
  return k + Math.floor((BASE * delta) / (delta + SKEW));
}
