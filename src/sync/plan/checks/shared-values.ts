import type { OpleadIssue } from "../../../errors.ts";
import { showIdentity } from "../../../redact.ts";
import type { UserInput } from "../../../user/user.ts";

/** Fields that Oplead probably accepts only once (assumed). */
const FIELDS = ["login", "email"] as const;

/** Finds e-mail addresses and logins that several users of the source share. */
export class SharedValues {
  readonly #values = { login: new Owners(), email: new Owners() };

  add(accountNumber: string, user: UserInput): void {
    for (const field of FIELDS) {
      const value: unknown = user[field];
      // Upper and lower case make no difference to a mail server, and seldom to a login.
      if (typeof value === "string") this.#values[field].add(accountNumber, value.trim().toLowerCase());
    }
  }

  issuesOf(accountNumber: string): OpleadIssue[] {
    return FIELDS.flatMap((field) => {
      const other = this.#values[field].others.get(accountNumber);
      return other === undefined ? [] : [{ path: field, message: `is also the ${field} of ${showIdentity(other)}` }];
    });
  }
}

class Owners {
  readonly #firsts = new Map<string, string>();
  /** The users that share their value with another one, with that other one. */
  readonly others = new Map<string, string>();

  add(accountNumber: string, value: string): void {
    const first = this.#firsts.get(value);
    if (first === undefined) this.#firsts.set(value, accountNumber);
    else if (first !== accountNumber) {
      this.others.set(accountNumber, first);
      if (!this.others.has(first)) this.others.set(first, accountNumber);
    }
  }
}
