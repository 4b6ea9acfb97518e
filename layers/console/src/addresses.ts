// E-mail addresses in whatever text they were copied in: a column of a sheet, a header of a mail, a list with commas.

const ADDRESS = /[^\s<>,;:"'()[\]|@]+@[^\s<>,;:"'()[\]|@]+\.[^\s<>,;:"'()[\]|@.]+/g;

/** Each address of the text once, in its order. */
export function addressesIn(text: string): readonly string[] {
  const found = text.match(ADDRESS) ?? [];
  const known = new Map(found.map((address) => [address.toLowerCase(), address]));
  return [...known.values()];
}
