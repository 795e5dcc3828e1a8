import type { OpleadIssue } from "../../core/issues.ts";
import { issueAt } from "../../core/issues.ts";
import { showIdentity } from "../../core/redact.ts";
import { append } from "../../core/values.ts";
import { tellRecord } from "../../locales/en/core.ts";
import { comparable, UNIQUE_FIELDS } from "../../reconcile/compare.ts";
import type { UserInput } from "../../user/user.ts";

export type UsersToSend = Iterable<readonly [accountNumber: string, user: UserInput]>;

type WithValues = Iterable<readonly [accountNumber: string, user: Pick<UserInput, (typeof UNIQUE_FIELDS)[number]>]>;

// Logins and e-mail addresses of all users, compared only when there are users to send.
export class SharedValues {
  readonly #accountNumbers: string[] = [];
  readonly #values: Record<(typeof UNIQUE_FIELDS)[number], unknown[]> = { login: [], email: [] };

  add(accountNumber: string, user: UserInput): void {
    this.#accountNumbers.push(accountNumber);
    for (const field of UNIQUE_FIELDS) this.#values[field].push(user[field]);
  }

  find(users: WithValues): Map<string, OpleadIssue[]> {
    const found = new Map<string, OpleadIssue[]>();
    for (const field of UNIQUE_FIELDS) {
      const owners = this.#ownersOf(field, users);
      for (const [accountNumber, user] of users) {
        const other = owners.get(comparable(user[field]))?.find((owner) => owner !== accountNumber);
        if (other === undefined) continue;
        append(found, accountNumber, issueAt(field, tellRecord("shared_value", { field, other: showIdentity(other) })));
      }
    }
    return found;
  }

  findAmong(accountNumbers: readonly string[]): Map<string, OpleadIssue[]> {
    if (accountNumbers.length === 0) return new Map();
    const wanted = new Set(accountNumbers);
    const users = new Map<string, Pick<UserInput, "login" | "email">>();
    for (const [at, accountNumber] of this.#accountNumbers.entries()) {
      if (!wanted.has(accountNumber)) continue;
      const { login, email } = this.#values;
      users.set(accountNumber, { login: login[at] as string, email: email[at] as string });
    }
    const found = this.find(users);
    for (const [accountNumber, user] of users) {
      const issues = found.get(accountNumber);
      if (issues) found.set(accountNumber, oncePerValue(user, issues));
    }
    return found;
  }

  // Keeps two owners of each value: at least one of them is not the checked user.
  #ownersOf(field: (typeof UNIQUE_FIELDS)[number], users: WithValues): Map<string | undefined, string[]> {
    const owners = new Map<string | undefined, string[]>();
    for (const [, user] of users) {
      owners.set(comparable(user[field]), []);
    }
    owners.delete(undefined);
    if (owners.size === 0) return owners;
    for (const [at, value] of this.#values[field].entries()) {
      const all = owners.get(comparable(value));
      const accountNumber = this.#accountNumbers[at] as string;
      if (all && all.length < 2 && all[0] !== accountNumber) all.push(accountNumber);
    }
    return owners;
  }
}

// Tells an issue once if login and e-mail are equal: many companies use e-mail addresses as logins.
export function oncePerValue(
  { login, email }: Pick<UserInput, "login" | "email">,
  issues: readonly OpleadIssue[],
): OpleadIssue[] {
  if (typeof login !== "string" || login !== email) return [...issues];
  const ofEmail = new Set(issues.flatMap(({ path, code }) => (path === "email" ? [code] : [])));
  return issues.filter(({ path, code }) => path !== "login" || !ofEmail.has(code));
}
