import { profilesOf } from "../contract/answers.ts";
import type { Contract } from "../contract/contract.ts";
import { OpleadError } from "../core/errors.ts";
import { type FactName, type FactValues, knownFact } from "../core/facts.ts";
import { KeyedLock, Recent } from "../core/keyed.ts";
import type { Clock } from "../core/time.ts";
import { isObject } from "../core/values.ts";
import { RULES, type RuleName } from "../rules/rules.ts";
import { type Answer, errorOf, formOf, unexpected } from "../transport/answer.ts";
import type { Call, Within } from "../transport/call.ts";
import { noteDoubt } from "../transport/failures.ts";
import { isTransientStatus } from "../transport/retry.ts";
import type { Transport } from "../transport/transport.ts";
import type { Oplead, UpsertOptions, WriteResult } from "./api.ts";
import type { CheckedUser } from "./check-input.ts";

// State that a client shares with those that its `with` made.
export class ClientState {
  readonly transport: Transport;
  readonly contract: Contract;
  readonly recentWrites: RecentWrites;
  // Users that were created in test mode only and not persisted: test mode cannot check a step that needs such a user.
  readonly onlyInTests: Recent<true>;
  // Creations without a known outcome, by account number, until Oplead accepts the user.
  readonly creations: Recent<Creation>;
  // Causes of refusals, such as a parent that is not visible, for which a wait did not help: the next wait is short.
  readonly waitedInVain: Recent<true>;
  readonly reference: ReferenceCache;
  readonly server: {
    // If true, a creation can be repeated sooner.
    refusesDuplicates: boolean;
    // Routes that have answered 404 in JSON: a 404 of another form comes from a gateway.
    readonly jsonRoutes: Set<string>;
    elsewhere: { readonly form: FactValues["notFoundForm"] | undefined; readonly at: number };
    // Facts that an answer contradicted; `rulePaths` is doubted rule by rule.
    readonly doubtedFacts: Set<FactName | `rulePaths.${RuleName}`>;
    answeredAt: number;
  };
  readonly #lock: KeyedLock;

  // Given `from`, the new state shares everything with it except the settings of the transport.
  constructor(transport: Transport, contract: Contract, from?: ClientState) {
    const { clock, settings } = transport;
    this.transport = transport;
    this.contract = contract;
    this.recentWrites = from?.recentWrites ?? new RecentWrites(clock);
    this.onlyInTests = from?.onlyInTests ?? new Recent(clock, Number.POSITIVE_INFINITY);
    this.creations = from?.creations ?? new Recent(clock, Number.POSITIVE_INFINITY, 10_000);
    this.waitedInVain = from?.waitedInVain ?? new Recent(clock, FIVE_MINUTES, 10_000);
    this.reference = from?.reference ?? new ReferenceCache(clock, settings.referenceTtlMs);
    this.server = from?.server ?? {
      refusesDuplicates: knownFact(settings.facts, "refusesDuplicates") === true,
      jsonRoutes: new Set(),
      elsewhere: { form: undefined, at: Number.NEGATIVE_INFINITY },
      doubtedFacts: new Set(),
      answeredAt: Number.NEGATIVE_INFINITY,
    };
    this.#lock = from ? from.#lock : new KeyedLock();
  }

  openCreation(accountNumber: string | undefined): Creation | undefined {
    const creation = accountNumber === undefined ? undefined : this.creations.get(accountNumber);
    return creation && creation.until > this.transport.clock.now() ? creation : undefined;
  }

  // Calls for one user run one after the other: they must not overtake each other.
  inTurn<T>(key: string | undefined, call: Call, task: () => Promise<T>): Promise<T> {
    return this.transport.observe(call, () => this.#afterOthers(key, call, task));
  }

  async #afterOthers<T>(key: string | undefined, call: Call, task: () => Promise<T>): Promise<T> {
    const turn = key === undefined ? undefined : this.#lock.enter(key);
    try {
      if (turn?.previous) await this.transport.withinCall(turn.previous, call);
      return await task();
    } catch (error) {
      if (!(error instanceof OpleadError)) throw error;
      noteDoubt(error, call);
      // The error counts the requests of the whole call, which may send more after the error.
      throw Object.assign(error, { requests: call.requests });
    } finally {
      turn?.leave();
    }
  }

  // Throws unless the 404 is Oplead's own: a proxy or a wrong base URL answers 404 too, and the client would create a
  // user that exists. If the form of Oplead's own 404 is known, it decides, unless the API answers otherwise elsewhere.
  // If it is not known, JSON is trusted. Other bodies are trusted only if the route never answered 404 in JSON and the
  // API has answered within a minute. HTML is also not trusted if the API's 404 for a country ZZ is JSON, or gets no
  // answer: in an outage a gateway answers 404 once and 503 next, and a 404 that is believed is final.
  async requireNotFoundByOplead(answer: Answer, call: Call, route: string): Promise<void> {
    const { jsonRoutes } = this.server;
    const form = formOf(answer);
    let own = route === "user" ? this.fact("notFoundForm") : undefined;
    if (own !== undefined && form !== own) {
      if (!(await this.#apiAnswers(call)) || (await this.#formElsewhere(call)) !== form) {
        throw unexpected(
          answer,
          call,
          `Oplead's own 404 is ${own} here and this one is ${form}, so a gateway answered`,
        );
      }
      this.doubtFact("notFoundForm", `is ${own}, and the API answers 404 as ${form}`);
      own = undefined;
    }
    if (answer.isOpleads) {
      jsonRoutes.add(route);
      return;
    }
    const isStrange = form !== "json" && jsonRoutes.has(route);
    answer.vouched = !isStrange && (await this.#apiAnswers(call));
    if (answer.vouched && form === "html" && own === undefined) {
      const elsewhere = await this.#formElsewhere(call);
      if (elsewhere === "json") jsonRoutes.add(route);
      if (elsewhere === "json" || elsewhere === "no answer") answer.vouched = false;
    }
    // Another call may have learned meanwhile that the route answers 404 in JSON.
    if (form !== "json" && jsonRoutes.has(route)) answer.vouched = false;
    const error = answer.vouched ? undefined : errorOf(answer, call);
    if (error) throw error;
  }

  // Returns undefined if the fact is not known, or an answer contradicted it.
  fact<Name extends FactName>(name: Name): FactValues[Name] | undefined {
    return this.server.doubtedFacts.has(name) ? undefined : knownFact(this.transport.settings.facts, name);
  }

  // Returns undefined if the documented path is used.
  foundPath(rule: RuleName): string | undefined {
    const path = this.server.doubtedFacts.has(`rulePaths.${rule}`) ? undefined : this.fact("rulePaths")?.[rule];
    return path === RULES[rule].path ? undefined : path;
  }

  doubtFact(fact: FactName, contradiction: string, rule?: RuleName): void {
    const doubted = rule && fact === "rulePaths" ? (`rulePaths.${rule}` as const) : fact;
    if (this.server.doubtedFacts.has(doubted)) return;
    this.server.doubtedFacts.add(doubted);
    this.transport.settings.logger?.warn(
      `oplead-sdk: the fact ${fact} ${contradiction}: the fact is not used any more. Run oplead probe again.`,
      { event: "fact_doubted", fact },
    );
  }

  // Returns the form of the 404 for an unknown country; undefined if the API answered something else. Without an
  // answer, the next call asks again.
  async #formElsewhere(call: Call): Promise<FactValues["notFoundForm"] | "no answer" | undefined> {
    const { clock } = this.transport;
    if (clock.now() - this.server.elsewhere.at < A_MINUTE) return this.server.elsewhere.form;
    const answer = await this.contract.getCountry("ZZ", call).catch((error: unknown) => {
      if (error instanceof OpleadError && error.code === "aborted") throw error;
    });
    if (!answer || (!answer.isOpleads && isTransientStatus(answer.status))) return "no answer";
    const form = answer.status === 404 ? formOf(answer) : undefined;
    this.server.elsewhere = { form, at: clock.now() };
    return form;
  }

  async #apiAnswers(call: Call): Promise<boolean> {
    const { clock } = this.transport;
    if (clock.now() - this.server.answeredAt < A_MINUTE) return true;
    try {
      const answer = await this.contract.listUserProfiles(call);
      const { status, isOpleads } = answer;
      // If the API refuses this token, it has answered as well.
      const isApi =
        status < 300
          ? profilesOf(answer) !== undefined || hasList(answer.data)
          : status < 500 && status !== 404 && isOpleads;
      if (isApi) this.server.answeredAt = clock.now();
      return isApi;
    } catch (error) {
      if (error instanceof OpleadError && error.code === "aborted") throw error;
      return false;
    }
  }
}

// A list of another form than the package expects.
function hasList(data: unknown): boolean {
  return isObject(data) && Object.values(data).some(Array.isArray);
}

export interface Internals extends Pick<ClientState, "transport" | "recentWrites"> {
  readonly state: ClientState;
  // Writes a user that was checked already.
  upsertChecked(user: CheckedUser, options?: UpsertOptions, within?: Within): Promise<WriteResult>;
}

// The symbol is shared by the ESM and the CommonJS copy of the package.
const key = Symbol.for("oplead-sdk.internals");

export function attachInternals<T extends object>(oplead: T, internals: Internals): T {
  // The internals hold the token, so they are behind a getter: `util.inspect` shows hidden fields, but calls no getter.
  return Object.defineProperty(oplead, key, { get: () => internals });
}

export function internalsOf(oplead: Oplead): Internals {
  const internals: unknown = Reflect.get(Object(oplead), key);
  if (internals === undefined) {
    throw new OpleadError("invalid_input", "this is not a client made by createOplead.");
  }
  return internals as Internals; // only attachInternals uses this key
}

// A creation without a known outcome. `until`: time at which it can no longer be carried out. `isSent`: it was
// certainly sent, so a user that turns up was made by it.
interface Creation {
  readonly error: OpleadError;
  readonly until: number;
  readonly isSent: boolean;
}

const A_MINUTE = 60_000;

const FIVE_MINUTES = 300_000;

// Users written in the last five minutes. A replica may not know them yet, so a refusal that concerns them is not
// final.
export class RecentWrites {
  readonly #clock: Pick<Clock, "now">;
  // `createdAt` is undefined for a user that existed before it was written.
  readonly #writes: Recent<{ readonly createdAt: number | undefined }>;

  constructor(clock: Pick<Clock, "now">) {
    this.#clock = clock;
    this.#writes = new Recent(clock, FIVE_MINUTES);
  }

  note(identifier: string): void {
    this.#writes.set(identifier, { createdAt: this.#clock.now() });
  }

  noteUpdate(identifier: string): void {
    if (this.createdMsAgo(identifier) === undefined) this.#writes.set(identifier, { createdAt: undefined });
  }

  has(identifier: string): boolean {
    return this.#writes.get(identifier) !== undefined;
  }

  createdMsAgo(identifier: string): number | undefined {
    const createdAt = this.#writes.get(identifier)?.createdAt;
    return createdAt === undefined ? undefined : this.#clock.now() - createdAt;
  }
}

interface Load {
  readonly result: Promise<unknown>;
  readonly controller: AbortController;
  readonly askedAt: number;
  waiting: number;
}

// Caches reference data. Callers that wait at the same time share one load. Failures are not kept.
export class ReferenceCache {
  readonly #clock: Pick<Clock, "now">;
  readonly #ttlMs: number;
  readonly #kept = new Map<string, Load>();
  readonly #underWay = new Map<string, Load>();

  // `ttlMs` counts from when a value was asked for. With 0, callers still share a load.
  constructor(clock: Pick<Clock, "now">, ttlMs: number) {
    this.#clock = clock;
    this.#ttlMs = ttlMs;
  }

  // Each key has values of one type. Call `leave` once per `join`; a load for which no caller waits is cancelled.
  join<T>(key: string, load: (signal: AbortSignal) => Promise<T>) {
    const kept = this.#kept.get(key);
    const isFresh = kept !== undefined && this.#clock.now() - kept.askedAt < this.#ttlMs;
    const joined = (isFresh ? kept : this.#underWay.get(key)) ?? this.#start(key, load);
    joined.waiting += 1;
    const leave = (): void => {
      joined.waiting -= 1;
      if (joined.waiting > 0) return;
      this.#forget(key, joined);
      joined.controller.abort();
    };
    return { result: joined.result as Promise<T>, leave };
  }

  #start(key: string, load: (signal: AbortSignal) => Promise<unknown>): Load {
    const controller = new AbortController();
    const askedAt = this.#clock.now();
    const result = (async () => load(controller.signal))();
    const started: Load = { result, controller, askedAt, waiting: 0 };
    this.#underWay.set(key, started);
    // A cancelled load may answer all the same.
    const land = (): boolean => this.#forget(key, started);
    result.then(() => land() && this.#kept.set(key, started), land);
    return started;
  }

  #forget(key: string, load: Load): boolean {
    return this.#underWay.get(key) === load && this.#underWay.delete(key);
  }
}
