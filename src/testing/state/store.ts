import type { FakeRuleName, FakeRules } from "../rules.ts";
import type { FakeUser } from "../types/user.ts";

/** Which users hold a value, in the order in which they took it. A list, because a fake may be told to allow duplicates. */
class Holders {
  readonly #ids: Map<string, readonly string[]>;

  constructor(copied?: Holders) {
    this.#ids = new Map(copied ? copied.#ids : []);
  }

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
    if (typeof to === "string") this.#ids.set(to, [...(this.#ids.get(to) ?? []), id]);
  }

  /** The values that several users hold. */
  shared(): string[] {
    return [...this.#ids].filter(([, ids]) => ids.length > 1).map(([value]) => value);
  }
}

/** Users by id, accountNumber and login. It takes what it is given; what is allowed is decided before. */
export class Directory {
  readonly #users: Map<string, FakeUser>;
  readonly #accounts: Holders;
  readonly #logins: Holders;

  /** Empty, or a copy. */
  constructor(copied?: Directory) {
    this.#users = new Map(copied ? copied.#users : []);
    this.#accounts = new Holders(copied ? copied.#accounts : undefined);
    this.#logins = new Holders(copied ? copied.#logins : undefined);
  }

  byId(id: string): FakeUser | undefined {
    return this.#users.get(id);
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
  }

  users(): readonly FakeUser[] {
    return [...this.#users.values()];
  }

  /** The accountNumbers that several users hold. */
  duplicates(): string[] {
    return this.#accounts.shared();
  }
}

export class Store extends Directory {
  readonly #rules = new Map<string, FakeRules>();
  #snapshot: readonly FakeUser[] | undefined;
  /** Told of each user that is written. */
  onPut: ((user: FakeUser) => void) | undefined;

  override put(user: FakeUser): void {
    super.put(user);
    this.#snapshot = undefined;
    this.onPut?.(user);
  }

  override users(): readonly FakeUser[] {
    this.#snapshot ??= super.users();
    return this.#snapshot;
  }

  rules(id: string): FakeRules {
    return this.#rules.get(id) ?? {};
  }

  putRule(id: string, name: FakeRuleName, body: unknown): void {
    this.#rules.set(id, { ...this.rules(id), [name]: body });
  }
}
