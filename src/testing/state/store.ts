import type { FakeRuleName, FakeRules, FakeUser } from "../types/user.ts";
import { Directory } from "./directory.ts";

/** The users and rules as they are now. */
export class Store {
  readonly #directory = new Directory();
  readonly #rules = new Map<string, FakeRules>();
  #snapshot: readonly FakeUser[] | undefined;
  /** Told of each user that is written. */
  onPut: ((user: FakeUser) => void) | undefined;

  byId(id: string): FakeUser | undefined {
    return this.#directory.byId(id);
  }

  find(idOrAccountNumber: string): FakeUser | undefined {
    return this.#directory.find(idOrAccountNumber);
  }

  holder(...asked: Parameters<Directory["holder"]>): string | undefined {
    return this.#directory.holder(...asked);
  }

  put(user: FakeUser): void {
    this.#directory.put(user);
    this.#snapshot = undefined;
    this.onPut?.(user);
  }

  rules(id: string): FakeRules {
    return this.#rules.get(id) ?? {};
  }

  putRule(id: string, name: FakeRuleName, body: unknown): void {
    this.#rules.set(id, { ...this.rules(id), [name]: body });
  }

  users(): readonly FakeUser[] {
    this.#snapshot ??= this.#directory.users();
    return this.#snapshot;
  }

  duplicates(): string[] {
    return this.#directory.duplicates();
  }

  /** A copy of the users, for a replica that follows later. */
  copy(): Directory {
    return new Directory(this.#directory);
  }
}
