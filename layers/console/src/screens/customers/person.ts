// A customer, as the API answers one.

import type { Answer } from "../../answers";

export type Profile = Answer<"/v1/customers/{email}">;
export type Order = Profile["orders"][number];
