import type { CountryDetails, UserProfile } from "../rules/countries.ts";
import type { RuleBodies, RuleName } from "../rules/types.ts";
import { atLeast, requireKnown, requireOptions } from "./arguments.ts";
import { handleOf } from "./faults.ts";
import type { FakeHandle, FakeLag, FakeOpleadOptions } from "./types.ts";
import type { FakeUser } from "./user.ts";

type FakeIds = NonNullable<FakeOpleadOptions["ids"]>;

type Read = NonNullable<FakeLag["reads"]>[number];

// By value: its users, oldest first. Several where a test allows duplicates.
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

  shared(): string[] {
    return [...this.#ids].filter(([, ids]) => ids.length > 1).map(([value]) => value);
  }
}

class Directory {
  readonly #users: Map<string, FakeUser>;
  readonly #accounts: Holders;
  readonly #logins: Holders;

  constructor(copied?: Directory) {
    this.#users = new Map(copied ? copied.#users : []);
    this.#accounts = new Holders(copied ? copied.#accounts : undefined);
    this.#logins = new Holders(copied ? copied.#logins : undefined);
  }

  byId(id: string): FakeUser | undefined {
    return this.#users.get(id);
  }

  find(idOrAccountNumber: string): FakeUser | undefined {
    return this.#users.get(idOrAccountNumber) ?? this.#users.get(this.#accounts.first(idOrAccountNumber) ?? "");
  }

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

  duplicates(): string[] {
    return this.#accounts.shared();
  }
}

export class Store extends Directory {
  readonly #rules = new Map<string, Partial<RuleBodies>>();
  #snapshot: readonly FakeUser[] | undefined;
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

  rules(id: string): Partial<RuleBodies> {
    return this.#rules.get(id) ?? {};
  }

  putRule(id: string, name: RuleName, body: unknown): void {
    this.#rules.set(id, { ...this.rules(id), [name]: body });
  }
}

interface Lag {
  readonly ms: number;
  readonly reads: ReadonlySet<Read>;
  readonly directory: Directory;
  // Not visible yet, oldest first.
  readonly pending: { readonly user: FakeUser; readonly time: number }[];
  hits: number;
}

const allReads: readonly Read[] = ["user", "rule", "parent", "unique"];

export class Replica {
  readonly #store: Store;
  readonly #now: () => number;
  #lag: Lag | undefined;
  #missed = false;

  constructor(store: Store, now: () => number) {
    this.#store = store;
    this.#now = now;
    store.onPut = (user) => this.#lag?.pending.push({ user, time: now() });
  }

  // Ends an earlier lag. Writes before it are visible.
  lag(given: FakeLag): FakeHandle {
    requireOptions<FakeLag>("lag", given, { ms: "a number", reads: "a list" }, "ms");
    const { ms, reads = ["user", "rule", "parent"] } = given;
    for (const read of reads) requireKnown("look-up", read, allReads);
    const lag: Lag = {
      ms: atLeast("ms", ms, 0),
      reads: new Set(reads),
      directory: new Directory(this.#store),
      pending: [],
      hits: 0,
    };
    this.#lag = lag;
    return handleOf(lag, () => {
      if (this.#lag === lag) this.#lag = undefined;
    });
  }

  showNewest(): void {
    const newest = this.#lag?.pending.pop();
    if (newest) this.#lag?.directory.put(newest.user);
  }

  find(read: Read, idOrAccountNumber: string): FakeUser | undefined {
    const current = this.#store.find(idOrAccountNumber);
    const seen = this.#directoryFor(read).find(idOrAccountNumber);
    this.#missed ||= seen?.id !== current?.id;
    return seen;
  }

  holder(...asked: Parameters<Directory["holder"]>): string | undefined {
    const seen = this.#directoryFor("unique").holder(...asked);
    this.#missed ||= seen !== this.#store.holder(...asked);
    return seen;
  }

  // A request counts as hit by the lag if a look-up found another user, or none.
  request<T>(run: () => T): T {
    this.#missed = false;
    const result = run();
    if (this.#missed && this.#lag) this.#lag.hits += 1;
    return result;
  }

  #directoryFor(read: Read): Directory {
    if (!this.#lag?.reads.has(read)) return this.#store;
    const { pending, directory, ms } = this.#lag;
    const visible = this.#now() - ms;
    while (pending[0] && pending[0].time <= visible) directory.put((pending.shift() as (typeof pending)[0]).user);
    return directory;
  }
}

// 2^53. `JSON.parse` reads the second id, 2^53 + 1, as 2^53.
const LARGE = 2n ** 53n;

export class Ids {
  readonly #ids: FakeIds;
  // Results of the `ids` function by id; answers show them.
  readonly #made = new Map<string, unknown>();
  #last = 0;

  constructor(ids: FakeIds) {
    this.#ids = ids;
  }

  // Never used twice: an id of test mode does not belong to a later user.
  next(store: Store): string {
    let id: string;
    do {
      this.#last += 1;
      id = this.#make(this.#last, store);
    } while (store.byId(id) !== undefined);
    return id;
  }

  // A bigint: digits without quotes.
  sent(id: string): unknown {
    if (this.#ids === "numbers" || this.#ids === "large") return BigInt(id);
    return this.#made.has(id) ? this.#made.get(id) : id;
  }

  refuse(id: string): string | undefined {
    const isDigits = typeof this.#ids === "string" && this.#ids !== "uuid";
    return isDigits && !/^\d+$/.test(id) ? "must be digits" : undefined;
  }

  #make(count: number, store: Store): string {
    const digits = String(100_000 + count);
    if (this.#ids === "large") return String(LARGE + BigInt(count - 1));
    if (this.#ids === "uuid") return `7d0c2f3e-5b1a-4c8e-9f46-${digits.padStart(12, "0")}`;
    if (typeof this.#ids === "string") return digits;
    const value = this.#ids(count);
    // Digits where the function repeats a value or returns no id.
    const isId = ["string", "number", "bigint"].includes(typeof value) && store.byId(String(value)) === undefined;
    const id = isId ? String(value) : digits;
    this.#made.set(id, value);
    return id;
  }
}

// Invented profiles: each platform has its own.
export const defaultProfiles: readonly UserProfile[] = [
  { code: "PRF_NETWORK", label: "Tête de réseau" },
  { code: "PRF_REGION", label: "Responsable régional", parent: { code: "PRF_NETWORK" } },
  { code: "PRF_DEALER", label: "Concessionnaire", parent: { code: "PRF_REGION" } },
];

// Difficult cases: leading zeros (01), a postcode in two counties (01410), Corsica (postcodes 20…, counties with a
// letter), a county of three digits.
export const defaultCountries: readonly CountryDetails[] = [
  {
    code: "FR",
    label: "France",
    counties: [
      { number: "01", label: "Ain", postCodeZips: ["01000", "01100", "01400", "01410"] },
      { number: "13", label: "Bouches-du-Rhône", postCodeZips: ["13001", "13002", "13090", "13100"] },
      { number: "2A", label: "Corse-du-Sud", postCodeZips: ["20000", "20090", "20100", "20137"] },
      { number: "2B", label: "Haute-Corse", postCodeZips: ["20200", "20220", "20250"] },
      { number: "39", label: "Jura", postCodeZips: ["01410", "39000", "39100"] },
      { number: "75", label: "Paris", postCodeZips: ["75001", "75002", "75003", "75116"] },
      { number: "971", label: "Guadeloupe", postCodeZips: ["97100", "97110", "97180"] },
    ],
  },
  {
    code: "BE",
    label: "Belgique",
    counties: [
      { number: "BRU", label: "Bruxelles-Capitale", postCodeZips: ["1000", "1050", "1180"] },
      { number: "WLG", label: "Liège", postCodeZips: ["4000", "4020"] },
      { number: "WNA", label: "Namur", postCodeZips: ["5000"] },
    ],
  },
];
