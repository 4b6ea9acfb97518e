// An e-mail address as people read it, and the link to its customer.

import type { JSX } from "preact";
import { legible } from "../addresses";
import { to } from "../router";

/** The address with its domain in its own letters; where a line must be broken, before the domain. */
export function Email({ of }: { of: string }): JSX.Element {
  const text = legible(of);
  const domain = text.lastIndexOf("@") + 1;
  return (
    <>
      {text.slice(0, domain)}
      <wbr />
      {text.slice(domain)}
    </>
  );
}

/** A customer by name, or else by address. */
export function ToCustomer({ email, name }: { email: string; name?: string }): JSX.Element {
  return <a href={to("customers", email)}>{name || <Email of={email} />}</a>;
}
