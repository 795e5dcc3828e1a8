import type { FakeRuleName, FakeRules, FakeUser } from "./types.ts";

/** Which users hold a value, in the order they took it. A list, because a fake may be told to allow duplicates. */
class Holders {
  readonly #ids = new Map<string, string[]>();

  first(value: string): string | undefined {
    return this.#ids.get(value)?.[0];
  }

  move(id: string, from: string | null | undefined, to: string | null | undefined): void {
    if (from === to) return;
    if (typeof from === "string") {
      const rest = (this.#ids.get(from) ?? []).filter((holder) => holder !== id);
      if (rest.length > 0) this.#ids.set(from, rest);
      else this.#ids.delete(from);
    }
    if (typeof to === "string") {
      const holders = this.#ids.get(to);
      if (holders) holders.push(id);
      else this.#ids.set(to, [id]);
    }
  }

  shared(): string[] {
    return [...this.#ids].filter(([, ids]) => ids.length > 1).map(([value]) => value);
  }
}

/** Users and rules in memory. It stores what it is given; whether that is allowed is decided before. */
export class Store {
  readonly #users = new Map<string, FakeUser>();
  readonly #rules = new Map<string, FakeRules>();
  readonly #accounts = new Holders();
  readonly #logins = new Holders();
  #lastId = 100_000;
  #snapshot: readonly FakeUser[] | undefined;

  /** Never gives one out twice, so an id made up for test mode belongs to nobody later. */
  nextId(): string {
    do this.#lastId += 1;
    while (this.#users.has(String(this.#lastId)));
    return String(this.#lastId);
  }

  /** By id, or else by accountNumber: an accountNumber that looks like another user's id loses. */
  find(idOrAccountNumber: string): FakeUser | undefined {
    return this.#users.get(idOrAccountNumber) ?? this.#users.get(this.#accounts.first(idOrAccountNumber) ?? "");
  }

  /** The user, other than `id`, who already holds the accountNumber or login. */
  holder(field: "accountNumber" | "login", value: string, id: string | undefined): string | undefined {
    const holder = (field === "login" ? this.#logins : this.#accounts).first(value);
    return holder === id ? undefined : holder;
  }

  put(user: FakeUser): void {
    const before = this.#users.get(user.id);
    this.#accounts.move(user.id, before?.accountNumber, user.accountNumber);
    this.#logins.move(user.id, before?.login, user.login);
    this.#users.set(user.id, user);
    this.#snapshot = undefined;
  }

  rules(id: string): FakeRules {
    return this.#rules.get(id) ?? {};
  }

  putRule(id: string, name: FakeRuleName, body: unknown): void {
    this.#rules.set(id, { ...this.rules(id), [name]: body });
  }

  users(): readonly FakeUser[] {
    this.#snapshot ??= [...this.#users.values()];
    return this.#snapshot;
  }

  duplicates(): string[] {
    return this.#accounts.shared();
  }
}
