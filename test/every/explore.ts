import { createOplead } from "../../src/index.ts";
import { createLedger, type LedgerEntry, reconcileUser } from "../../src/sync/index.ts";
import { Chance } from "../world/chance.ts";
import { VirtualTime, type WorldProcess } from "../world/time.ts";

// Every schedule, fault and kill within bounds, over the real client, ledger and reconciliation. Each step is a choice: which
// operation comes next, what becomes of it, and whether a lost request arrives. They are counted through like digits.

// Two processes send two states of a user. Then one state is sent twice without faults.
export interface Bounds {
  readonly ledger: "lease" | "file" | "cas";
  readonly isKnown: boolean;
  // `s0` takes both changes back.
  readonly last: "s0" | "s1" | "s2";
  readonly processes: 1 | 2;
  readonly faults: number;
  readonly kills: number;
  // How often a process may go on although the other one could. Default: always.
  readonly preemptions?: number;
  readonly hasRule?: boolean;
}

export interface Explored {
  readonly schedules: number;
  readonly found: string | undefined;
}

type Kind = "free" | "ledger" | "put" | "post";

interface Operation {
  readonly who: WorldProcess;
  readonly label: string;
  readonly kind: Kind;
  readonly effect: () => unknown;
  readonly resolve: (value: never) => void;
  readonly reject: (error: unknown) => void;
  readonly isReady: () => boolean;
}

interface Late {
  readonly label: string;
  readonly commit: () => void;
}

interface User {
  readonly id: string;
  readonly accountNumber: string;
  state: string;
  rule: string | undefined;
}

const HOUR = 3_600_000;
// The client asks for a creation for ten seconds.
const LATE_MS = { post: 5_000, put: 590_000 } as const;
const LEASE_MS = 30_000;
const MOST_STEPS = 5_000;

// Until one schedule is not sound, or all are.
export async function explore(bounds: Bounds): Promise<Explored> {
  const choices = new Choices();
  for (let schedules = 1; ; schedules += 1) {
    const found = await new Schedule(bounds, choices).run();
    if (found !== undefined || !choices.next()) return { schedules, found };
  }
}

class Choices {
  readonly #made: { readonly count: number; at: number }[] = [];
  #position = 0;

  pick(count: number): number {
    if (count <= 1) return 0;
    if (this.#position === this.#made.length) this.#made.push({ count, at: 0 });
    const choice = this.#made[this.#position];
    this.#position += 1;
    return choice?.at ?? 0;
  }

  next(): boolean {
    this.#position = 0;
    for (let last = this.#made.at(-1); last; last = this.#made.at(-1)) {
      if (last.at < last.count - 1) {
        last.at += 1;
        return true;
      }
      this.#made.pop();
    }
    return false;
  }
}

class Schedule {
  readonly #bounds: Bounds;
  readonly #choices: Choices;
  readonly #time = new VirtualTime(1_700_000_000_000, new Chance(1));
  readonly #trace: string[] = [];
  readonly #users: User[] = [];
  readonly #entries = new Map<string, string>();
  readonly #leases = new Map<string, { readonly holder: object; until: number }>();
  readonly #pending: Operation[] = [];
  readonly #late: Late[] = [];
  #info = "{}";
  #requests = 0;
  #faults: number;
  #kills: number;
  #preemptions: number;
  #lastRun = "";
  #isExploring = false;
  #isOver = false;
  #verdict: string | undefined;

  constructor(bounds: Bounds, choices: Choices) {
    this.#bounds = bounds;
    this.#choices = choices;
    this.#faults = bounds.faults;
    this.#kills = bounds.kills;
    this.#preemptions = bounds.preemptions ?? Number.POSITIVE_INFINITY;
  }

  async run(): Promise<string | undefined> {
    const restore = this.#time.install();
    try {
      this.#script().then(
        () => {
          this.#isOver = true;
        },
        (error: unknown) => {
          this.#verdict = `the script failed: ${String(error)}`;
          this.#isOver = true;
        },
      );
      for (let step = 0; step < MOST_STEPS && !this.#isOver; step += 1) await this.#step();
      if (!this.#isOver) this.#verdict ??= "it does not end";
      return this.#verdict && `${this.#verdict}: ${this.#trace.join(", ")}`;
    } finally {
      restore();
    }
  }

  async #script(): Promise<void> {
    const { isKnown, ledger, processes, last } = this.#bounds;
    if (isKnown) {
      await this.#send("P0", "s0");
      await this.#time.sleep(HOUR);
    }
    this.#isExploring = true;
    const first = this.#send("P1", "s1");
    // Only one process at a time has a file open.
    if (ledger === "file") await first;
    await Promise.all([first, processes > 1 && this.#send("P2", "s2")]);
    this.#isExploring = false;
    await this.#time.sleep(HOUR);
    await this.#send("P3", last);
    await this.#time.sleep(HOUR);
    const before = this.#requests;
    await this.#send("P4", last);
    this.#verdict = this.#judge(this.#requests - before);
  }

  #judge(requestsAtRest: number): string | undefined {
    const { last, hasRule } = this.#bounds;
    const [user, ...others] = this.#users;
    if (!user || others.length > 0) return `${this.#users.length} users`;
    if (user.state !== last) return `the state is ${user.state}, and not ${last}`;
    if (hasRule && user.rule !== ruleOf(last)) return `the rule is ${user.rule}, and not that of ${last}`;
    return requestsAtRest > 0 ? `${requestsAtRest} requests at rest` : undefined;
  }

  async #send(name: string, state: string): Promise<void> {
    const { hasRule } = this.#bounds;
    const address = { zipCode: "29000", city: "Quimper", country: { code: "FR" } };
    const user = { civility: "Mme", lastname: "A", login: "a", email: "a@x.example", accountNumber: "A" };
    const source = {
      user: { ...user, phone: state, profile: { code: "PRF_NETWORK" }, address },
      ...(hasRule && { rules: { maxDistance: Number(state.slice(1)) + 1 } }),
    };
    const { end } = this.#time.start(name, (self) => reconcileUser(this.#connect(self), this.#open(self), source));
    await end;
  }

  #operate(
    who: WorldProcess,
    kind: Kind,
    label: string,
    effect: () => unknown,
    isReady = (): boolean => true,
  ): Promise<never> {
    return new Promise((resolve, reject) => {
      if (!who.isDead) this.#pending.push({ who, kind, label, effect, resolve, reject, isReady });
    });
  }

  // Notes and facts are written at once: the entries do not depend on them.
  #open(self: WorldProcess) {
    const kindOf = (name: string): Kind => (name.startsWith(" ") ? "free" : "ledger");
    const read = (name: string): LedgerEntry | undefined => JSON.parse(this.#entries.get(name) ?? "null") ?? undefined;
    const entries = this.#entries;
    return createLedger(
      {
        get: (name) => this.#operate(self, kindOf(name), "read", () => read(name)),
        replace: (name, expected, entry) =>
          this.#operate(self, kindOf(name), "write", () => {
            if ((read(name)?.revision ?? 0) !== expected) return false;
            this.#entries.set(name, JSON.stringify(entry));
            return true;
          }),
        async *entries() {
          for (const [name, text] of entries) yield [name, JSON.parse(text)] as const;
        },
        getInfo: () => this.#operate(self, "free", "facts", () => JSON.parse(this.#info)),
        setInfo: (facts) =>
          this.#operate(self, "free", "facts", () => {
            this.#info = JSON.stringify({ ...JSON.parse(this.#info), ...facts });
          }),
        ...(this.#bounds.ledger === "lease" && { lease: (name: string) => this.#lease(self, name) }),
      },
      { ledgerKey: "the key of the explorer, which no one else has" },
    );
  }

  async #lease(self: WorldProcess, name: string) {
    const mine = { holder: {}, until: Number.POSITIVE_INFINITY };
    const take = (): void => {
      this.#leases.set(name, mine);
      self.atEnd.push(() => {
        if (this.#leases.get(name) !== mine || mine.until < Number.POSITIVE_INFINITY) return;
        mine.until = this.#time.now + LEASE_MS;
        this.#time.wake(undefined, LEASE_MS, () => {});
      });
    };
    await this.#operate(self, "ledger", "lease", take, () => (this.#leases.get(name)?.until ?? 0) <= this.#time.now);
    const release = () =>
      this.#operate(self, "free", "release", () => {
        if (this.#leases.get(name) === mine) this.#leases.delete(name);
      });
    return { left: () => HOUR, release };
  }

  #connect(self: WorldProcess) {
    const send = (url: string, { method, body = "null" }: { readonly method: string; readonly body?: unknown }) => {
      const content = JSON.parse(String(body));
      const identification = new URL(url).pathname.split("/").filter((part) => part !== "");
      this.#requests += 1;
      const kind = method === "POST" ? "post" : "put";
      const carryOut = (): Response =>
        kind === "post" ? this.#create(content) : this.#update(identification, content);
      return this.#operate(self, kind, `${method} ${content?.phone ?? "rule"}`, carryOut);
    };
    return createOplead({
      token: "token",
      baseUrl: "https://oplead.example",
      rateLimit: false,
      retry: false,
      fetch: send as never,
    });
  }

  #create({ accountNumber, phone }: { readonly accountNumber: string; readonly phone: string }): Response {
    const user = { id: String(this.#users.length + 1), accountNumber, state: phone, rule: undefined };
    this.#users.push(user);
    return answer(201, user);
  }

  #update(identification: readonly string[], content: { readonly phone?: string }): Response {
    const user = this.#users.find(({ id, accountNumber }) =>
      identification.some((part) => part === id || part === accountNumber),
    );
    if (!user) return answer(404);
    if (content.phone === undefined) user.rule = JSON.stringify(content);
    else user.state = content.phone;
    return answer(200, user);
  }

  async #step(): Promise<void> {
    await this.#time.run(() => true);
    for (let at = this.#pending.length - 1; at >= 0; at -= 1)
      if (this.#pending[at]?.who.isDead) this.#pending.splice(at, 1);
    const ready = this.#pending.filter(({ isReady }) => isReady());
    const free = ready.find(({ kind }) => kind === "free" || !this.#isExploring);
    if (free) return this.#perform(free, free.effect);
    // Killed before an operation is the same as killed after the one before. Reading changes nothing.
    const victims =
      this.#kills > 0 && this.#isExploring
        ? ready.filter(({ who, label }) => who.name === "P1" && label !== "read")
        : [];
    const own = ready.filter(({ who }) => who.name === this.#lastRun);
    const others = ready.filter(({ who }) => who.name !== this.#lastRun);
    const inOrder = own.length > 0 && this.#preemptions <= 0 ? own : [...own, ...others];
    const time = inOrder.length === 0 ? 1 : 0;
    // When a late request arrives matters only beside other requests.
    const isBeside = inOrder.every(({ kind }) => kind === "put" || kind === "post");
    const arriving = isBeside ? this.#late : [];
    let which = this.#choices.pick(inOrder.length + arriving.length + victims.length + time);
    const operation = inOrder[which];
    if (operation) return this.#goOn(operation, own.length > 0);
    which -= inOrder.length;
    const [late] = which < arriving.length ? this.#late.splice(which, 1) : [];
    if (late) {
      this.#trace.push(`${late.label} arrives late`);
      late.commit();
      return;
    }
    const victim = victims[which - arriving.length];
    if (victim) return this.#kill(victim);
    let events = 0;
    await this.#time.run(() => {
      events += 1;
      return events > 1 || this.#isOver;
    });
  }

  async #goOn(operation: Operation, couldOther: boolean): Promise<void> {
    const { who, label, kind, effect } = operation;
    if (couldOther && who.name !== this.#lastRun) this.#preemptions -= 1;
    this.#lastRun = who.name;
    const isRequest = kind === "put" || kind === "post";
    const fate = isRequest && this.#faults > 0 ? this.#choices.pick(4) : 0;
    this.#trace.push(`${who.name} ${label}${["", " done, answer lost", " lost", " late"][fate]}`);
    if (fate === 0) return this.#perform(operation, effect);
    this.#faults -= 1;
    if (fate === 1) effect();
    if (fate === 3) this.#delay(operation);
    await this.#perform(operation, () => {
      throw new TypeError("fetch failed", { cause: { code: "ECONNRESET" } });
    });
  }

  #kill(operation: Operation): void {
    const { who, label, kind, effect } = operation;
    this.#kills -= 1;
    this.#pending.splice(this.#pending.indexOf(operation), 1);
    const isLate = this.#choices.pick(kind === "put" || kind === "post" ? 2 : 1) === 1;
    this.#trace.push(`${who.name} is killed after ${label}${isLate ? ", which comes late" : ""}`);
    if (isLate) this.#delay(operation);
    else effect();
    this.#time.kill(who);
  }

  #delay({ label, kind, effect }: Operation): void {
    const late = { label, commit: () => void effect() };
    this.#late.push(late);
    this.#time.outside(kind === "post" ? LATE_MS.post : LATE_MS.put, () => {
      const at = this.#late.indexOf(late);
      if (at < 0) return;
      this.#late.splice(at, 1);
      this.#trace.push(`${label} arrives at last`);
      late.commit();
    });
  }

  async #perform(operation: Operation, act: () => unknown): Promise<void> {
    const at = this.#pending.indexOf(operation);
    if (at >= 0) this.#pending.splice(at, 1);
    let isDone = false;
    let answer: () => void;
    try {
      const result = act();
      answer = () => operation.resolve(result as never);
    } catch (error) {
      answer = () => operation.reject(error);
    }
    this.#time.wake(operation.who, 0, () => {
      isDone = true;
      answer();
    });
    await this.#time.run(() => isDone || operation.who.isDead);
  }
}

function ruleOf(state: string): string {
  return JSON.stringify({ maxDistance: Number(state.slice(1)) + 1 });
}

function answer(status: number, user?: User): Response {
  const body = user ? { id: Number(user.id), accountNumber: user.accountNumber } : { message: "not found" };
  return new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });
}
