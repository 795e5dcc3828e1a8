import type { FakeUser } from "../types/user.ts";
import { Holders } from "./holders.ts";

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

  users(): FakeUser[] {
    return [...this.#users.values()];
  }

  /** The accountNumbers that several users hold. */
  duplicates(): string[] {
    return this.#accounts.shared();
  }
}
