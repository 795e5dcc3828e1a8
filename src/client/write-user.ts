import { copyError, isOpleadError, type OpleadError } from "../base/errors.ts";
import { showIdentity } from "../base/redact.ts";
import { mayHaveActed } from "../transport/failures.ts";
import { accountNumberOf, type UserInput } from "../user/user.ts";
import type { Oplead, UpsertOptions, UpsertResult } from "./api.ts";
import { type CheckedUser, callOptions, checkInput, checkUpsert, checkUser } from "./check-input.ts";
import { resultOf } from "./result.ts";
import type { Session } from "./session.ts";
import { sendRules } from "./set-rules.ts";
import { NOT_ASKED, unknownFate, upsert } from "./upsert.ts";
import { UserRequests } from "./user-requests.ts";

/** Makes sure that a user is in Oplead once, then sets its rules. `checked`: what `checkUser` said, if it was asked before. */
export async function upsertUser(
  session: Session,
  given: UserInput,
  options: UpsertOptions = {},
  checked?: CheckedUser,
): Promise<UpsertResult> {
  const { id, rules } = options ?? {};
  const call = session.transport.begin("upsertUser", callOptions(options, "id", "rules"), accountNumberOf(given) ?? id);
  const { toSend: user, issues } = checked ?? checkUser(given);
  const rulesToSend = checkUpsert(call, { toSend: user, issues }, { id, rules });
  return session.inTurn(user.accountNumber ?? id, call, async () => {
    const requests = new UserRequests(session, user, id, call);
    const { outcome, recovered, ...arrived } = await upsert(requests, id, user.accountNumber);
    try {
      const set = await sendRules(session, arrived.id, rulesToSend, call);
      return Object.assign(resultOf(arrived, call), { outcome, recovered, rules: set });
    } catch (error) {
      throw isOpleadError(error) ? afterWriting(error, outcome, arrived.id) : error;
    }
  });
}

/** The calls of a client that write users and their rules. */
export function openWrites(session: Session): Pick<Oplead, "upsertUser" | "createUser" | "updateUser" | "setRules"> {
  const { transport } = session;
  return {
    upsertUser: (given, options) => upsertUser(session, given, options),

    async createUser(given, options) {
      const call = transport.begin("createUser", callOptions(options), accountNumberOf(given));
      const { toSend: user, issues } = checkUser(given);
      checkInput(call, {}, issues);
      return session.inTurn(user.accountNumber, call, async () => {
        try {
          return resultOf(await new UserRequests(session, user, undefined, call).create(), call);
        } catch (error) {
          const isLost = isOpleadError(error) && error.code !== "aborted" && mayHaveActed(error);
          throw isLost ? unknownFate(error, NOT_ASKED) : error;
        }
      });
    },

    async updateUser(userIdentification, given, options) {
      const call = transport.begin("updateUser", callOptions(options), accountNumberOf(given) ?? userIdentification);
      const { toSend: user, issues } = checkUser(given);
      checkInput(call, { userIdentification }, issues);
      return session.inTurn(user.accountNumber ?? userIdentification, call, async () => {
        const requests = new UserRequests(session, user, undefined, call);
        return resultOf(await requests.updateExisting(userIdentification), call);
      });
    },

    async setRules(userIdentification, rules, options) {
      const call = transport.begin("setRules", callOptions(options), userIdentification);
      const toSend = checkInput(call, { userIdentification, rules });
      return session.inTurn(userIdentification, call, () => sendRules(session, userIdentification, toSend, call));
    },
  };
}

/** Says in an error of the rules that the user itself has arrived, so that its id is not lost. */
function afterWriting(error: OpleadError, outcome: string, id: string): OpleadError {
  const message = `${error.message}\n  The user itself was ${outcome} (id ${showIdentity(id)}).`;
  return copyError(error, { message, id });
}
