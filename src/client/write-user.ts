import type { UserToSend } from "../contract/contract.ts";
import { copyError, isOpleadError, type OpleadError } from "../core/errors.ts";
import { knownFact } from "../core/facts.ts";
import { fieldsNamedIn, otherNamesIn } from "../core/redact.ts";
import { addMethods } from "../core/values.ts";
import type { Answer } from "../transport/answer.ts";
import type { Call, Within } from "../transport/call.ts";
import { mayHaveActed } from "../transport/failures.ts";
import { accountNumberOf, type UserFields } from "../user/user.ts";
import type { Oplead, UpsertOptions, WriteResult } from "./api.ts";
import { type CheckedUser, callOptions, checkInput, checkUpsert, checkUser } from "./check-input.ts";
import type { ClientState } from "./client-state.ts";
import { incomplete } from "./incomplete.ts";
import { LONG_MS, patiently, pausesFor, pausesWithin, SHORT_MS, type Suspicion } from "./patience.ts";
import { resultOf, written } from "./result.ts";
import { NO_RULES, sendRules, setRules } from "./set-rules.ts";
import { isRefusal, NOT_ASKED, type UserCalls, unknownFate, upsert, type Waits, type Written } from "./upsert.ts";

export function openWrites(state: ClientState): Pick<Oplead, "upsertUser" | "createUser" | "updateUser" | "setRules"> {
  const { transport } = state;
  return {
    upsertUser: (given, options) => sendUser(state, given, options),

    async createUser(given, options) {
      const call = transport.begin("createUser", callOptions(options), accountNumberOf(given));
      const { toSend: user, issues } = checkUser(given, state.transport.settings);
      checkInput(call, {}, issues);
      return state.inTurn(user.accountNumber, call, async () => {
        try {
          return resultOfUser(
            await new UserRequests(state, user, undefined, call).create(),
            user.accountNumber,
            call,
            "created",
          );
        } catch (error) {
          const isLost = isOpleadError(error) && error.code !== "aborted" && mayHaveActed(error);
          throw isLost ? unknownFate(error, NOT_ASKED) : error;
        }
      });
    },

    async updateUser(userIdentification, given, options) {
      const call = transport.begin("updateUser", callOptions(options), accountNumberOf(given) ?? userIdentification);
      const { toSend: user, issues } = checkUser(given, state.transport.settings);
      const left = issues.filter(({ code }) => code === "required").map(({ path }) => path);
      const isPart = left.length > 0 && state.fact("partialUpdate") === true;
      const wrong = isPart ? issues.filter(({ code }) => code !== "required") : issues;
      checkInput(call, { userIdentification }, wrong);
      return state.inTurn(user.accountNumber ?? userIdentification, call, async () => {
        const requests = new UserRequests(state, user, undefined, call);
        const arrived = await requests.updateExisting(userIdentification);
        // The probe found that answers hold the whole user: the PUT has replaced it.
        const isShown = Object.keys(user.user).some((name) => name in arrived.user);
        const lost = isPart && isShown ? SHOWN.filter((name) => left.includes(name) && !(name in arrived.user)) : [];
        if (lost.length > 0)
          state.doubtFact("partialUpdate", `is true, and the user that got a part has no ${lost.join(", ")} any more`);
        return resultOfUser(arrived, user.accountNumber, call, "updated");
      });
    },

    async setRules(userIdentification, rules, options) {
      const call = transport.begin("setRules", callOptions(options), userIdentification);
      const toSend = checkInput(call, { userIdentification, rules });
      return state.inTurn(userIdentification, call, () => setRules(state, userIdentification, toSend, call));
    },
  };
}

export async function sendUser(
  state: ClientState,
  given: UserFields,
  options?: UpsertOptions,
  checked?: CheckedUser,
  within?: Within,
): Promise<WriteResult> {
  const { id, rules } = options ?? {};
  const subject = accountNumberOf(given) ?? id;
  const call = state.transport.begin("upsertUser", callOptions(options, "id", "rules"), subject, within);
  const { toSend: user, issues } = checked ?? checkUser(given, state.transport.settings);
  const { accountNumber, rulesToSend } = checkUpsert(call, { toSend: user, issues }, { id, rules });
  // `await`: returning a promise from an async function takes two turns more.
  return await state.inTurn(accountNumber, call, async () => {
    const requests = new UserRequests(state, user, id, call);
    const arrived = await upsert(requests, id, accountNumber);
    const { outcome, recovered } = arrived;
    const sent = rulesToSend.length === 0 ? NO_RULES : await sendRules(state, arrived.id, rulesToSend, call);
    const { applied, unverifiable, failed, notSent } = sent;
    const isNew = outcome === "created";
    const all = ["user" as const, ...applied];
    const steps = { accountNumber, id: arrived.id, isNew, applied: all, unverifiable, notSent, recovered };
    if (failed.length > 0) throw incomplete(call, steps, failed);
    return withUser(resultOf(call, outcome, steps), arrived.user);
  });
}

function resultOfUser<Of extends "created" | "updated">(
  { id, user }: Written,
  accountNumber: string | undefined,
  call: Call,
  outcome: Of,
): WriteResult<Of, string | undefined> {
  return withUser(resultOf(call, outcome, { accountNumber, id, applied: ["user"] }), user);
}

// The user is personal data: a plain property that is neither printed nor serialised. Methods of each result would take
// longer than its JSON.
function withUser<Result extends object>(result: Result, user: Written["user"]): Result & Pick<WriteResult, "user"> {
  return Object.setPrototypeOf(Object.assign(result, { user }), HIDES_USER);
}

function withoutUser(this: object) {
  const { user: _, ...shown } = this as WriteResult;
  return shown;
}

const HIDES_USER = /* @__PURE__ */ addMethods({}, { toJSON: withoutUser }, withoutUser);

// Fields that every answer with the whole user has.
const SHOWN = ["lastname", "login"] as const;

class UserRequests implements UserCalls {
  readonly mayHaveActed = mayHaveActed;
  readonly attempts: number;
  readonly #state: ClientState;
  readonly #user: UserToSend;
  readonly #id: string | undefined;
  readonly #call: Call;
  #wasRefused = false;
  #wasInDoubt = false;
  // Whether a 404 without JSON was believed. If it was a gateway's, Oplead may refuse the creation.
  #wasVouched = false;
  #isParentNew = false;

  constructor(state: ClientState, user: UserToSend, id: string | undefined, call: Call) {
    this.attempts = call.retry.attempts;
    this.#state = state;
    this.#user = user;
    this.#id = id;
    this.#call = call;
  }

  get doubt(): OpleadError | undefined {
    const creation = this.#state.openCreation(this.#user.accountNumber);
    this.#wasInDoubt ||= creation !== undefined;
    return creation?.error;
  }

  get wasCreationLost(): boolean {
    const { accountNumber } = this.#user;
    const wasLost = accountNumber !== undefined && this.#state.creations.get(accountNumber)?.isSent === true;
    if (!wasLost || this.#call.testMode) return false;
    this.#wasInDoubt = true;
    return true;
  }

  async update(identification: string): Promise<Written | undefined> {
    const answer = await this.#put(identification);
    // A 404 is half of all answers of a first run: making an error of it would take longer than the request.
    return answer.status === 404 ? undefined : this.#arrived(answer, identification);
  }

  async updateExisting(identification: string): Promise<Written> {
    return this.#arrived(await this.#put(identification), identification);
  }

  #put(identification: string): Promise<Answer> {
    const { contract, recentWrites } = this.#state;
    const { settleMs } = this.#state.transport.settings;
    // Age of the user: the smaller of that before the request and that after it, because another call may create the
    // user in between.
    let age = settleMs;
    return patiently(
      this.#state,
      this.#call,
      () => {
        age = recentWrites.createdMsAgo(identification) ?? settleMs;
        this.#noteParent();
        return contract.updateUser(identification, this.#user, this.#call);
      },
      async (answer) => {
        if (answer.status !== 404) return this.#suspectParent(answer);
        await this.#state.requireNotFoundByOplead(answer, this.#call, "user");
        this.#wasVouched ||= answer.vouched === true;
        // A 404 is final unless the user was created less than `settleMs` ago.
        age = Math.min(age, recentWrites.createdMsAgo(identification) ?? settleMs);
        return age < settleMs ? { budgetMs: settleMs - age, about: identification } : undefined;
      },
    );
  }

  async create(): Promise<Written> {
    const { contract, creations } = this.#state;
    const { accountNumber } = this.#user;
    try {
      const answer = await patiently(
        this.#state,
        this.#call,
        () => {
          this.#noteParent();
          return contract.createUser(this.#user, this.#call);
        },
        (refused) => this.#suspectParent(refused),
      );
      return this.#arrived(answer, undefined);
    } catch (error) {
      if (!isOpleadError(error)) throw error;
      this.#wasRefused = isRefusal(error);
      this.#wasInDoubt ||= mayHaveActed(error);
      if (accountNumber !== undefined && !this.#call.testMode && mayHaveActed(error)) {
        const until = this.#state.transport.clock.now() + this.#settleMs(error);
        creations.set(accountNumber, { error, until, isSent: true });
      }
      throw error;
    }
  }

  pausesAfter(creation: OpleadError): Waits {
    const { transport } = this.#state;
    const { baseMs } = this.#call.retry;
    if (isRefusal(creation)) {
      // What others waited for in vain says nothing about a user whose creation may have arrived.
      const about = this.#wasInDoubt ? `creation of ${this.#user.accountNumber}` : aboutOf(creation);
      return pausesFor(this.#state, this.#call, { budgetMs: this.#rivalMs(creation), about });
    }
    const left = (this.#state.openCreation(this.#user.accountNumber)?.until ?? 0) - transport.clock.now();
    // There is time for at least one pause and question, because the creation may be on its way.
    return pausesWithin(Math.max(left, Math.min(baseMs, 100), 1), transport, this.#call);
  }

  isOfContent(refusal: OpleadError): boolean {
    const named = fieldsIn(refusal);
    if (isOfOthers(refusal)) return this.#state.waitedInVain.get(aboutOf(refusal)) === true;
    const ofAnother = named.filter((name) => name === "accountNumber" || OF_ANOTHER_USER.has(name));
    return ofAnother.length < named.length && (ofAnother.length === 0 || refusal.status !== 409);
  }

  // A refusal as a duplicate is not final: reads lag, a gateway may answer PUT, or another user has the login or
  // e-mail.
  unresolved(refusal: OpleadError): OpleadError {
    const named = fieldsIn(refusal);
    if (isOfOthers(refusal)) {
      // The next refusal of this kind costs no question.
      this.#state.waitedInVain.set(aboutOf(refusal), true);
      return refusal;
    }
    if (!named.every((name) => name === "accountNumber" || OF_ANOTHER_USER.has(name))) return refusal;
    // A refusal that names no field may have any cause, unless its status is that of duplicates.
    const { facts } = this.#state.transport.settings;
    const ofDuplicates = [409, knownFact(facts, "duplicateStatus")].includes(refusal.status);
    const isNamed = named.includes("accountNumber") && (ofDuplicates || named.length === 1);
    const isConflict = named.length === 0 ? ofDuplicates : isNamed;
    if (!isConflict && !this.#wasVouched) return refusal;
    const message =
      `${refusal.message} This contradicts the answer to PUT, which does not find a user with this account number: try ` +
      "again later. If it stays, look for a gateway that answers PUT, or for another user with the same login or e-mail.";
    return copyError(refusal, { message, retryable: true, contradictory: true });
  }

  #arrived(answer: Answer, identification: string | undefined): Written {
    const { transport, recentWrites, onlyInTests, creations } = this.#state;
    const { accountNumber } = this.#user;
    const { testMode } = this.#call;
    const isKnown = identification !== undefined && identification === this.#id;
    const user = written(answer, this.#call, {
      idField: transport.settings.idField,
      knownId: isKnown ? identification : testMode ? (identification ?? accountNumber ?? "") : undefined,
      accountNumber,
      identification,
    });
    const identifiers = accountNumber === undefined ? [user.id] : [user.id, accountNumber];
    const isNew = identification === undefined || this.#wasRefused || this.#wasInDoubt;
    for (const identifier of identifiers) {
      if (!testMode) recentWrites[isNew ? "note" : "noteUpdate"](identifier);
      else if (identification === undefined) onlyInTests.set(identifier, true);
      else onlyInTests.delete(identifier);
    }
    if (this.#wasRefused) this.#state.server.refusesDuplicates = true;
    if (accountNumber !== undefined && !testMode) creations.delete(accountNumber);
    return user;
  }

  // The parent's age is noted before the request, because the process can stand still until the answer is read.
  #noteParent(): void {
    const parent = this.#user.user.parentUserIdentifier;
    this.#isParentNew = parent !== undefined && this.#state.recentWrites.has(String(parent));
  }

  #suspectParent(answer: Answer): Suspicion | undefined {
    const { status, data, isOpleads } = answer;
    const parent = this.#user.user.parentUserIdentifier;
    if (parent === undefined || !isOpleads) return undefined;
    if (status !== 400 && status !== 404 && status !== 409 && status !== 422) return undefined;
    if (!this.#isParentNew && !this.#state.recentWrites.has(String(parent))) return undefined;
    const named = fieldsNamedIn(data);
    const about = `parent ${parent}`;
    if (named.includes("parentUserIdentifier")) return { budgetMs: LONG_MS, about };
    // A 409 without fields is the usual answer to a duplicate, so the parent is not suspected.
    return named.length === 0 && status !== 409 ? { budgetMs: SHORT_MS, about } : undefined;
  }

  // Time for a user of another process to appear: it may exist and not be visible yet.
  #rivalMs(refusal: OpleadError): number {
    if (refusal.retryable) return 0;
    const named = fieldsIn(refusal);
    if (this.#wasInDoubt || named.includes("accountNumber")) return LONG_MS;
    return isOfOthers(refusal) ? 0 : SHORT_MS;
  }

  // Time in which Oplead may still carry out a creation. Oplead's own 500 ends its work, but a replica may lag.
  #settleMs(creation: OpleadError): number {
    const { server, transport } = this.#state;
    if (server.refusesDuplicates) return 0;
    const { settleMs } = transport.settings;
    return creation.status === 500 && creation.fromOplead === true ? Math.min(SHORT_MS, settleMs) : settleMs;
  }
}

function fieldsIn({ issues = [] }: OpleadError): readonly string[] {
  return issues.map(({ path }) => path);
}

// No duplicate: the refusal names fields, and none that the package sends.
function isOfOthers(refusal: OpleadError): boolean {
  return refusal.status !== 409 && fieldsIn(refusal).length === 0 && otherNamesIn(refusal.body).length > 0;
}

function aboutOf(refusal: OpleadError): string {
  return `refused: ${[...fieldsIn(refusal), ...otherNamesIn(refusal.body)].join()}`;
}

// If a refusal names these fields without the account number, another user has the login or e-mail.
const OF_ANOTHER_USER = new Set(["login", "email"]);
