import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { LoadedConfig } from "oplead-sdk/config";
import type { CoverageUser } from "oplead-sdk/coverage";
import type { SourceUser, SyncPlan } from "oplead-sdk/sync";
import { writePrivateFile } from "../shell/write-file.ts";

/**
 * The parts of each user that coverage needs: rules and postcode, no name. With `coverage: true` a run keeps it in a file, because
 * the ledger has hashes only and the next plan wants to know what it changes.
 */
export class CoveredUsers {
  readonly path: string;
  readonly #now = new Map<string, CoverageUser>();

  constructor({ folder }: LoadedConfig) {
    this.path = resolve(folder, "oplead-coverage.json");
  }

  add({ user, rules }: SourceUser): void {
    const { accountNumber, address } = user;
    if (typeof accountNumber !== "string" || accountNumber === "") return;
    const { zipCode, country } = address ?? {};
    this.#now.set(accountNumber, { user: { accountNumber, address: { zipCode, country } }, rules });
  }

  /** The users as the last run left them; undefined before the first. */
  before(): readonly CoverageUser[] | undefined {
    try {
      const file = JSON.parse(readFileSync(this.path, "utf8")) as { version?: unknown; users?: CoverageUser[] };
      return file.version === 1 && Array.isArray(file.users) ? file.users : undefined;
    } catch {
      return undefined;
    }
  }

  /** The users when these have arrived: those that did not, and those that left the source, are in Oplead as before. */
  after(plan: SyncPlan, arrived: ReadonlySet<string>): readonly CoverageUser[] {
    const open = [plan.changes, plan.invalid, plan.duplicates, plan.held, plan.waiting].flat();
    const late = new Set(open.map(({ accountNumber }) => accountNumber).filter((name) => name && !arrived.has(name)));
    const users = new Map((this.before() ?? []).map((user) => [user.user.accountNumber, user]));
    const numbers = plan.changes.map(({ movedFrom, accountNumber }) => [movedFrom, accountNumber] as const);
    for (const [from, to] of numbers) {
      const old = from === undefined ? undefined : users.get(from);
      if (!old) continue;
      users.delete(old.user.accountNumber);
      users.set(to, { ...old, user: { ...old.user, accountNumber: to } });
    }
    for (const [accountNumber, user] of this.#now) if (!late.has(accountNumber)) users.set(accountNumber, user);
    return [...users.values()];
  }

  /** Writes what a run has come to. */
  write(plan: SyncPlan, arrived: ReadonlySet<string>): void {
    const users = this.after(plan, arrived);
    writePrivateFile(this.path, `${JSON.stringify({ version: 1, users })}\n`);
  }
}
