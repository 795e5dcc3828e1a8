import { defaultSend } from "#send";
import { DOCUMENTED, missingId, openContract, TEST_PARAMETER, userOf } from "./contract.ts";
import { invalid, OpleadError, type OpleadIssue } from "./errors.ts";
import { attachInternals } from "./internals.ts";
import type { CallOptions, OpleadOptions } from "./options.ts";
import { environment } from "./platform.ts";
import { openReference } from "./reference/reference.ts";
import type { Country, CountryDetails, UserProfile } from "./reference/types.ts";
import { type RuleToSend, tryRules, type UserRules } from "./rules/read.ts";
import { type RulesResult, sendRules } from "./set-rules.ts";
import { isPlainHttp, readOptions } from "./settings.ts";
import { type Answer, errorOf, start, unexpected } from "./transport/answer.ts";
import { systemClock } from "./transport/clock.ts";
import { backoffMs } from "./transport/retry.ts";
import { sendWithFetch } from "./transport/send-fetch.ts";
import { type Call, mayHaveActed, Transport } from "./transport/transport.ts";
import { pathValueProblem } from "./transport/url.ts";
import { NOT_ASKED, type UserSteps, unknownFate, upsert, type Written } from "./upsert.ts";
import { KeyedLock } from "./user/lock.ts";
import { findUserIssues } from "./user/schema.ts";
import type { UserInput } from "./user/user.ts";

/** What became of a user. Printing it shows no personal data: {@link WriteResult.user} is not enumerable. */
export interface WriteResult {
  /** The user's Oplead ID. Keep it (guide, best practices): with it the next update needs one request. */
  readonly id: string;
  /** Whether this was test mode: then nothing was persisted, and the id may be gone. */
  readonly testMode: boolean;
  /** HTTP requests really sent for this call, retries included. */
  readonly requests: number;
  /** The user as Oplead answered it, whatever that holds. Personal data, so neither printed nor serialised. */
  readonly user: Readonly<Record<string, unknown>>;
}

/** What became of a user that {@link Oplead.upsertUser} delivered. */
export interface UpsertResult extends WriteResult {
  readonly outcome: "created" | "updated";
  /** True when the answer to the creation was lost and asking showed that it had happened. */
  readonly recovered: boolean;
  /** What became of the rules that were given. */
  readonly rules: RulesResult;
}

/** Options of {@link Oplead.upsertUser}. */
export interface UpsertOptions extends CallOptions {
  /** The Oplead ID, where it is known: it is tried first. */
  readonly id?: string | undefined;
  /** Rules to set once the user is there, each with one request. Those left out are left alone. */
  readonly rules?: UserRules | undefined;
}

/** Options of the calls that read reference data, which is kept for {@link OpleadOptions.referenceTtlMs}. */
export interface ReferenceOptions extends CallOptions {
  /** Asks Oplead again, whatever is kept. Default false. */
  readonly refresh?: boolean | undefined;
}

/** A client of the Oplead API. Every method throws {@link OpleadError} and nothing else. */
export interface Oplead {
  /** Whether every write of this client is a test. */
  readonly testMode: boolean;

  /**
   * Makes sure that a user is in Oplead once, as given: updates it by `id` if there is one, else by `accountNumber`,
   * and creates it when Oplead does not know it (guide, user identification strategy). Safe to repeat and to run at
   * the same time elsewhere: lost answers are settled by asking, lost races end as updates.
   *
   * @throws {@link OpleadError} `invalid_input` before anything is sent when neither `id` nor `accountNumber` is given
   * or the user or a rule is wrong; `ambiguous_creation` when it cannot be found out whether the user was created;
   * and the codes of any request. When the user was written and a rule failed, the error carries `id` and `rules`.
   */
  upsertUser(user: UserInput, options?: UpsertOptions): Promise<UpsertResult>;

  /**
   * Creates a user (`POST /v1/users`). A request that may have arrived is not repeated.
   *
   * @throws {@link OpleadError} `ambiguous_creation` when nobody knows whether the user exists now: prefer
   * {@link Oplead.upsertUser}, which finds out.
   */
  createUser(user: UserInput, call?: CallOptions): Promise<WriteResult>;

  /**
   * Updates a user by Oplead ID or account number (`PUT /v1/users/{userIdentification}`).
   *
   * @throws {@link OpleadError} `not_found` when Oplead does not know the identification.
   */
  updateUser(userIdentification: string, user: UserInput, call?: CallOptions): Promise<WriteResult>;

  /**
   * Sets the rules given, each with one request, and no others (guide, lead assignment rules). Each replaces the whole
   * rule (assumed). One that fails does not keep the others from being set.
   *
   * @throws {@link OpleadError} with `rules`, which says what became of each, when not all could be set.
   */
  setRules(userIdentification: string, rules: UserRules, call?: CallOptions): Promise<RulesResult>;

  /** The profiles a user can have (`GET /v1/settings/user-profiles`). */
  listUserProfiles(call?: ReferenceOptions): Promise<readonly UserProfile[]>;

  /** The countries of the platform (`GET /v1/types/countries`). */
  listCountries(call?: ReferenceOptions): Promise<readonly Country[]>;

  /**
   * A country with its counties and zip codes (`GET /v1/types/country/{code}`).
   *
   * @throws {@link OpleadError} `not_found` when the platform does not have the country.
   */
  getCountry(code: string, call?: ReferenceOptions): Promise<CountryDetails>;
}

/**
 * Makes a client. Sends nothing yet.
 *
 * @throws {@link OpleadError} `invalid_options`, which lists every problem at once.
 *
 * @example
 * ```ts
 * const oplead = createOplead({ token: () => vault.read("oplead"), testMode: true });
 * const { outcome, id } = await oplead.upsertUser(user);
 * ```
 */
export function createOplead(options: OpleadOptions = {}): Oplead {
  const settings = readOptions(options, environment(), DOCUMENTED);
  const { fetch, logger } = settings;
  const transport = new Transport(
    settings,
    fetch ? sendWithFetch(() => fetch) : defaultSend,
    systemClock,
    TEST_PARAMETER,
  );
  const contract = openContract(transport);
  const reference = openReference(transport, contract);
  const lock = new KeyedLock();
  /** Users that a test created. Oplead has forgotten them, so nothing that needs them can be checked. */
  const onlyInTests = new Set<string>();

  if (isPlainHttp(settings.baseUrl)) {
    logger?.warn("oplead-sdk: baseUrl is plain http, so the token can be read on the way. Use https in production.");
  }
  if (settings.testMode) logger?.info("oplead-sdk: test mode is on, nothing will be persisted");

  /** Calls for one user of this client do not overtake each other. */
  const inTurn = async <T>(key: string | undefined, call: Call, task: () => Promise<T>): Promise<T> => {
    try {
      return await (key === undefined ? task() : lock.run(key, async (turn) => transport.withinCall(turn, call), task));
    } catch (error) {
      // An error may be thrown some requests after it happened: the caller wants to know of all.
      throw error instanceof OpleadError ? Object.assign(error, { attempts: call.requests }) : error;
    }
  };

  const update = async (identification: string, user: UserInput, call: Call, id?: string): Promise<Written> =>
    written(
      await contract.updateUser(identification, user, call),
      call,
      settings.idField,
      id ?? (call.testMode ? identification : undefined),
    );

  const create = async (user: UserInput, call: Call): Promise<Written> => {
    const created = written(
      await contract.createUser(user, call),
      call,
      settings.idField,
      call.testMode ? (user.accountNumber ?? "") : undefined,
    );
    if (call.testMode) for (const name of [created.id, user.accountNumber]) if (name) onlyInTests.add(name);
    return created;
  };

  const stepsFor = (user: UserInput, id: string | undefined, call: Call): UserSteps => ({
    attempts: settings.retry.attempts,
    mayHaveActed,
    create: () => create(user, call),
    async update(identification) {
      try {
        return await update(identification, user, call, identification === id ? id : undefined);
      } catch (error) {
        if (error instanceof OpleadError && error.code === "not_found") return undefined;
        throw error;
      }
    },
    async pause(attempt) {
      const { baseMs } = settings.retry;
      const ms = baseMs + backoffMs(attempt, settings.retry, transport.clock.random);
      if (transport.clock.now() + ms >= call.deadlineAt) return false;
      await transport.sleep(ms, call);
      return true;
    },
  });

  const setRulesOf = (id: string, rules: readonly RuleToSend[], call: Call): Promise<RulesResult> =>
    sendRules(contract, id, rules, call, call.testMode && onlyInTests.has(id));

  return attachInternals<Oplead>(
    {
      testMode: settings.testMode,

      async upsertUser(user, { id, rules, ...options } = {}) {
        const call = transport.begin("upsertUser", options, accountNumberOf(user) ?? id);
        const toSend = checkInput(call, { user, id, rules, needsIdentity: true });
        return inTurn(user.accountNumber ?? id, call, async () => {
          const { outcome, recovered, ...arrived } = await upsert(stepsFor(user, id, call), id, user.accountNumber);
          try {
            const set = await setRulesOf(arrived.id, toSend, call);
            return Object.assign(new Result(arrived, call), { outcome, recovered, rules: set });
          } catch (error) {
            throw error instanceof OpleadError ? withUser(error, outcome, arrived.id) : error;
          }
        });
      },

      async createUser(user, options) {
        const call = transport.begin("createUser", options, accountNumberOf(user));
        checkInput(call, { user });
        return inTurn(user.accountNumber, call, async () => {
          try {
            return new Result(await create(user, call), call);
          } catch (error) {
            throw error instanceof OpleadError && error.code !== "aborted" && mayHaveActed(error)
              ? unknownFate(error, NOT_ASKED)
              : error;
          }
        });
      },

      async updateUser(userIdentification, user, options) {
        const call = transport.begin("updateUser", options, accountNumberOf(user) ?? userIdentification);
        checkInput(call, { user, userIdentification });
        return inTurn(
          user.accountNumber ?? userIdentification,
          call,
          async () => new Result(await update(userIdentification, user, call), call),
        );
      },

      async setRules(userIdentification, rules, options) {
        const call = transport.begin("setRules", options, userIdentification);
        const toSend = checkInput(call, { userIdentification, rules });
        return inTurn(userIdentification, call, () => setRulesOf(userIdentification, toSend, call));
      },

      listUserProfiles: reference.listUserProfiles,
      listCountries: reference.listCountries,
      getCountry: reference.getCountry,
    },
    { transport, contract },
  );
}

/** The user in an answer, with its id. `knownId` stands in where an answer need not have one. */
function written(answer: Answer, call: Call, idField: string, knownId: string | undefined): Written {
  const error = errorOf(answer, call);
  if (error) throw error;
  const { id = knownId, user } = userOf(answer, idField);
  if (id === undefined) {
    throw unexpected(answer, call, `Oplead accepted the user, but ${missingId(answer, idField)}`);
  }
  return { id, user };
}

/** A result that can be printed: the user's own data is there for whoever asks for it by name. */
class Result implements WriteResult {
  readonly id: string;
  readonly testMode: boolean;
  readonly requests: number;
  readonly #user: WriteResult["user"];

  constructor(written: Written, call: Call) {
    this.id = written.id;
    this.testMode = call.testMode;
    this.requests = call.requests;
    this.#user = written.user;
  }

  get user(): WriteResult["user"] {
    return this.#user;
  }
}

/** Says in an error of the rules that the user itself has arrived, so that its id is not lost. */
function withUser(error: OpleadError, outcome: string, id: string): OpleadError {
  return new OpleadError(error.code, `${error.message}\n  The user itself was ${outcome} (id ${id}).`, {
    ...error,
    id,
    body: error.body,
    cause: error.cause,
  });
}

interface Input {
  readonly user?: unknown;
  readonly id?: string | undefined;
  readonly userIdentification?: string;
  readonly rules?: UserRules | undefined;
  /** Whether there must be an id or an account number to ask by. */
  readonly needsIdentity?: boolean;
}

/** Finds every problem of a call's input at once, before anything is sent. Gives the rules as they will be sent. */
function checkInput(call: Call, input: Input): readonly RuleToSend[] {
  const issues: OpleadIssue[] = [];
  if ("user" in input) issues.push(...findUserIssues(input.user));
  if (input.needsIdentity && input.id === undefined && accountNumberOf(input.user) === undefined) {
    issues.push({
      path: "accountNumber",
      message: "is required when there is no id: without either, a second run would create the user a second time",
    });
  }
  for (const name of ["id", "userIdentification"] as const) {
    if (!(name in input) || (name === "id" && input.id === undefined)) continue;
    const wrong = pathValueProblem(input[name]);
    if (wrong) issues.push({ path: name, message: wrong });
  }
  const toSend = tryRules(input.rules ?? {}, (_rule, path, message) => issues.push({ path, message }));
  if (issues.length > 0) {
    const { operation, testMode } = call;
    throw invalid("invalid_input", `${start(call)} nothing was sent, the input is not valid.`, issues, {
      operation,
      testMode,
    });
  }
  return toSend;
}

function accountNumberOf(user: unknown): string | undefined {
  const value =
    typeof user === "object" && user !== null ? (user as { accountNumber?: unknown }).accountNumber : undefined;
  return typeof value === "string" ? value : undefined;
}
