import { copyError, isOpleadError, type OpleadError } from "../base/errors.ts";
import { showIdentity } from "../base/redact.ts";
import type { Within } from "../transport/call.ts";
import { mayHaveActed } from "../transport/failures.ts";
import { accountNumberOf, type UserInput } from "../user/user.ts";
import type { Oplead, UpsertOptions, UpsertResult } from "./api.ts";
import { type CheckedUser, callOptions, checkInput, checkUpsert, checkUser } from "./check-input.ts";
import type { ClientState } from "./client-state.ts";
import { resultOf } from "./result.ts";
import { sendRules } from "./set-rules.ts";
import { NOT_ASKED, unknownFate, upsert } from "./upsert.ts";
import { UserRequests } from "./user-requests.ts";

/**
 * Makes sure that a user is in Oplead once, then sets its rules. `checked`: what `checkUser` said, if it was asked before.
 * `within`: see `Call`.
 */
export async function upsertUser(
  state: ClientState,
  given: UserInput,
  options: UpsertOptions = {},
  checked?: CheckedUser,
  within?: Within,
): Promise<UpsertResult> {
  const { id, rules } = options ?? {};
  const subject = accountNumberOf(given) ?? id;
  const call = state.transport.begin("upsertUser", callOptions(options, "id", "rules"), subject, within);
  const { toSend: user, issues } = checked ?? checkUser(given, state.transport.settings);
  const rulesToSend = checkUpsert(call, { toSend: user, issues }, { id, rules });
  return state.inTurn(user.accountNumber ?? id, call, async () => {
    const requests = new UserRequests(state, user, id, call);
    const { outcome, recovered, ...arrived } = await upsert(requests, id, user.accountNumber);
    try {
      const set = await sendRules(state, arrived.id, rulesToSend, call);
      return Object.assign(resultOf(arrived, call), { outcome, recovered, rules: set });
    } catch (error) {
      throw isOpleadError(error) ? afterWriting(error, outcome, arrived.id) : error;
    }
  });
}

/** The calls of a client that write users and their rules. */
export function openWrites(state: ClientState): Pick<Oplead, "upsertUser" | "createUser" | "updateUser" | "setRules"> {
  const { transport } = state;
  return {
    upsertUser: (given, options) => upsertUser(state, given, options),

    async createUser(given, options) {
      const call = transport.begin("createUser", callOptions(options), accountNumberOf(given));
      const { toSend: user, issues } = checkUser(given, state.transport.settings);
      checkInput(call, {}, issues);
      return state.inTurn(user.accountNumber, call, async () => {
        try {
          return resultOf(await new UserRequests(state, user, undefined, call).create(), call);
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
        // The probe saw that the answer has all of the user. One that lacks what was not sent shows a user that was replaced.
        const isShown = Object.keys(user.user).some((name) => name in arrived.user);
        const lost = isPart && isShown ? SHOWN.filter((name) => left.includes(name) && !(name in arrived.user)) : [];
        if (lost.length > 0)
          state.doubtFact("partialUpdate", `is true, and the user that got a part has no ${lost.join(", ")} any more`);
        return resultOf(arrived, call);
      });
    },

    async setRules(userIdentification, rules, options) {
      const call = transport.begin("setRules", callOptions(options), userIdentification);
      const toSend = checkInput(call, { userIdentification, rules });
      return state.inTurn(userIdentification, call, () => sendRules(state, userIdentification, toSend, call));
    },
  };
}

/** The fields by which a probe tells whether a platform takes a part of a user. */
const SHOWN = ["lastname", "login"] as const;

/** Says in an error of the rules that the user itself has arrived, so that its id is not lost. */
function afterWriting(error: OpleadError, outcome: string, id: string): OpleadError {
  const message = `${error.message}\n  The user itself was ${outcome} (id ${showIdentity(id)}).`;
  return copyError(error, { message, id });
}
