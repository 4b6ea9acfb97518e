// The part of Punycode (RFC 3492) that the console uses; the package brings no types of its own.

declare module "punycode/punycode.es6.js" {
  /** A label from Punycode. Throws where it is none. */
  export function decode(label: string): string;
}
