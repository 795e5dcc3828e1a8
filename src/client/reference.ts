import type { Clock } from "../base/clock.ts";
import { invalid } from "../base/errors.ts";
import { at, issueBy } from "../base/issues.ts";
import { VALUES } from "../base/texts/en/values.ts";
import { requireNoIssues } from "../base/validation/validate.ts";
import { countryCodeProblem } from "../base/validation/value-problems.ts";
import { countriesOf, countryOf, profilesOf } from "../contract/answers.ts";
import { type Answer, errorOf, unexpected } from "../transport/answer.ts";
import type { Call } from "../transport/call.ts";
import { throwIfAborted } from "../transport/failures.ts";
import type { Oplead, ReferenceOptions } from "./api.ts";
import { callOptions } from "./check-input.ts";
import type { ClientState } from "./client-state.ts";

/** Profiles and countries: asked for once, kept for a while, shared by all who ask meanwhile. */
export function openReference(state: ClientState): Pick<Oplead, "listUserProfiles" | "listCountries" | "getCountry"> {
  const { transport, contract } = state;
  const cache = new ReferenceCache(transport.clock, transport.settings.referenceTtlMs);

  const read = async <T>(
    operation: string,
    key: string,
    given: ReferenceOptions | undefined,
    request: (call: Call) => Promise<Answer>,
    parse: (answer: Answer) => T | undefined,
  ): Promise<T> => {
    const options = callOptions(given, "refresh");
    checkRefresh(operation, given?.refresh);
    const call = transport.begin(operation, options);
    throwIfAborted(call);
    const load = async (signal: AbortSignal): Promise<T> => {
      // The request belongs to all who wait for it: it ends by itself, or when the last of them has left.
      const { headers, timeoutMs, retry } = options;
      const own = { ...transport.begin(operation, { headers, timeoutMs, retry }), signal };
      const answer = await request(own);
      const error = errorOf(answer, own);
      if (error) throw error;
      const value = parse(answer);
      if (value === undefined) throw unexpected(answer, own, "the answer does not have the expected form");
      return value;
    };
    const { result, leave } = cache.join(key, load, given?.refresh);
    try {
      return await transport.withinCall(result, call);
    } finally {
      leave();
    }
  };

  return {
    listUserProfiles: (options) => read("listUserProfiles", "profiles", options, contract.listUserProfiles, profilesOf),
    listCountries: (options) => read("listCountries", "countries", options, contract.listCountries, countriesOf),
    async getCountry(code, options) {
      const wrong = countryCodeProblem(code);
      if (wrong !== undefined) {
        const operation = "getCountry";
        throw invalid("invalid_input", `${operation}: nothing was sent.`, [at("code", wrong)], { operation });
      }
      const request = (call: Call): Promise<Answer> => contract.getCountry(code, call);
      return read("getCountry", `country ${code}`, options, request, countryOf);
    },
  };
}

/** A load that is under way or has succeeded, and how many wait for it. */
interface Load {
  readonly result: Promise<unknown>;
  readonly controller: AbortController;
  readonly askedAt: number;
  readonly number: number;
  waiting: number;
}

/** Keeps loaded values by key, for `ttlMs`. Callers who want the same at the same time share one load. Failures are not kept. */
export class ReferenceCache {
  readonly #clock: Pick<Clock, "now">;
  readonly #ttlMs: number;
  readonly #kept = new Map<string, Load>();
  readonly #underWay = new Map<string, Load>();
  #loads = 0;

  /** `ttlMs`: how old a value may get, counted from when it was asked for. 0 keeps nothing and still shares loads. */
  constructor(clock: Pick<Clock, "now">, ttlMs: number) {
    this.#clock = clock;
    this.#ttlMs = ttlMs;
  }

  /**
   * The value of a key, which always stands for values of one type. `load` gets the signal of the shared load. `refresh`
   * loads anew, whatever is kept or on its way. `leave` is to be called once, when this caller waits no longer: a load that no
   * caller waits for is cancelled.
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
      // A refresh that started later knows better, and may have landed before.
      const kept = this.#kept.get(key);
      if (!kept || kept.number < started.number) this.#kept.set(key, started);
      land();
    }, land);
    return started;
  }

  /** The next caller starts another load. */
  #forget(key: string, load: Load): void {
    if (this.#underWay.get(key) === load) this.#underWay.delete(key);
  }
}

const issue = /* @__PURE__ */ issueBy(VALUES);

function checkRefresh(operation: string, refresh: unknown): void {
  if (refresh === undefined || typeof refresh === "boolean") return;
  requireNoIssues(`${operation}: wrong call options`, [issue("refresh", "not_boolean")], { operation });
}
