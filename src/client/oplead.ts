import { defaultSend } from "#send";
import { DOCUMENTED, missingId, openContract, TEST_PARAMETER, type UserToSend, userOf } from "../contract/contract.ts";
import { invalid, OpleadError, type OpleadIssue } from "../errors.ts";
import { KeyedLock } from "../keyed-lock.ts";
import type { OpleadOptions } from "../options.ts";
import { pathValueProblem } from "../path-value.ts";
import { environment } from "../platform.ts";
import { type RuleToSend, tryRules, type UserRules } from "../rules/read.ts";
import { isPlainHttp, readOptions } from "../settings.ts";
import { type Answer, errorOf, start, unexpected } from "../transport/answer.ts";
import type { Call } from "../transport/call.ts";
import { systemClock } from "../transport/clock.ts";
import { mayHaveActed } from "../transport/failures.ts";
import { backoffMs } from "../transport/retry.ts";
import { sendWithFetch } from "../transport/send-fetch.ts";
import { Transport } from "../transport/transport.ts";
import { findUserIssues, isObject } from "../user/schema.ts";
import type { UserInput } from "../user/user.ts";
import type { Oplead, WriteResult } from "./api.ts";
import { attachInternals } from "./internals.ts";
import { openReference } from "./reference.ts";
import { type RulesResult, sendRules } from "./set-rules.ts";
import { NOT_ASKED, type UserSteps, unknownFate, upsert, type Written } from "./upsert.ts";

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

  const read = (answer: Answer, call: Call, identification: string, id?: string): Written =>
    written(answer, call, settings.idField, id ?? (call.testMode ? identification : undefined));

  const create = async (user: UserToSend, call: Call): Promise<Written> => {
    const { accountNumber } = user;
    const created = written(
      await contract.createUser(user, call),
      call,
      settings.idField,
      call.testMode ? (accountNumber ?? "") : undefined,
    );
    if (call.testMode) for (const name of [created.id, accountNumber]) if (name) onlyInTests.add(name);
    return created;
  };

  const stepsFor = (user: UserToSend, id: string | undefined, call: Call): UserSteps => ({
    attempts: settings.retry.attempts,
    mayHaveActed,
    create: () => create(user, call),
    async update(identification) {
      const answer = await contract.updateUser(identification, user, call);
      // Half of all answers on a first run: no error is made of it, which would cost more than the request.
      if (answer.status === 404) return undefined;
      return read(answer, call, identification, identification === id ? id : undefined);
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

      async upsertUser(given, more) {
        const { id, rules, signal, timeoutMs, deadlineMs, testMode, headers, ...unknown } = more ?? {};
        const options = { ...unknown, signal, timeoutMs, deadlineMs, testMode, headers };
        const call = transport.begin("upsertUser", options, accountNumberOf(given) ?? id);
        const { user, toSend } = checkUser(call, given, { id, rules, needsIdentity: true });
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

      async createUser(given, options) {
        const call = transport.begin("createUser", options, accountNumberOf(given));
        const { user } = checkUser(call, given, {});
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

      async updateUser(userIdentification, given, options) {
        const call = transport.begin("updateUser", options, accountNumberOf(given) ?? userIdentification);
        const { user } = checkUser(call, given, { userIdentification });
        return inTurn(
          user.accountNumber ?? userIdentification,
          call,
          async () =>
            new Result(read(await contract.updateUser(userIdentification, user, call), call, userIdentification), call),
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
  readonly id?: string | undefined;
  readonly userIdentification?: string;
  readonly rules?: UserRules | undefined;
  /** Whether there must be an id or an account number to ask by. */
  readonly needsIdentity?: boolean;
}

/** Finds every problem of a call's input at once, before anything is sent. Gives the rules as they will be sent. */
function checkInput(call: Call, input: Input, issues: OpleadIssue[] = []): readonly RuleToSend[] {
  for (const name of ["id", "userIdentification"] as const) {
    if (!(name in input) || (name === "id" && input.id === undefined)) continue;
    const wrong = pathValueProblem(input[name]);
    if (wrong) issues.push({ path: name, message: wrong });
  }
  const toSend = input.rules ? tryRules(input.rules, (_rule, path, message) => issues.push({ path, message })) : [];
  if (issues.length > 0) {
    const { operation, testMode } = call;
    const message = `${start(call)} nothing was sent, the input is not valid.`;
    throw invalid("invalid_input", message, issues, { operation, testMode });
  }
  return toSend;
}

/** {@link checkInput}, of a user as well: of its JSON, so that what is sent is what was checked. */
function checkUser(call: Call, given: unknown, input: Input): { user: UserToSend; toSend: readonly RuleToSend[] } {
  const { text, value } = asJson(given);
  const issues = findUserIssues(value);
  // A circle, a BigInt, a toJSON that throws: in a field of which this package knows nothing. The reason may quote it.
  if (text === undefined && isObject(given)) issues.push({ path: "", message: "cannot be written as JSON" });
  const accountNumber = accountNumberOf(value);
  if (input.needsIdentity && input.id === undefined && accountNumber === undefined) {
    issues.push({
      path: "accountNumber",
      message: "is required when there is no id: without either, a second run would create the user a second time",
    });
  }
  const toSend = checkInput(call, input, issues);
  return { user: { user: value as UserInput, accountNumber, text: text as string }, toSend };
}

/** A value's JSON, and what it says. Undefined where there is none. */
function asJson(given: unknown): { text: string | undefined; value: unknown } {
  try {
    const text: string | undefined = JSON.stringify(given);
    // Taken apart again only where it may say something else: objects of classes can have a toJSON of their own.
    return { text, value: text === undefined || isPlainUser(given) ? given : JSON.parse(text) };
  } catch {
    return { text: undefined, value: given };
  }
}

/** Whether the parts of a user that are checked are plain objects. */
function isPlainUser(user: unknown): boolean {
  if (!isPlain(user)) return false;
  const { address, profile } = user;
  return isPlain(profile) && isPlain(address) && isPlain(address.country);
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return isObject(value) && Object.getPrototypeOf(value) === Object.prototype && value.toJSON === undefined;
}

function accountNumberOf(user: unknown): string | undefined {
  const value = isObject(user) ? user.accountNumber : undefined;
  return typeof value === "string" ? value : undefined;
}
