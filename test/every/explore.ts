import { hash } from "node:crypto";
import { createOplead, type Oplead, type OpleadOptions } from "../../src/index.ts";
import { createLedger, type Lease, type Ledger, type LedgerEntry, type LedgerStore } from "../../src/sync/index.ts";
import { Chance } from "../world/chance.ts";
import { asResponse, lost, type Wire } from "../world/platform.ts";
import { Protocol, stateOf } from "../world/protocol.ts";
import { type End, VirtualTime, type WorldProcess } from "../world/time.ts";
import { type Option, Search } from "./search.ts";

// Every schedule, fault and kill within bounds, over the real code. It is run anew for each schedule, in virtual time. What
// it does outside of a process is a step; between two steps a search decides what comes next.

export interface Bounds {
  // Requests whose answer is lost: carried out, never carried out, or late.
  readonly faults: number;
  // Requests that a server at its limit refuses.
  readonly refusals?: number;
  // P1 only, as for `freezes`.
  readonly kills?: number;
  // For longer than a lease lasts.
  readonly freezes?: number;
  // How often the clock goes on although a process could.
  readonly slow?: number;
  // How often another process goes on although the last one could. Default: always.
  readonly preemptions?: number;
}

export interface Exploration extends Bounds {
  readonly title: string;
  // `cas`: compare-and-set alone.
  readonly ledger: "none" | "file" | "lease" | "cas";
  readonly client?: Partial<OpleadOptions>;
  // Oplead refuses a second user with the same account number. Default false.
  readonly isUnique?: boolean;
  // Whoever has sent a newer state and knows it is not followed by an older state.
  readonly isOrdered?: boolean;
  readonly hasBoth?: boolean;
  readonly more?: Partial<Bounds>;
  // Before, without faults. It is the same for all schedules.
  readonly given?: (stage: Stage) => Promise<unknown>;
  readonly meet: (stage: Stage) => Promise<unknown>;
  // Afterwards, without faults. Returns what is wrong.
  readonly judge: (stage: Stage) => Promise<string | undefined>;
}

export interface Stage {
  readonly users: readonly User[];
  readonly requests: number;
  sleep(ms: number): Promise<void>;
  // The clock of P2 is two minutes fast.
  process<T>(name: string, task: (oplead: Oplead, ledger: Ledger) => Promise<T>): Promise<End<T>>;
}

export interface User {
  readonly id: string;
  accountNumber: string;
  state: number;
  rule: number | undefined;
}

interface Running {
  readonly self: WorldProcess;
  // Hash of all that it was answered, which decides what it does next; or how it ended.
  seen: string;
  operations: number;
  hasEnded: boolean;
}

interface Operation {
  readonly by: Running;
  readonly key: string;
  // Undefined: no other process touches it.
  readonly touches: string | undefined;
  readonly isRead: boolean;
  readonly label: string;
  readonly effect: () => unknown;
  readonly resolve: (value: never) => void;
  readonly reject: (error: unknown) => void;
  readonly isReady: () => boolean;
  readonly request: Request | undefined;
}

interface Late {
  readonly key: string;
  readonly label: string;
  readonly at: number;
  readonly commit: () => void;
}

interface Request {
  readonly by: string;
  readonly kind: "PUT" | "POST" | "rule";
  readonly identification: string;
  readonly content: { readonly accountNumber: string; readonly phone: string; readonly maxDistance: number };
}

// What outlives processes.
interface Stored {
  readonly now: number;
  readonly users: readonly User[];
  readonly entries: ReadonlyMap<string, string>;
  readonly info: string;
}

const START: Stored = { now: 1_700_000_000_000, users: [], entries: new Map(), info: "{}" };
const SECOND = 1_000;
const SETTLE_MS = 200;
const LATE_MS = 400 * SECOND;
const LEASE_MS = 30 * SECOND;
const FREEZE_MS = 60 * SECOND;
const SKEW_MS = 120 * SECOND;
const MOST_STEPS = 5_000;
const NO_LIMIT = Number.MAX_SAFE_INTEGER;
const OPLEAD = "Oplead";

export interface Explored {
  readonly executions: number;
  readonly states: number;
  // The first schedule that was not sound, the story of the shortest, and the numbers that repeat it.
  readonly found: { readonly execution: number; readonly story: readonly string[]; readonly path: string } | undefined;
}

// `repeat`: one schedule only. `isFirst`: the first story, not the shortest.
export async function explore(
  exploration: Exploration,
  { repeat, isFirst = false }: { readonly repeat?: string | undefined; readonly isFirst?: boolean } = {},
): Promise<Explored> {
  const before = new Schedule(exploration, START);
  const given = exploration.given ? await before.prepare() : START;
  if (typeof given === "string") {
    const found = { execution: 1, story: [...before.lines, given], path: "" };
    return { executions: 1, states: 0, found };
  }
  const search = new Search(repeat);
  let found: Explored["found"];
  for (let executions = 1; ; executions += 1) {
    const schedule = new Schedule(exploration, given, search);
    const wrong = await schedule.play();
    if (wrong !== undefined) {
      const story = [...schedule.lines, wrong];
      found = { execution: found?.execution ?? executions, story, path: search.path };
      search.onlyShorter();
    }
    if ((isFirst && found !== undefined) || !search.next()) return { executions, states: search.states, found };
  }
}

class Schedule implements Stage {
  readonly lines: string[] = [];
  readonly users: User[];
  requests = 0;
  readonly #exploration: Exploration;
  readonly #search: Search | undefined;
  readonly #time: VirtualTime;
  readonly #entries: Map<string, string>;
  readonly #leases = new Map<string, { readonly holder: WorldProcess; until: number }>();
  readonly #running = new Map<string, Running>();
  readonly #pending: Operation[] = [];
  readonly #late: Late[] = [];
  readonly #protocol = new Protocol((name) => this.#read(name));
  readonly #carriedOut = new Set<string>();
  // Newest state of each step that was acknowledged.
  readonly #acknowledged = new Map<string, number>();
  readonly #left: {
    faults: number;
    refusals: number;
    kills: number;
    freezes: number;
    slow: number;
    preemptions: number;
  };
  #info: string;
  #last: Running | undefined;
  #isExploring = false;
  #isOver = false;
  #wrong: string | undefined;

  constructor(exploration: Exploration, { now, users, entries, info }: Stored, search?: Search) {
    const { faults, refusals = 0, kills = 0, freezes = 0, slow = 0, preemptions = NO_LIMIT } = exploration;
    this.#exploration = exploration;
    this.#search = search;
    this.#time = new VirtualTime(now, new Chance(1));
    this.users = users.map((user) => ({ ...user }));
    this.#entries = new Map(entries);
    this.#info = info;
    this.#left = { faults, refusals, kills, freezes, slow, preemptions };
  }

  // Or what is wrong.
  async prepare(): Promise<Stored | string> {
    await this.#play(async () => {
      await this.#exploration.given?.(this);
      await this.sleep(3_600 * SECOND);
    });
    if (this.#wrong !== undefined) return this.#wrong;
    return { now: this.#time.now, users: this.users, entries: this.#entries, info: this.#info };
  }

  async play(): Promise<string | undefined> {
    const { meet, judge } = this.#exploration;
    await this.#play(async () => {
      this.#isExploring = true;
      await meet(this);
      this.#isExploring = false;
      this.#fail(await judge(this));
    });
    return this.#wrong;
  }

  async #play(script: () => Promise<void>): Promise<void> {
    const restore = this.#time.install();
    const end = (): void => {
      this.#isOver = true;
    };
    try {
      script().then(end, (error: unknown) => this.#fail(`the script failed: ${String(error)}`));
      for (let step = 0; step < MOST_STEPS && !this.#isOver; step += 1) await this.#step();
      if (!this.#isOver) this.#fail("it does not end");
    } finally {
      restore();
    }
  }

  #fail(wrong: string | undefined): void {
    this.#wrong ??= wrong;
    if (wrong !== undefined) this.#isOver = true;
  }

  #say(line: string): void {
    this.lines.push(`${this.lines.length + 1}. ${line}`);
  }

  sleep(ms: number): Promise<void> {
    return this.#time.sleep(ms);
  }

  async process<T>(name: string, task: (oplead: Oplead, ledger: Ledger) => Promise<T>): Promise<End<T>> {
    const start = (self: WorldProcess): Promise<T> => {
      running.self.atEnd.push(() => this.#loseLeases(self));
      return task(this.#connect(running), this.#open(running));
    };
    const { self, end } = this.#time.start(name, start, { skewMs: name === "P2" ? SKEW_MS : 0 });
    const running: Running = { self, seen: "", operations: 0, hasEnded: false };
    this.#running.set(name, running);
    const ended = await end;
    const { applied = [], outcome } = Object(ended.was === "done" ? ended.value : undefined) as Told;
    running.hasEnded = true;
    running.seen = `${ended.was} ${outcome} ${ended.was === "failed" ? String(ended.error) : ""}`;
    this.#say(`${name} ends: ${running.seen}`);
    for (const step of applied)
      if (!this.#carriedOut.has(`${name} ${step === "user" ? step : "rule"}`)) this.#fail(`${name} never sent ${step}`);
    return ended;
  }

  #operate(
    by: Running,
    touches: string | undefined,
    label: string,
    effect: () => unknown,
    { isRead = false, isReady = () => true, request }: Partial<Pick<Operation, "isRead" | "isReady" | "request">> = {},
  ): Promise<never> {
    by.operations += 1;
    const { name, isDead } = by.self;
    const key = `${name} ${by.operations}`;
    return new Promise((resolve, reject) => {
      if (!isDead)
        this.#pending.push({
          by,
          key,
          touches,
          isRead,
          label: `${name} ${label}`,
          effect,
          resolve,
          reject,
          isReady,
          request,
        });
    });
  }

  #read(name: string): LedgerEntry | undefined {
    return JSON.parse(this.#entries.get(name) ?? "null") ?? undefined;
  }

  // Notes and facts are read and written at once: the entries do not depend on them.
  #open(by: Running): Ledger {
    const { name: who } = by.self;
    const placeOf = (name: string) => (name.startsWith(" ") ? undefined : "the ledger");
    const replace = (...all: readonly (readonly [string, number, LedgerEntry])[]): boolean => {
      if (all.some(([name, expected]) => (this.#read(name)?.revision ?? 0) !== expected)) return false;
      for (const [name, , entry] of all) {
        if (placeOf(name) !== undefined) this.#fail(this.#protocol.wrote(who, name, this.#read(name), entry));
        this.#entries.set(name, JSON.stringify(entry));
      }
      return true;
    };
    const all = () => [...this.#entries].map(([name, text]) => [name, JSON.parse(text)] as const);
    const list = (): Promise<ReturnType<typeof all>> =>
      this.#operate(by, "the ledger", "reads all", all, { isRead: true });
    const store: LedgerStore = {
      get: (name) => this.#operate(by, placeOf(name), `reads ${name}`, () => this.#read(name), { isRead: true }),
      replace: (name, expected, entry) =>
        this.#operate(by, placeOf(name), `writes ${name}: ${stateOf(entry)}`, () => replace([name, expected, entry])),
      async *entries() {
        yield* await list();
      },
      getInfo: () => this.#operate(by, undefined, "reads facts", () => JSON.parse(this.#info)),
      setInfo: (facts) =>
        this.#operate(by, undefined, "writes facts", () => {
          this.#info = JSON.stringify({ ...JSON.parse(this.#info), ...facts });
        }),
      ...(this.#exploration.hasBoth && {
        replaceBoth: (one, other) =>
          this.#operate(by, placeOf(one[0]), `writes ${one[0]} and ${other[0]}`, () => replace(one, other)),
      }),
      ...(this.#exploration.ledger === "lease" && { lease: (name: string) => this.#lease(by, name) }),
    };
    return createLedger(store, { ledgerKey: "the key of the explorer, which no one else has" });
  }

  async #lease(by: Running, name: string): Promise<Lease> {
    const mine = { holder: by.self, until: Number.POSITIVE_INFINITY };
    const isReady = (): boolean => (this.#leases.get(name)?.until ?? 0) <= this.#time.now;
    const take = (): void => void this.#leases.set(name, mine);
    const giveBack = (): void => {
      if (this.#leases.get(name) === mine) this.#leases.delete(name);
    };
    await this.#operate(by, `the lease of ${name}`, `takes the lease of ${name}`, take, { isReady });
    return {
      left: () => Math.min(mine.until - this.#time.now, LEASE_MS),
      release: () => this.#operate(by, undefined, "gives the lease back", giveBack),
    };
  }

  // They are not renewed any more.
  #loseLeases(self: WorldProcess): void {
    for (const lease of this.#leases.values()) {
      if (lease.holder !== self || lease.until < Number.POSITIVE_INFINITY) continue;
      lease.until = this.#time.now + LEASE_MS;
      this.#time.wake(undefined, LEASE_MS, () => {});
    }
  }

  #connect(by: Running): Oplead {
    const { name: who } = by.self;
    const { ledger, isOrdered, client } = this.#exploration;
    const send = (url: string, { method, body = "null" }: { readonly method: string; readonly body?: string }) => {
      const [, , , identification = "", , rule] = decodeURIComponent(new URL(url).pathname).split("/");
      const kind = rule === undefined ? (method as "PUT" | "POST") : "rule";
      const request: Request = { by: who, kind, identification, content: JSON.parse(body) };
      this.requests += 1;
      if (ledger !== "none") this.#fail(this.#protocol.sent(who, ...this.#namesOf(request), kind));
      const state = orderOf(request);
      if (isOrdered && this.#isExploring && state < (this.#acknowledged.get(stepOf(request)) ?? 0))
        this.#fail(`${who} sends s${state} after a newer state was acknowledged`);
      return this.#operate(
        by,
        OPLEAD,
        `sends ${kind} ${identification} with s${state}`,
        () => this.#carryOut(request),
        { request },
      );
    };
    return createOplead({
      ...{
        token: "token",
        baseUrl: "https://oplead.example",
        rateLimit: false,
        retry: false,
        platform: { settleMs: SETTLE_MS },
      },
      ...client,
      fetch: send as never,
    });
  }

  #find(identification: string): User | undefined {
    return this.users.find(({ id, accountNumber }) => id === identification || accountNumber === identification);
  }

  #namesOf({ identification, content }: Request): [identification: string, number: string] {
    return [identification, this.#find(identification)?.accountNumber ?? content.accountNumber];
  }

  #carryOut(request: Request): Wire {
    const { by, kind, identification, content } = request;
    const found = this.#find(identification);
    if (kind !== "POST" && !found) return { status: 404, body: { message: "Unknown user" } };
    const { accountNumber = found?.accountNumber ?? "" } = content;
    const isTaken = this.users.some((user) => user !== found && user.accountNumber === accountNumber);
    if (this.#exploration.isUnique && isTaken)
      return { status: 409, body: { errors: { accountNumber: ["is taken"] } } };
    const user: User = found ?? { id: `${this.users.length + 1}`, accountNumber, state: 0, rule: undefined };
    if (!found) this.users.push(user);
    const state = orderOf(request);
    if (kind === "rule") user.rule = state;
    else Object.assign(user, { accountNumber, state });
    this.#carriedOut.add(`${by} ${stepOf(request)}`);
    return { status: found ? 200 : 201, body: { id: user.id, accountNumber } };
  }

  async #step(): Promise<void> {
    await this.#time.run(() => this.#isOver || this.#time.nextAt > this.#time.now);
    if (this.#isOver) return;
    for (const operation of this.#pending.filter(({ by }) => by.self.isDead)) this.#take(operation);
    const ready = this.#pending.filter(({ isReady }) => isReady());
    const free = ready.find(({ touches }) => touches === undefined || !this.#isExploring);
    if (free) return this.#answer(free, free.effect);
    if (!this.#isExploring) return this.#tick();
    const option = this.#search?.pick(this.#options(ready), () => this.#state());
    if (!option) {
      this.#isOver = true;
      return;
    }
    this.#say(option.line);
    await option.act();
  }

  async #tick(): Promise<void> {
    const { nextAt } = this.#time;
    await this.#time.run(() => this.#isOver || this.#time.nextAt > nextAt);
  }

  // The process that was last goes on first.
  #options(ready: readonly Operation[]): Option[] {
    const own = ready.filter(({ by }) => by === this.#last);
    const others = own.length > 0 && this.#left.preemptions === 0 ? [] : ready.filter(({ by }) => by !== this.#last);
    const isBounded = this.#left.preemptions < NO_LIMIT;
    const options = [...own, ...others].flatMap((operation) =>
      this.#outcomesOf(operation, isBounded, own.length > 0 && operation.by !== this.#last),
    );
    // When a late request arrives matters only beside other requests.
    if (ready.some(({ touches }) => touches === OPLEAD)) options.push(...this.#late.map((late) => this.#arrival(late)));
    const isWaiting = [...this.#running.values()].some(
      (one) => !one.hasEnded && !one.self.isDead && !this.#pending.some(({ by }) => by === one),
    );
    if (ready.length === 0 || (this.#left.slow > 0 && isWaiting)) {
      const act = (): Promise<void> => {
        if (ready.length > 0) this.#left.slow -= 1;
        return this.#tick();
      };
      options.push({
        key: "time",
        who: "time",
        touches: "time",
        isRead: false,
        isAlone: true,
        line: "time passes",
        act,
      });
    }
    return options;
  }

  // With a bound, independent steps are not independent: their order decides what is left.
  #outcomesOf(operation: Operation, isAlone: boolean, isPreemption: boolean): Option[] {
    const { by, key, touches, isRead, label, effect } = operation;
    const { faults, refusals, kills, freezes } = this.#left;
    const of = (what: string, act: () => void, more: Partial<Option> = {}): Option => ({
      ...{ key: key + what, who: by.self.name, touches, isRead, isAlone, line: label + what },
      ...more,
      act: () => {
        this.#last = by;
        if (isAlone && isPreemption) this.#left.preemptions -= 1;
        act();
      },
    });
    const answer = (act: () => unknown) => () => this.#answer(operation, act);
    const options = [
      of(
        "",
        answer(() => this.#acknowledge(operation, effect())),
      ),
    ];
    const { request } = operation;
    if (request && faults > 0) {
      const fault = (what: string, act: () => void, touched: string | undefined): Option =>
        of(
          what,
          () => {
            this.#left.faults -= 1;
            this.#protocol.lost(by.self.name, ...this.#namesOf(request), request.kind);
            act();
          },
          { takes: "faults", touches: touched },
        );
      const gateway = { status: 503, body: { message: "Endpoint request timed out" } };
      options.push(
        fault(
          ", which is carried out, and the answer is lost",
          answer(() => {
            effect();
            throw lost();
          }),
          touches,
        ),
        fault(
          ", which is lost",
          answer(() => {
            throw lost();
          }),
          undefined,
        ),
        fault(
          ", which comes late, after the gateway has answered 503",
          () => {
            this.#delay(operation);
            this.#answer(operation, () => gateway);
          },
          undefined,
        ),
      );
    }
    if (request && refusals > 0)
      options.push(
        of(
          ": 429",
          () => {
            this.#left.refusals -= 1;
            this.#answer(operation, () => ({ status: 429, body: { message: "Slow down" } }));
          },
          { takes: "refusals", touches: undefined },
        ),
      );
    if (by.self.name !== "P1") return options;
    // Killed before an operation is the same as killed after the one before. Reading changes nothing.
    if (kills > 0 && !isRead) {
      const kill = (what: string, act: () => unknown): Option =>
        of(
          what,
          () => {
            this.#left.kills -= 1;
            act();
            this.#time.kill(by.self);
          },
          { isAlone: true },
        );
      options.push(kill(" and is killed", effect));
      if (request) options.push(kill(", which comes late, and is killed", () => this.#delay(operation)));
    }
    if (freezes > 0)
      options.push(
        of(
          " and stands still",
          () => {
            this.#left.freezes -= 1;
            this.#loseLeases(by.self);
            by.self.stillUntil = this.#time.now + FREEZE_MS;
            this.#answer(operation, effect);
          },
          { isAlone: true },
        ),
      );
    return options;
  }

  #arrival(late: Late): Option {
    const who = `late ${late.key}`;
    const act = (): void => this.#arrive(late);
    return { key: who, who, touches: OPLEAD, isRead: false, line: `${late.label} arrives late`, act };
  }

  #arrive(late: Late): void {
    this.#late.splice(this.#late.indexOf(late), 1);
    late.commit();
  }

  #delay({ key, label, effect, request }: Operation): void {
    const { settleMs = SETTLE_MS } = this.#exploration.client?.platform ?? {};
    const ms = request?.kind === "POST" ? settleMs - 10 : LATE_MS;
    const late = { key, label, at: this.#time.now + ms, commit: () => void effect() };
    this.#late.push(late);
    this.#time.outside(ms, () => {
      if (!this.#late.includes(late)) return;
      this.#say(`${label} arrives at last`);
      this.#arrive(late);
    });
  }

  #acknowledge({ request }: Operation, answer: unknown): unknown {
    if (!request || (answer as Wire).status > 299) return answer;
    const step = stepOf(request);
    this.#acknowledged.set(step, Math.max(orderOf(request), this.#acknowledged.get(step) ?? 0));
    return answer;
  }

  #take(operation: Operation): void {
    const at = this.#pending.indexOf(operation);
    if (at >= 0) this.#pending.splice(at, 1);
  }

  #answer(operation: Operation, act: () => unknown): void {
    const { by, label, request, resolve, reject } = operation;
    this.#take(operation);
    let answer: () => void;
    let told: string | undefined;
    try {
      const result = act();
      told = JSON.stringify(result);
      answer = () => resolve((request ? asResponse(result as Wire) : result) as never);
    } catch (error) {
      told = String(error);
      answer = () => reject(error);
    }
    const status = told === "false" ? "conflict" : /"status":(\d+)/.exec(told ?? "")?.[1];
    if (this.#isExploring && status) this.lines.push(`${this.lines.pop()} -> ${status}`);
    by.seen = hash("sha1", `${by.seen} ${label} ${told} ${this.#time.now}`);
    this.#time.wake(by.self, 0, answer);
  }

  // Two schedules that have led to the same state have the same future.
  #state(): string {
    const running = [...this.#running.values()].map(({ self, seen, hasEnded }) => {
      const pending = this.#pending.filter(({ by }) => by.self === self).map(({ key }) => key);
      return [self.name, seen, hasEnded, self.isDead, Math.max(0, self.stillUntil - this.#time.now), pending];
    });
    const leases = [...this.#leases].map(([name, { holder, until }]) => [name, holder.name, until]);
    const late = this.#late.map(({ key, at }) => [key, at]).sort();
    const stored = [this.users, [...this.#entries].sort(), this.#info, [...this.#carriedOut].sort()];
    const acknowledged = [...this.#acknowledged].sort();
    const last = this.#left.preemptions < NO_LIMIT ? this.#last?.self.name : undefined;
    return hash(
      "sha1",
      JSON.stringify([this.#time.now, running, leases.sort(), late, stored, acknowledged, this.#left, last]),
    );
  }
}

interface Told {
  readonly outcome?: string;
  readonly applied?: readonly string[];
}

function stepOf({ kind }: Request): string {
  return kind === "rule" ? kind : "user";
}

function orderOf({ content: { phone, maxDistance } }: Request): number {
  return maxDistance === undefined ? Number(phone.slice(1)) : maxDistance - 1;
}
