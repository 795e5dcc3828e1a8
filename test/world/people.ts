import type { SourceUser } from "../../src/sync/index.ts";

// `who`: index into the people, modulo their number.
export interface Change {
  readonly kind: "join" | "edit" | "leave" | "return" | "renumber" | "swap" | "parent" | "rule" | "loseRule";
  readonly who: number;
  readonly which: number;
}

export const CHANGES = ["join", "edit", "leave", "return", "renumber", "swap", "parent", "rule", "loseRule"] as const;

export interface Person {
  // The last name never changes: a person is recognised by it.
  readonly name: string;
  accountNumber: string;
  login: string;
  phone: number;
  parent: string | undefined;
  rules: {
    maxDistance?: number;
    profileTypes?: readonly ("pro" | "single")[];
    contactProfiles?: readonly `CPR_${string}`[];
  };
  isPresent: boolean;
  hasLeft: boolean;
  version: number;
}

const USER_FIELDS = ["login", "accountNumber", "phone", "parentUserIdentifier"] as const;

export function contentOf(step: string, content: unknown): string {
  if (step !== "user") return JSON.stringify(content);
  return JSON.stringify(USER_FIELDS.map((field) => (content as Record<string, unknown>)[field]));
}

const HEADS = 2;

export class People {
  readonly all: Person[] = [];
  readonly moves: (readonly [string, string])[] = [];

  readonly #areLoginsUnique: boolean;
  #logins = 0;

  // With unique logins nobody can swap: one takes the other's login, and the other gets a new one.
  constructor(count: number, areLoginsUnique: boolean) {
    this.#areLoginsUnique = areLoginsUnique;
    for (let at = 0; at < count; at += 1) this.#join();
  }

  get present(): Person[] {
    return this.all.filter(({ isPresent }) => isPresent);
  }

  // Returns the people who changed. `isKnown`: the ledger and each plan under way have the account number. Others keep
  // theirs, because a move needs an entry.
  change({ kind, who, which }: Change, isKnown: (accountNumber: string) => boolean): Person[] {
    if (kind === "join") return [this.#join()];
    const candidates = kind === "return" ? this.all.filter(({ isPresent }) => !isPresent) : this.present;
    const person = candidates[who % Math.max(1, candidates.length)];
    if (!person) return [];
    if (kind === "renumber" && !isKnown(person.accountNumber)) return [];
    const changed = this.#apply(kind, person, which);
    for (const each of changed) each.version += 1;
    return changed;
  }

  #apply(kind: Exclude<Change["kind"], "join">, person: Person, which: number): Person[] {
    const isHead = this.all.indexOf(person) < HEADS;
    switch (kind) {
      case "edit":
        person.phone += 1;
        return [person];
      case "leave":
        if (isHead) return [];
        person.isPresent = false;
        person.hasLeft = true;
        return [person];
      case "return":
        person.isPresent = true;
        return [person];
      case "renumber": {
        const from = person.accountNumber;
        const [first = from, count = "1"] = from.split("-");
        // Some people get their first number back.
        person.accountNumber = from !== first && which % 3 === 0 ? first : `${first}-${Number(count) + 1}`;
        this.moves.push([from, person.accountNumber]);
        return [person, ...this.present.filter(({ parent }) => parent === person.name)];
      }
      case "swap": {
        const other = this.present[which % this.present.length];
        if (!other || other === person) return [];
        // A head with a new number comes before its children, and a child that gives its login up before the head.
        if (isHead && this.#areLoginsUnique && other.parent !== undefined) return [];
        [person.login, other.login] = [other.login, this.#areLoginsUnique ? this.#newLogin() : person.login];
        return [person, other];
      }
      case "parent": {
        if (isHead) return [];
        const parent = this.all[which % HEADS]?.name;
        if (parent === person.parent) return [];
        person.parent = parent;
        return [person];
      }
      case "rule":
        if (which % 3 === 0) person.rules = { ...person.rules, maxDistance: 10 + (which % 40) };
        else if (which % 3 === 1)
          person.rules = { ...person.rules, profileTypes: which % 2 ? ["pro"] : ["pro", "single"] };
        else person.rules = { ...person.rules, contactProfiles: [`CPR_${which % 5}`] };
        return [person];
      case "loseRule": {
        const name = (["maxDistance", "profileTypes", "contactProfiles"] as const)[which % 3] as "maxDistance";
        if (person.rules[name] === undefined) return [];
        const { [name]: _, ...rules } = person.rules;
        person.rules = rules;
        return [person];
      }
    }
  }

  #newLogin(): string {
    this.#logins += 1;
    return `login${this.#logins}`;
  }

  #join(): Person {
    const at = this.all.length;
    const person: Person = {
      name: `P${at}`,
      accountNumber: `A${at}`,
      login: this.#newLogin(),
      phone: 100,
      parent: at < HEADS ? undefined : `P${at % HEADS}`,
      rules: at % 3 === 0 ? { maxDistance: 30 } : at % 3 === 1 ? { profileTypes: ["pro"] } : {},
      isPresent: true,
      hasLeft: false,
      version: 1,
    };
    this.all.push(person);
    return person;
  }

  recordOf(person: Person, hasVersions: boolean): SourceUser {
    const { name, accountNumber, login, phone, parent, rules, version } = person;
    return {
      user: {
        civility: "Mme",
        lastname: name,
        login,
        email: `${name}@dealers.example`,
        accountNumber,
        phone: `+33600000${phone}`,
        address: { zipCode: "01000", city: "Bourg-en-Bresse", country: { code: "FR" } },
        profile: { code: parent === undefined ? "PRF_NETWORK" : "PRF_DEALER" },
        ...(parent !== undefined && { parentUserIdentifier: this.numberOf(parent) }),
      },
      rules: { ...rules },
      ...(hasVersions && { version }),
    };
  }

  stepsOf({ login, accountNumber, phone, parent, rules }: Person): ReadonlyMap<string, string> {
    const user = {
      login,
      accountNumber,
      phone: `+33600000${phone}`,
      parentUserIdentifier: parent && this.numberOf(parent),
    };
    const all: Record<string, unknown> = {
      user: USER_FIELDS.map((field) => user[field]),
      "max-distance": rules.maxDistance && { maxDistance: rules.maxDistance },
      "profile-types": rules.profileTypes,
      "contact-profiles": rules.contactProfiles?.map((code) => ({ code })),
    };
    const given = Object.entries(all).filter(([, content]) => content !== undefined);
    return new Map(given.map(([step, content]) => [step, JSON.stringify(content)]));
  }

  numberOf(name: string): string {
    return this.all.find((each) => each.name === name)?.accountNumber ?? name;
  }
}
