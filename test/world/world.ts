import { createOplead, type Oplead } from "../../src/index.ts";
import { among } from "../../src/sync/findings.ts";
import {
  type AuditFile,
  type LedgerMark,
  listLeavers,
  markLeaver,
  moveUsers,
  planSync,
  readSavedPlan,
  type SavedPlan,
  type SourceUser,
  SyncGuardError,
  type SyncReport,
  syncUsers,
} from "../../src/sync/index.ts";
import { WorldAudit } from "./audit.ts";
import { Chance } from "./chance.ts";
import { Events } from "./events.ts";
import type { Day, History } from "./history.ts";
import { LedgerStore } from "./ledger-store.ts";
import { judge, judgeRest, type Violation } from "./oracle.ts";
import { type Change, People, type Person } from "./people.ts";
import { NO_FAULTS, Platform } from "./platform.ts";
import { type End, VirtualTime, type WorldProcess } from "./time.ts";
import { Trace } from "./trace.ts";

const START = Date.UTC(2026, 0, 5);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
// A longer one hangs.
const LONGEST_NIGHT = 12 * HOUR;
const GRACE_DAYS = 2;

export interface Run {
  readonly process: string;
  readonly isApproved: boolean;
  // Before the run, without people who have ever left.
  readonly population: number;
  readonly end: "done" | "refused" | "failed" | "killed";
  readonly report: SyncReport | undefined;
  readonly outcomes: readonly { readonly accountNumber: string; readonly outcome: string }[];
  readonly requests: number;
  readonly questions: number;
}

// Nothing goes wrong in them; then the world must be at rest.
export interface Rest {
  readonly nights: readonly Run[];
  readonly violations: readonly Violation[];
}

export interface State {
  readonly person: string;
  readonly step: string;
  readonly content: string;
  readonly from: number;
  until: number | undefined;
}

export interface Tick {
  readonly person: string;
  readonly accountNumber: string;
  readonly at: number;
}

export interface Lived {
  readonly violations: readonly Violation[];
  readonly trace: Trace;
}

export type Direction = (world: World) => Promise<void>;

export async function live(history: History, direction?: Direction): Promise<Lived> {
  const chance = new Chance(history.seed);
  const time = new VirtualTime(START, chance);
  const world = new World(history, time, chance);
  const uninstall = time.install();
  try {
    return await world.live(direction);
  } finally {
    uninstall();
  }
}

export class World {
  readonly history: History;
  readonly time: VirtualTime;
  readonly chance: Chance;
  readonly trace: Trace;
  readonly platform: Platform;
  readonly store: LedgerStore;
  readonly people: People;
  readonly runs: Run[] = [];
  readonly rests: Rest[] = [];
  readonly states: State[] = [];
  readonly ticks: Tick[] = [];
  readonly restoredAt: number[] = [];
  readonly leftAt = new Map<string, number>();
  readonly audit: WorldAudit;
  readonly #events: Events;
  readonly #movesByCommand: boolean;
  // With the login of a person who left. The administrator knows that they are new.
  readonly #newUsers = new Set<string>();
  // Known when a process began a plan, until it has read the source.
  readonly #plans = new Map<string, ReadonlySet<string>>();
  readonly #reliefs: Promise<unknown>[] = [];
  // Edited in Oplead, and perhaps not confirmed since.
  readonly edited = new Set<string>();
  readonly tries = new Map<string, number>();
  mark: LedgerMark | undefined;
  // The copy lacks events: a user changed since, and changed back, looks unchanged.
  #sendsAll = false;
  #lastChanged: string | undefined;
  #isOver = false;
  #failure: unknown;

  constructor(history: History, time: VirtualTime, chance: Chance) {
    this.history = history;
    this.time = time;
    this.chance = chance;
    this.trace = new Trace(time);
    this.platform = new Platform(history.platform, time, chance, this.trace);
    this.store = new LedgerStore(history.ledger, time, chance);
    this.platform.tell = (what, ...request) => {
      if (what === "lost") this.store.protocol.lost(...request);
      else this.store.check(request[2], this.store.protocol.sent(...request));
    };
    this.#events = new Events(this);
    this.#movesByCommand = chance.next("moves") < 0.3;
    this.people = new People(history.people, history.platform.hasUniqueLogins);
    this.audit = new WorldAudit(() => time.now);
    // Nearly all stand still only with a lease: others must not wait for them for ever.
    time.mayStand = (self) =>
      this.store.kind !== "lease" || chance.next("stand") < 0.02 || this.store.leasedBy(self).length > 0;
    time.onStill = (self) => void this.#reliefs.push(this.#relieve(self));
    this.#noteStates(this.people.all);
  }

  async live(direction?: Direction): Promise<Lived> {
    this.time.wake(undefined, 0, () => {
      this.#script(direction).then(
        () => {
          this.#isOver = true;
        },
        (error: unknown) => {
          this.#failure = error;
          this.#isOver = true;
        },
      );
    });
    const isOver = await this.time.run(() => this.#isOver);
    const { trace } = this;
    await this.audit.end();
    if (this.#failure !== undefined) {
      const text = this.#failure instanceof Error ? (this.#failure.stack ?? "") : String(this.#failure);
      return { trace, violations: [{ property: "every run ends", people: undefined, text }] };
    }
    if (!isOver)
      return { trace, violations: [{ property: "every run ends", people: undefined, text: "nothing is left to do" }] };
    return { trace, violations: judge(this) };
  }

  async #script(direction?: Direction): Promise<void> {
    await direction?.(this);
    if (this.history.hasReceiver && this.history.hasWorkers) {
      for (const name of ["worker1", "worker2"]) this.#events.startWorker(name, this.chance.between(name, 20, 400));
    }
    for (const [at, day] of this.history.days.entries()) if (day) await this.#live(day, at);
    this.platform.faults = NO_FAULTS;
    await this.time.sleep(2 * HOUR);
    this.#events.stopAll();
    await this.time.sleep(2 * HOUR);
    const { refreshAfterDays } = this.history;
    if (refreshAfterDays === undefined) return this.#rest("quiet", DAY);
    this.edited.clear();
    await this.#rest("quiet", DAY, refreshAfterDays + 1);
  }

  async #rest(name: string, pauseMs: number, count?: number): Promise<void> {
    this.trace.add("world", undefined, "quiet from now on");
    const nights: Run[] = [];
    for (let night = 0; night < (count ?? 5); night += 1) {
      if (this.#movesByCommand) await this.#administer(`${name}${night}administrator`);
      const run = await this.night(`${name}${night}`, undefined);
      nights.push(run);
      if (count !== undefined && run.report?.status === "complete") await this.#expectNothing(`${name}${night}again`);
      await this.time.sleep(pauseMs);
      const isOver = nights.some(({ report }) => report?.status === "complete") && night > 1 && run.requests === 0;
      if (isOver && count === undefined) break;
    }
    this.rests.push({ nights, violations: judgeRest(this, nights) });
  }

  async #expectNothing(name: string): Promise<void> {
    const day = Math.floor(this.time.now / DAY);
    const { requests } = await this.night(name);
    if (requests === 0 || Math.floor(this.time.now / DAY) > day) return;
    const text = `${name} sends ${requests} requests, right after a complete run`;
    this.rests.push({ nights: [], violations: [{ property: "comes to rest", people: undefined, text }] });
  }

  #editByHand(): void {
    const { chance, history, people } = this;
    if (history.refreshAfterDays === undefined || chance.next("hand") < 0.3) return;
    const person = people.present[chance.between("hand", 0, people.present.length - 1)];
    if (!person) return;
    this.editInOplead(person.name, chance.next("hand") < 0.3);
  }

  editInOplead(name: string, isRule = false): void {
    const person = this.people.present.find((each) => each.name === name);
    // A rule that the source does not give stays as it is.
    if (isRule && person?.rules.maxDistance === undefined) return;
    if (this.platform.edit(name, isRule)) this.edited.add(name);
  }

  async #live(day: Day, at: number): Promise<void> {
    const morning = START + at * DAY;
    const copy = this.store.copy();
    await this.#until(morning + 7 * HOUR);
    if (!day.ticksLate) await this.#administer(`administrator${at}`);
    if (this.history.hasReceiver) this.#events.start(`receiver${at}`, day.receiverKillAt);
    this.platform.faults = day.faults;
    const late: Promise<void>[] = [];
    let when = morning + 8 * HOUR;
    for (const change of day.changes) {
      if (this.chance.next("late") < 0.25) {
        const latest = this.chance.next("late") < 0.5 ? 30_000 : 1_500;
        late.push(this.#changeAt(morning + 20 * HOUR + this.chance.between("late", 1, latest), change));
        continue;
      }
      // Soon after the change before, whose request may still be in flight.
      const soon = this.chance.next("soon");
      if (soon < 0.2) when += this.chance.between("soon", 1, 1_000);
      else if (soon < 0.6) when += this.chance.between("soon", 500, 40_000);
      else when += this.chance.between("change", HOUR / 2, 2 * HOUR);
      await this.#changeAt(when, change);
    }
    this.#editByHand();
    await this.#until(morning + 20 * HOUR);
    // Not if the copy lacks the ID of a user with a new account number, or of a creation with an unknown outcome:
    // nothing could tell that it is the same user.
    const known = new Set(LedgerStore.knownIn(copy).map((accountNumber) => this.nameOf(accountNumber)));
    const isKnown = this.people.moves.every(([from]) => known.has(this.nameOf(from)));
    if (day.isRestored && isKnown) {
      this.trace.add("world", undefined, "the ledger is restored from a copy of this morning");
      this.restore(copy);
    }
    if (this.#racesEvents) await this.#changeUntold();
    const nights: Promise<unknown>[] = [this.#restarted(`night${at}`, day), ...late];
    if (this.#racesEvents) nights.push(this.#interrupt(`night${at}`));
    if (day.ticksLate) {
      nights.push(
        this.time.sleep(this.chance.between("tick", 1, 5_000)).then(() => this.#administer(`administrator${at}`)),
      );
    }
    if (day.secondMs !== undefined) {
      await this.time.sleep(day.secondMs);
      nights.push(this.night(`second${at}`, { ...day, fate: { ...day.fate, killAt: undefined, standAt: undefined } }));
    }
    await Promise.all(nights);
    await Promise.all(this.#reliefs.splice(0));
    if (!day.isJudged) return;
    this.platform.faults = NO_FAULTS;
    await this.time.sleep(2 * HOUR);
    await this.#rest(`rest${at}-`, HOUR / 4);
  }

  async #administer(name: string): Promise<void> {
    const { time, trace } = this;
    const { end } = time.start(name, async (self) => {
      const ledger = this.store.open(self);
      try {
        if (this.#movesByCommand) {
          const { moved } = await moveUsers(ledger, this.#moves());
          if (moved > 0) trace.add(name, undefined, `moved ${moved} people`);
        }
        const due = (await listLeavers(ledger, { graceDays: GRACE_DAYS })).filter(({ state }) => state === "due");
        for (const { accountNumber } of due) {
          const person = this.nameOf(accountNumber) ?? "";
          const isDone = await markLeaver(ledger, accountNumber);
          trace.add(name, person, isDone ? "ticked off" : "is no leaver");
          if (isDone) this.ticks.push({ person, accountNumber, at: time.now });
        }
      } finally {
        await ledger.close();
      }
    });
    const ended = await end;
    const { code, message } = ended.was === "failed" ? (ended.error as { code?: string; message?: string }) : {};
    if (ended.was === "failed") trace.add(name, undefined, `failed: ${code ?? message}`);
    if (ended.was === "failed" && code === undefined) throw ended.error;
  }

  #noteStates(changed: readonly Person[]): void {
    const { now } = this.time;
    for (const person of changed) {
      if (!person.isPresent && !this.leftAt.has(person.name)) this.leftAt.set(person.name, now);
      if (person.isPresent) this.leftAt.delete(person.name);
      for (const [step, content] of this.people.stepsOf(person)) {
        const last = this.states.findLast((state) => state.person === person.name && state.step === step);
        if (last?.content === content) continue;
        if (last) last.until = now;
        this.states.push({ person: person.name, step, content, from: now, until: undefined });
      }
    }
  }

  async #changeAt(when: number, change: Change, isThis = false): Promise<void> {
    await this.#until(when);
    // The person who changed last changes again in half of the cases.
    const last = this.people.present.findIndex(({ name }) => name === this.#lastChanged);
    const who = !isThis && last >= 0 && this.chance.next("same") < 0.5 ? last : change.who;
    const known = [this.#known(), ...this.#plans.values()];
    const isKnown = (number: string): boolean => known.every((numbers) => numbers.has(number));
    const changed = this.people.change({ ...change, who }, isKnown);
    this.#noteStates(changed);
    this.#lastChanged = changed[0]?.name ?? this.#lastChanged;
    for (const { name } of changed) this.trace.add("people", name, change.kind);
    if (this.history.hasReceiver) for (const person of changed) this.#tell(person);
  }

  // With a new account number only once the ledger has it: the receiver would create a new user.
  #tell(person: Person): void {
    const { name, accountNumber, isPresent } = person;
    const isMoved = this.people.moves.some(([, to]) => to === accountNumber);
    if (!isPresent || (isMoved && this.store.entries.get(accountNumber)?.id === undefined)) return;
    void this.#events.send(name, this.people.recordOf(person, this.history.hasVersions));
  }

  #until(at: number): Promise<void> {
    return this.time.sleep(Math.max(0, at - this.time.now));
  }

  async #restarted(name: string, day: Day): Promise<void> {
    const run = await this.night(name, day);
    if (run.end !== "killed") return;
    const soonMs = this.chance.between("react", 500, 20_000);
    await this.time.sleep(soonMs);
    await this.#react(name);
    await this.time.sleep(Math.max(0, day.restartMs - soonMs));
    await this.night(`${name}b`, { ...day, fate: { ...day.fate, killAt: undefined, standAt: undefined } });
  }

  // Mostly a person with a request of the killed process in flight: its older state must not come last.
  async #react(process: string): Promise<void> {
    const open = this.platform.sent.findLast((each) => each.process.name === process && each.answeredAt === undefined);
    const who = this.people.present.findIndex(({ name }) => name === open?.person);
    if (!open || who < 0 || this.chance.next("react") < 0.3) return;
    const kind = open.step === "user" ? "edit" : "rule";
    const which = RULES.indexOf(open.step) + 3 * this.chance.between("react", 1, 9);
    await this.#changeAt(this.time.now, { kind, who, which }, true);
  }

  // The people whose leases it has change; another night sends them when the leases have ended.
  async #relieve(self: WorldProcess): Promise<void> {
    if (this.store.kind !== "lease" || this.chance.next("relieve") < 0.3) return;
    for (const accountNumber of this.store.leasedBy(self)) {
      const who = this.people.present.findIndex((each) => each.accountNumber === accountNumber);
      const [kind, which] = [
        this.chance.next("relieve") < 0.5 ? "edit" : "rule",
        this.chance.between("relieve", 1, 30),
      ] as const;
      if (who >= 0) await this.#changeAt(this.time.now, { kind, who, which }, true);
    }
    // When the users of the first one are no longer in doubt.
    for (const [at, waitMs] of [this.chance.between("relieve", 31_000, 60_000), 660_000].entries()) {
      await this.time.sleep(waitMs);
      if (self.stillUntil > this.time.now) await this.night(`${self.name}relief${at}`);
    }
  }

  // Only compare-and-set reveals a conflict.
  get #racesEvents(): boolean {
    return this.history.ledger === "cas" && this.history.hasReceiver;
  }

  // Their events are lost, so the next night has something to send.
  async #changeUntold(): Promise<void> {
    for (let count = 0; count < 2; count += 1) {
      const who = this.chance.between("untold", 0, 30);
      const changed = this.people.change({ kind: "edit", who, which: 0 }, () => true);
      this.#noteStates(changed);
      for (const { name } of changed) this.trace.add("people", name, "edit, and the event is lost");
    }
  }

  async #interrupt(process: string): Promise<void> {
    const seen = new Set<string | undefined>();
    for (let looks = 0; looks < 300 && seen.size < 3; looks += 1) {
      await this.time.sleep(10);
      const sent = this.platform.sent.at(-1);
      if (sent?.process.name !== process || sent.step !== "user" || seen.has(sent.person)) continue;
      seen.add(sent.person);
      const who = this.people.present.findIndex(({ name }) => name === sent.person);
      if (who >= 0) await this.#changeAt(this.time.now, { kind: "edit", who, which: 0 }, true);
    }
  }

  // Without `day` no faults.
  async night(name: string, day?: Pick<Day, "file" | "fate"> & Partial<Day>, killAfterMs?: number): Promise<Run> {
    const { time, trace } = this;
    const outcomes: { accountNumber: string; outcome: string }[] = [];
    const population = this.#population();
    const { present } = this.people;
    let isApproved = false;
    const resend = this.#sendsAll;
    const saved = day?.savedMs === undefined ? undefined : await this.#savedPlan(name, day.savedMs);
    trace.add(name, undefined, `starts, file ${day?.file ?? "whole"}`);
    const { self, end } = time.start<SyncReport | undefined>(
      name,
      async () => {
        const oplead = this.connect(self);
        const ledger = this.store.open(self);
        const options = {
          ledger,
          resend,
          ...this.#read(name, day?.file ?? "whole"),
          ...this.#administered(),
          runId: name,
          onUser: (user: Parameters<AuditFile["onUser"]>[0]) => {
            outcomes.push({ accountNumber: user.accountNumber, outcome: user.outcome });
            this.audit.file.onUser(user);
          },
        };
        try {
          if (saved) {
            isApproved = true;
            return await (await planSync(oplead, options)).apply({ approve: saved });
          }
          return await syncUsers(oplead, options);
        } catch (error) {
          if (!(error instanceof SyncGuardError)) throw error;
          trace.add(name, undefined, `refused: ${error.findings.map(({ code }) => code).join(", ")}`);
          // A bad file, or a new person who looks like a known one: wait for the next night.
          const isBad = day !== undefined && day.file !== "whole";
          if (saved || isBad || areAboutMoves(error.findings)) return undefined;
          isApproved = true;
          // An older copy may be wrong about anyone.
          const isOlder = error.findings.some(({ code }) => code === "ledger_restored");
          const plan = isOlder ? await planSync(oplead, { ...options, resend: true }) : error.plan;
          return await plan.apply({ approve: plan.hash });
        } finally {
          await ledger.close();
        }
      },
      { ...day?.fate, hasOrphans: true },
    );
    if (killAfterMs !== undefined) time.outside(killAfterMs, () => time.kill(self));
    const ended = await Promise.race([end, time.sleep(LONGEST_NIGHT).then(() => "late" as const)]);
    this.#plans.delete(name);
    // The run has noted that they are back, which ends a tick.
    for (const person of present) if (!person.isPresent) this.leftAt.set(person.name, time.now);
    const run = this.#runOf(name, ended, { isApproved, population, outcomes });
    this.runs.push(run);
    // Stale: an event came meanwhile and was compared with the copy. Not approved: not in the saved plan.
    const { counts } = run.report ?? {};
    const isSent = counts && counts.failed + counts.incomplete + counts.stale + counts.notApproved === 0;
    if (resend && isSent) this.#sendsAll = false;
    return run;
  }

  async #savedPlan(name: string, waitMs: number): Promise<SavedPlan | undefined> {
    const { end } = this.time.start(`${name}plan`, async (self) => {
      const ledger = this.store.open(self);
      try {
        const read = this.#read(`${name}plan`, "whole");
        const options = { ledger, ...read, ...this.#administered() };
        return JSON.stringify(await planSync(this.connect(self), options));
      } finally {
        await ledger.close();
      }
    });
    const ended = await end;
    this.#plans.delete(`${name}plan`);
    await this.time.sleep(waitMs);
    this.trace.add(`${name}plan`, undefined, ended.was);
    const saved = ended.was === "done" ? readSavedPlan(JSON.parse(ended.value)) : undefined;
    return saved && !areAboutMoves(saved.refusals) ? saved : undefined;
  }

  // Moves first, then the ledger, the source last.
  #read(process: string, kind: Day["file"]) {
    return {
      moves: () => {
        this.#plans.set(process, this.#known());
        return this.#movesByCommand ? [] : this.#moves();
      },
      source: async (): Promise<SourceUser[]> => {
        this.#plans.delete(process);
        return this.#file(kind);
      },
      map: (record: SourceUser): SourceUser => record,
    };
  }

  #administered() {
    const leavers = {
      graceDays: GRACE_DAYS,
      ...(this.history.hasLeaverRules && { rules: () => ({ maxDistance: 1 }) }),
    };
    const { refreshAfterDays } = this.history;
    const advanced = { newUsers: [...this.#newUsers], ledgerMark: this.mark };
    return { advanced, leavers, guard: GUARD, refreshAfterDays };
  }

  #runOf(
    process: string,
    ended: End<SyncReport | undefined> | "late",
    facts: Pick<Run, "isApproved" | "population" | "outcomes">,
  ): Run {
    const { trace } = this;
    const requests = this.platform.sent.filter((each) => each.process.name === process).length;
    const questions = this.platform.questions.get(process) ?? 0;
    const of = (end: Run["end"], report?: SyncReport): Run => ({ process, ...facts, end, report, requests, questions });
    if (ended === "late") throw new Error(`${process} does not end`);
    if (ended.was === "killed") {
      trace.add(process, undefined, "killed");
      return of("killed");
    }
    if (ended.was === "failed") {
      const { code, message } = ended.error as { code?: string; message?: string };
      trace.add(process, undefined, `failed: ${code ?? message}`);
      if (code === undefined) throw ended.error;
      return of("failed");
    }
    const report = ended.value;
    if (!report) return of("refused");
    if (report.ledgerMark) this.mark = report.ledgerMark;
    trace.add(process, undefined, `${report.status}, ${report.requests} requests, ${JSON.stringify(report.counts)}`);
    // Without "-": a new person, whatever its login is.
    for (const { accountNumber, by } of among(report.findings, "twin"))
      if (by !== "exchange" && !accountNumber.includes("-")) this.#newUsers.add(accountNumber);
    for (const { accountNumber, code, step } of among(report.findings, "failed")) {
      trace.add(process, this.nameOf(accountNumber), `failed ${step}: ${code}`);
    }
    return of("done", report);
  }

  restore(copy: ReturnType<LedgerStore["copy"]>): void {
    this.#sendsAll ||= this.store.isOlder(copy);
    this.store.restore(copy);
    this.restoredAt.push(this.time.now);
  }

  change(kind: Change["kind"], person: string, which = 0): void {
    const who = this.people.present.findIndex(({ name }) => name === person);
    const changed = this.people.change({ kind, who, which }, () => true);
    this.#noteStates(changed);
    for (const { name } of changed) this.trace.add("people", name, kind);
  }

  noteTries(person: string | undefined, count = 1): void {
    if (person !== undefined) this.tries.set(person, (this.tries.get(person) ?? 0) + count);
  }

  connect(self: WorldProcess): Oplead {
    const fetch = this.platform.fetchOf(self);
    return createOplead({ token: "token", baseUrl: "https://oplead.example", fetch, logger: SILENT });
  }

  #population(): number {
    const staying = new Set(this.people.all.filter(({ hasLeft }) => !hasLeft).map(({ name }) => name));
    return this.platform.users.filter(({ user }) => staying.has(String(user.lastname))).length;
  }

  nameOf(accountNumber: string): string | undefined {
    return /^A(\d+)/.exec(accountNumber)?.[0].replace("A", "P");
  }

  #file(kind: Day["file"]): SourceUser[] {
    const all = this.people.present.map((each) => this.people.recordOf(each, this.history.hasVersions));
    if (kind === "empty") return [];
    if (kind === "cut") return all.slice(0, Math.ceil(all.length / 4));
    if (kind === "exchanged") return this.#exchanged(all);
    return kind === "doubled" ? [...all, ...all] : all;
  }

  // Two people whom the ledger has with their present login and e-mail address: else no one could notice it.
  #exchanged(records: readonly SourceUser[]): SourceUser[] {
    const { entries } = this.store;
    const isKnown = ({ name, login, accountNumber }: Person): boolean => {
      const entry = entries.get(accountNumber);
      const last = this.platform.sent.findLast(({ person, step }) => person === name && step === "user");
      const { login: sent, accountNumber: number } = Object(last?.content) as Partial<Person>;
      const isAcknowledged =
        last?.status !== undefined && last.status < 300 && sent === login && number === accountNumber;
      const isLasting = this.restoredAt.every((at) => at < (last?.at ?? 0)) && !this.#sendsAll;
      return isAcknowledged && isLasting && entry?.id !== undefined && !entry.intent && !entry.movedFrom;
    };
    const known = this.people.present.filter(isKnown).map(({ accountNumber }) => accountNumber);
    const [one, other] = [known[this.chance.between("exchange", 0, known.length - 2)], known.at(-1)];
    if (one === undefined || other === undefined || one === other) return [...records];
    this.trace.add("people", undefined, `the file exchanges the numbers ${one} and ${other}`);
    return records.map((record) => {
      const { accountNumber } = record.user;
      const given = accountNumber === one ? other : accountNumber === other ? one : accountNumber;
      return { ...record, user: { ...record.user, accountNumber: given } };
    });
  }

  #known(): ReadonlySet<string> {
    return new Set(LedgerStore.knownIn(this.store.copy()));
  }

  #moves(): (readonly [string, string])[] {
    const numbers = new Set(this.people.moves.flat());
    return [...this.#known()].flatMap((from) => {
      const to = this.people.numberOf(this.nameOf(from) ?? "");
      return numbers.has(from) && to !== from ? [[from, to] as const] : [];
    });
  }
}

const RULES = ["max-distance", "profile-types", "contact-profiles"];

function areAboutMoves(findings: readonly { readonly code: string }[]): boolean {
  return findings.some(({ code }) => code.includes("move_"));
}

const nothing = (): void => {};
const SILENT = { debug: nothing, info: nothing, warn: nothing, error: nothing };

export const GUARD = { minUsers: 6, maxChanged: 0.4, maxNew: 0.4, maxMissing: 0.4, maxMoved: 0.3 } as const;
