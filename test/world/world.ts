import { createOplead, type Oplead } from "../../src/index.ts";
import {
  type LedgerMark,
  planSync,
  readSavedPlan,
  type SavedPlan,
  type SourceUser,
  SyncGuardError,
  type SyncReport,
  syncUsers,
} from "../../src/sync/index.ts";
import { Chance } from "./chance.ts";
import { Events } from "./events.ts";
import type { Day, History } from "./history.ts";
import { LedgerStore } from "./ledger-store.ts";
import { judge, type Violation } from "./oracle.ts";
import { type Change, People, type Person } from "./people.ts";
import { NO_FAULTS, Platform } from "./platform.ts";
import { type End, VirtualTime, type WorldProcess } from "./time.ts";
import { Trace } from "./trace.ts";

const START = Date.UTC(2026, 0, 5);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** A night that takes longer has lost itself. */
const LONGEST_NIGHT = 12 * HOUR;

/** A run, as the oracle sees it. */
export interface Run {
  readonly process: string;
  readonly isApproved: boolean;
  /** How many users the platform had before it, without those who have ever left. */
  readonly population: number;
  readonly end: "done" | "refused" | "failed" | "killed";
  readonly report: SyncReport | undefined;
  readonly outcomes: readonly { readonly accountNumber: string; readonly outcome: string }[];
  /** Requests that write, and questions between them, as the platform counted them. */
  readonly requests: number;
  readonly questions: number;
}

export interface Lived {
  readonly violations: readonly Violation[];
  readonly trace: Trace;
}

/** What happens in a directed world, in place of the days of its history. */
export type Direction = (world: World) => Promise<void>;

/** Lives through a history in virtual time, and judges it. */
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
  /** The runs after all faults have ended. */
  readonly quiet: Run[] = [];
  readonly #events: Events;
  mark: LedgerMark | undefined;
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
    this.#events = new Events(this);
    this.people = new People(history.people, history.platform.hasUniqueLogins);
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
    this.trace.add("world", undefined, "quiet from now on");
    for (let night = 0; night < 5; night += 1) {
      const run = await this.night(`quiet${night}`, undefined);
      this.quiet.push(run);
      await this.time.sleep(DAY);
      if (this.quiet.some(({ report }) => report?.status === "complete") && night > 1 && run.requests === 0) break;
    }
  }

  async #live(day: Day, at: number): Promise<void> {
    const morning = START + at * DAY;
    const copy = this.store.copy();
    await this.#until(morning + 7 * HOUR);
    if (this.history.hasReceiver) this.#events.start(`receiver${at}`, day.receiverKillAt);
    this.platform.faults = day.faults;
    const late: Promise<void>[] = [];
    let when = morning + 8 * HOUR;
    for (const change of day.changes) {
      if (this.chance.next("late") < 0.25) {
        // While the night is under way.
        late.push(this.#changeAt(morning + 20 * HOUR + this.chance.between("late", 1, 30_000), change));
        continue;
      }
      // Most changes come soon after another one, when a request of that one may still be under way.
      const isSoon = this.chance.next("soon") < 0.6;
      when += isSoon ? this.chance.between("soon", 500, 40_000) : this.chance.between("change", HOUR / 2, 2 * HOUR);
      await this.#changeAt(when, change);
    }
    await this.#until(morning + 20 * HOUR);
    // Nobody could say of a user whom the copy does not have that it has another number now.
    const isKnown = this.people.moves.every(([from, to]) => copy.entries.has(from) || copy.entries.has(to));
    if (day.isRestored && isKnown) {
      this.trace.add("world", undefined, "the ledger is restored from a copy of this morning");
      this.store.restore(copy);
    }
    const nights: Promise<unknown>[] = [this.#restarted(`night${at}`, day), ...late];
    if (day.secondMs !== undefined) {
      await this.time.sleep(day.secondMs);
      nights.push(this.night(`second${at}`, { ...day, fate: { ...day.fate, killAt: undefined, standAt: undefined } }));
    }
    await Promise.all(nights);
  }

  async #changeAt(when: number, change: Change): Promise<void> {
    await this.#until(when);
    // Often the person who changed last.
    const last = this.people.present.findIndex(({ name }) => name === this.#lastChanged);
    const who = last >= 0 && this.chance.next("same") < 0.5 ? last : change.who;
    const isKnown = (number: string): boolean => this.store.entries.get(number)?.id !== undefined;
    const changed = this.people.change({ ...change, who }, isKnown);
    this.#lastChanged = changed[0]?.name ?? this.#lastChanged;
    for (const { name } of changed) this.trace.add("people", name, change.kind);
    if (this.history.hasReceiver) for (const person of changed) this.#tell(person);
  }

  /** Sends the event of a change. Of people with new numbers only once the ledger has them: before, they would be new users. */
  #tell(person: Person): void {
    const { name, accountNumber, isPresent } = person;
    const isMoved = this.people.moves.some(([, to]) => to === accountNumber);
    if (!isPresent || (isMoved && this.store.entries.get(accountNumber)?.id === undefined)) return;
    void this.#events.send(name, this.people.recordOf(person, this.history.hasVersions));
  }

  #until(at: number): Promise<void> {
    return this.time.sleep(Math.max(0, at - this.time.now));
  }

  /** A night that is started anew each time that it was killed. */
  async #restarted(name: string, day: Day): Promise<void> {
    const run = await this.night(name, day);
    if (run.end !== "killed") return;
    await this.time.sleep(day.restartMs);
    await this.night(`${name}b`, { ...day, fate: { ...day.fate, killAt: undefined, standAt: undefined } });
  }

  /** Without a day, nothing goes wrong. `killAfterMs`: it is killed then, if it has not ended. */
  async night(name: string, day?: Pick<Day, "file" | "fate"> & Partial<Day>, killAfterMs?: number): Promise<Run> {
    const { time, trace } = this;
    const outcomes: { accountNumber: string; outcome: string }[] = [];
    const population = this.#population();
    let isApproved = false;
    const saved = day?.savedMs === undefined ? undefined : await this.#savedPlan(name, day.savedMs);
    trace.add(name, undefined, `starts, file ${day?.file ?? "whole"}`);
    const { self, end } = time.start<SyncReport | undefined>(
      name,
      async () => {
        const oplead = this.connect(self);
        const ledger = this.store.open(self);
        const source = async (): Promise<SourceUser[]> => this.#file(day?.file ?? "whole");
        const options = {
          source,
          map: (record: SourceUser) => record,
          ledger,
          ledgerMark: this.mark,
          moves: () => this.#moves(),
          guard: GUARD,
          onUser: ({ accountNumber, outcome }: { accountNumber: string; outcome: string }) =>
            void outcomes.push({ accountNumber, outcome }),
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
          // With a bad file, and where somebody new looks like a person with another number, the administrator waits for the next night.
          const isBad = day !== undefined && day.file !== "whole";
          if (saved || isBad || areAboutMoves(error.findings)) return undefined;
          isApproved = true;
          // An older copy may be wrong about anyone, so an administrator has everything sent again.
          const isOlder = error.findings.some(({ code }) => code === "ledger_restored");
          const plan = isOlder ? await planSync(oplead, { ...options, resend: true }) : error.plan;
          return await plan.apply({ approve: plan.hash });
        } finally {
          await ledger.close();
        }
      },
      day?.fate,
    );
    if (killAfterMs !== undefined) time.outside(killAfterMs, () => time.kill(self));
    const ended = await Promise.race([end, time.sleep(LONGEST_NIGHT).then(() => "late" as const)]);
    const run = this.#runOf(name, ended, { isApproved, population, outcomes });
    this.runs.push(run);
    return run;
  }

  /** A plan as it comes back from its file, hours later. Undefined if it could not be made. */
  async #savedPlan(name: string, waitMs: number): Promise<SavedPlan | undefined> {
    const { end } = this.time.start(`${name}plan`, async (self) => {
      const ledger = this.store.open(self);
      const { moves, map } = { moves: () => this.#moves(), map: (record: SourceUser) => record };
      const source = async (): Promise<SourceUser[]> => this.#file("whole");
      try {
        const options = { source, map, ledger, ledgerMark: this.mark, moves, guard: GUARD };
        return JSON.stringify(await planSync(this.connect(self), options));
      } finally {
        await ledger.close();
      }
    });
    const ended = await end;
    await this.time.sleep(waitMs);
    this.trace.add(`${name}plan`, undefined, ended.was);
    const saved = ended.was === "done" ? readSavedPlan(JSON.parse(ended.value)) : undefined;
    return saved && !areAboutMoves(saved.refusals) ? saved : undefined;
  }

  #runOf(
    process: string,
    ended: End<SyncReport | undefined> | "late",
    facts: Pick<Run, "isApproved" | "population" | "outcomes">,
  ): Run {
    const { trace } = this;
    const { writes: requests, questions } = this.platform.sent.get(process) ?? { writes: 0, questions: 0 };
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
    for (const { accountNumber, code, step } of report.failures) {
      trace.add(process, this.nameOf(accountNumber), `failed ${step}: ${code}`);
    }
    return of("done", report);
  }

  /** Somebody changes something in the source system now. */
  change(kind: Change["kind"], person: string, which = 0): void {
    const who = this.people.present.findIndex(({ name }) => name === person);
    const changed = this.people.change({ kind, who, which }, () => true);
    for (const { name } of changed) this.trace.add("people", name, kind);
  }

  connect(self: WorldProcess): Oplead {
    return createOplead({ token: "token", baseUrl: "https://oplead.example", fetch: this.platform.fetchOf(self) });
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
    return kind === "doubled" ? [...all, ...all] : all;
  }

  /** The moves that the administrator has not seen done yet. */
  #moves(): (readonly [string, string])[] {
    const { entries } = this.store;
    return this.people.moves.filter(([from]) => entries.get(from)?.id !== undefined);
  }
}

/** Whether the guard found that somebody may have got another account number. */
function areAboutMoves(findings: readonly { readonly code: string }[]): boolean {
  return findings.some(({ code }) => code.includes("move_"));
}

/** The limits of the guard, for a dozen people. */
export const GUARD = { minUsers: 6, maxChanged: 0.4, maxNew: 0.4, maxMissing: 0.4, maxMoved: 0.3 } as const;
