// A customer's profile, as in the API.

import type { Answer } from "../../answers";

export type Profile = Answer<"/v1/customers/{email}">;
export type Order = Profile["orders"][number];
