import type { OpleadIssue } from "../../../errors.ts";
import { showIdentity } from "../../../redact.ts";
import type { UserInput } from "../../../user/user.ts";

/** Fields that Oplead probably accepts only once (assumed). */
const FIELDS = ["login", "email"] as const;

/** Finds e-mail addresses and logins that several users of the source share. */
export class SharedValues {
  readonly #owners = new Map(FIELDS.map((field) => [field, new Map<string, string>()]));
  /** For each field the users that share their value with another one, with that other one. */
  readonly #shared = new Map(FIELDS.map((field) => [field, new Map<string, string>()]));

  add(accountNumber: string, user: UserInput): void {
    for (const field of FIELDS) {
      const value = user[field];
      if (typeof value !== "string") continue;
      const owners = this.#owners.get(field);
      // Upper and lower case make no difference to a mail server, and seldom to a login.
      const key = value.trim().toLowerCase();
      const owner = owners?.get(key);
      if (owner === undefined) owners?.set(key, accountNumber);
      else if (owner !== accountNumber) {
        const shared = this.#shared.get(field);
        shared?.set(accountNumber, owner);
        if (!shared?.has(owner)) shared?.set(owner, accountNumber);
      }
    }
  }

  issuesOf(accountNumber: string): OpleadIssue[] {
    return FIELDS.flatMap((field) => {
      const other = this.#shared.get(field)?.get(accountNumber);
      return other === undefined ? [] : [{ path: field, message: `is also the ${field} of ${showIdentity(other)}` }];
    });
  }
}
