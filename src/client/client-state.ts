import { profilesOf } from "../contract/answers.ts";
import type { Contract } from "../contract/contract.ts";
import { OpleadError } from "../core/errors.ts";
import { type FactName, type FactValues, knownFact } from "../core/facts.ts";
import { KeyedLock, Recent } from "../core/keyed.ts";
import type { Clock } from "../core/time.ts";
import { RULES, type RuleName } from "../rules/rules.ts";
import { type Answer, errorOf, formOf, unexpected } from "../transport/answer.ts";
import type { Call, Within } from "../transport/call.ts";
import { noteDoubt } from "../transport/failures.ts";
import { isTransientStatus } from "../transport/retry.ts";
import type { Transport } from "../transport/transport.ts";
import type { Oplead, UpsertOptions, UpsertResult } from "./api.ts";
import type { CheckedUser } from "./check-input.ts";

/**
 * The state that a client shares with the clients that its `with` made: the transport, and what the answers have shown
 * about Oplead and its users. All calls of these clients use this state.
 */
export class ClientState {
  readonly transport: Transport;
  readonly contract: Contract;
  readonly recentWrites: RecentWrites;
  /**
   * Users that were created in test mode. Oplead has not persisted these users, so test mode cannot check a step that
   * needs one of them.
   */
  readonly onlyInTests: Recent<true>;
  /** Creations without a known outcome, by account number, until Oplead accepts the user. */
  readonly creations: Recent<Creation>;
  /**
   * Causes of refusals, such as a parent that is not visible, for which a call has waited without success. The next
   * wait for the same cause is short.
   */
  readonly waitedInVain: Recent<true>;
  readonly reference: ReferenceCache;
  readonly server: {
    /**
     * Whether Oplead has refused a second user with the same account number. Then a creation can be repeated sooner.
     */
    refusesDuplicates: boolean;
    /** The routes that have answered 404 in JSON. A 404 of such a route that is not JSON comes from a gateway. */
    readonly jsonRoutes: Set<string>;
    /** The form of the API's 404 for a country that does not exist, and when the client asked for that country. */
    elsewhere: { readonly form: FactValues["notFoundForm"] | undefined; readonly at: number };
    /** The facts that an answer has contradicted and that are not used any more; `rulePaths` is listed rule by rule. */
    readonly doubtedFacts: Set<FactName | `rulePaths.${RuleName}`>;
    /** When an answer last showed that the API is at this address, by the transport's clock. */
    answeredAt: number;
  };
  readonly #lock: KeyedLock;

  /** `from`: the client with which the new one shares everything except the settings of the transport. */
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

  /** The creation of this user that Oplead may still carry out. */
  openCreation(accountNumber: string | undefined): Creation | undefined {
    const creation = accountNumber === undefined ? undefined : this.creations.get(accountNumber);
    return creation && creation.until > this.transport.clock.now() ? creation : undefined;
  }

  /**
   * Runs a call after all earlier calls with the same key have ended, so that calls for one user do not overtake each
   * other.
   */
  inTurn<T>(key: string | undefined, call: Call, task: () => Promise<T>): Promise<T> {
    return this.transport.observe(call, () => this.#afterOthers(key, call, task));
  }

  async #afterOthers<T>(key: string | undefined, call: Call, task: () => Promise<T>): Promise<T> {
    const wait = async (previous: Promise<void>): Promise<void> => this.transport.withinCall(previous, call);
    try {
      return await (key === undefined ? task() : this.#lock.run(key, wait, task));
    } catch (error) {
      if (!(error instanceof OpleadError)) throw error;
      noteDoubt(error, call);
      // `attempts` counts the requests of the whole call. The field is set here, because the call may send further
      // requests after the error occurred.
      throw Object.assign(error, { attempts: call.requests });
    }
  }

  /**
   * Makes sure that a 404 comes from Oplead. A proxy or a wrong base URL can answer 404 too. If such a 404 were taken
   * for Oplead's, the client would create a user that exists already.
   *
   * If the facts of the platform say which form Oplead's own 404 has, a 404 of a different form counts as a gateway's.
   * But if the API itself answers with this different form at another path, the fact is wrong and is no longer used. If
   * the facts do not say which form it has, a 404 with a JSON body is trusted. A 404 without JSON is trusted only if
   * its route has never answered 404 in JSON and the API has answered at the same base URL within the last minute (`GET
   * /v1/settings/user-profiles`). If the 404 is an HTML page, the client asks the API for a country that does not
   * exist. The page is not trusted if the API answers with a 404 in JSON. The page is not trusted either if the API
   * does not answer, because a gateway may answer one request with 404 and the next with 503 in an outage, and a 404
   * that is believed is final. The API also counts as not answering if the call has no time left to ask it, for example
   * because the process stood still.
   *
   * @throws {@link OpleadError} `unexpected_response`, retryable, for any other 404.
   */
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
    // While this call waited, a different one may have learned that the API's own 404 is JSON.
    if (form !== "json" && jsonRoutes.has(route)) answer.vouched = false;
    const error = answer.vouched ? undefined : errorOf(answer, call);
    if (error) throw error;
  }

  /** A fact of a probe; undefined if it is not known, or if an answer contradicted it. */
  fact<Name extends FactName>(name: Name): FactValues[Name] | undefined {
    return this.server.doubtedFacts.has(name) ? undefined : knownFact(this.transport.settings.facts, name);
  }

  /** The path at which a probe found a rule; undefined if that is the documented path. */
  foundPath(rule: RuleName): string | undefined {
    const path = this.server.doubtedFacts.has(`rulePaths.${rule}`) ? undefined : this.fact("rulePaths")?.[rule];
    return path === RULES[rule].path ? undefined : path;
  }

  /** Logs once that an answer of the API contradicts a fact, and stops using the fact. */
  doubtFact(fact: FactName, contradiction: string, rule?: RuleName): void {
    const doubted = rule && fact === "rulePaths" ? (`rulePaths.${rule}` as const) : fact;
    if (this.server.doubtedFacts.has(doubted)) return;
    this.server.doubtedFacts.add(doubted);
    this.transport.settings.logger?.warn(
      `oplead-sdk: the fact ${fact} ${contradiction}: the fact is not used any more. Run oplead probe again.`,
      { event: "fact_doubted", fact },
    );
  }

  /**
   * The form of the API's 404 for the country ZZ, which does not exist; undefined if the API answered something else. A
   * question that gets no answer, or only a gateway's, is asked again by the next call.
   */
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
      // A refusal to show the profiles to this token also comes from the API, so it shows that the API is there.
      const isApi = status < 300 ? profilesOf(answer) !== undefined : status < 500 && status !== 404 && isOpleads;
      if (isApi) this.server.answeredAt = clock.now();
      return isApi;
    } catch (error) {
      if (error instanceof OpleadError && error.code === "aborted") throw error;
      return false;
    }
  }
}

/** The parts of a client that entry points such as `oplead-sdk/sync` need. */
export interface Internals extends Pick<ClientState, "transport" | "recentWrites"> {
  readonly state: ClientState;
  /**
   * `upsertUser` for a user that has been checked by `checkUser`, and is not checked again. `within`: see `Call`.
   */
  upsertChecked(user: CheckedUser, options?: UpsertOptions, within?: Within): Promise<UpsertResult>;
}

// `Symbol.for`, so that a client made by the ESM copy of the package works with the CommonJS copy.
const key = Symbol.for("oplead-sdk.internals");

export function attachInternals<T extends object>(oplead: T, internals: Internals): T {
  // The internals are behind a getter, because they hold the token: `util.inspect` can show the value of a hidden
  // field, but does not call a getter.
  return Object.defineProperty(oplead, key, { get: () => internals });
}

export function internalsOf(oplead: Oplead): Internals {
  const internals: unknown = Reflect.get(Object(oplead), key);
  if (internals === undefined) {
    throw new OpleadError("invalid_input", "this is not a client made by createOplead.");
  }
  return internals as Internals; // only attachInternals uses this key
}

// `until`: Oplead may still carry it out. `isSent`: one was certainly sent, so a user that is there was made by it.
interface Creation {
  readonly error: OpleadError;
  readonly until: number;
  readonly isSent: boolean;
}

const A_MINUTE = 60_000;

const FIVE_MINUTES = 300_000;

/**
 * The ids and account numbers of users that were written in the last five minutes. A server that reads from a replica
 * may not know these users yet, so a refusal that concerns one of them is not final.
 */
export class RecentWrites {
  readonly #clock: Pick<Clock, "now">;
  /** For each identifier, when the user was created; `createdAt` is undefined for a user that existed before. */
  readonly #writes: Recent<{ readonly createdAt: number | undefined }>;

  constructor(clock: Pick<Clock, "now">) {
    this.#clock = clock;
    this.#writes = new Recent(clock, FIVE_MINUTES);
  }

  /** Notes that a user has just been written, and perhaps created. */
  note(identifier: string): void {
    this.#writes.set(identifier, { createdAt: this.#clock.now() });
  }

  /** Notes that a user has just been updated, so it existed before. */
  noteUpdate(identifier: string): void {
    if (this.createdMsAgo(identifier) === undefined) this.#writes.set(identifier, { createdAt: undefined });
  }

  has(identifier: string): boolean {
    return this.#writes.get(identifier) !== undefined;
  }

  /**
   * How long ago the user was created, in milliseconds; undefined if it was not created within the last five minutes.
   */
  createdMsAgo(identifier: string): number | undefined {
    const createdAt = this.#writes.get(identifier)?.createdAt;
    return createdAt === undefined ? undefined : this.#clock.now() - createdAt;
  }
}

/** The loading of a value, which is under way or has succeeded, and how many callers wait for it. */
interface Load {
  readonly result: Promise<unknown>;
  readonly controller: AbortController;
  readonly askedAt: number;
  readonly number: number;
  waiting: number;
}

/**
 * Keeps loaded values by key, for `ttlMs`. Callers that ask for the same key while its value is being loaded share the
 * request. Failures are not kept.
 */
export class ReferenceCache {
  readonly #clock: Pick<Clock, "now">;
  readonly #ttlMs: number;
  readonly #kept = new Map<string, Load>();
  readonly #underWay = new Map<string, Load>();
  #loads = 0;

  /**
   * `ttlMs`: how old a value may get, counted from when it was asked for. 0 keeps nothing, but callers still share a
   * request under way.
   */
  constructor(clock: Pick<Clock, "now">, ttlMs: number) {
    this.#clock = clock;
    this.#ttlMs = ttlMs;
  }

  /**
   * The value of a key. All values of one key have the same type. `load` gets the signal that cancels the shared load.
   * `refresh`: loads again, even if a value is kept or is being loaded. Call `leave` once, when this caller no longer
   * waits. A load is cancelled if no caller waits for it.
   */
  join<T>(key: string, load: (signal: AbortSignal) => Promise<T>, refresh = false) {
    const kept = this.#kept.get(key);
    const isFresh = kept !== undefined && this.#clock.now() - kept.askedAt < this.#ttlMs;
    const known = refresh ? undefined : isFresh ? kept : this.#underWay.get(key);
    const joined = known ?? this.#start(key, load);
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
    this.#loads += 1;
    const result = (async () => load(controller.signal))();
    const started: Load = { result, controller, askedAt, number: this.#loads, waiting: 0 };
    this.#underWay.set(key, started);
    const land = (): void => this.#forget(key, started);
    result.then(() => {
      // A second load of the same key may have started later and ended earlier than this one. Its value is newer and is
      // kept.
      const kept = this.#kept.get(key);
      if (!kept || kept.number < started.number) this.#kept.set(key, started);
      land();
    }, land);
    return started;
  }

  /** Forgets a load that is under way, so that the next caller starts a new load. */
  #forget(key: string, load: Load): void {
    if (this.#underWay.get(key) === load) this.#underWay.delete(key);
  }
}
