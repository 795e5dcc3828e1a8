import { missingId, userOf } from "../contract/answers.ts";
import { copyError, type OpleadError } from "../core/errors.ts";
import { showIdentity } from "../core/redact.ts";
import { isObject } from "../core/values.ts";
import { type Answer, errorOf, saysNoContent, unexpected } from "../transport/answer.ts";
import type { Call } from "../transport/call.ts";
import type { WriteResult } from "./api.ts";
import type { Written } from "./upsert.ts";

/** The facts about a request to write a user that are needed to read its answer. */
interface Sent {
  readonly idField: string;
  /** The Oplead ID of the user, if the caller knows it. It is used if the answer has no id. */
  readonly knownId: string | undefined;
  readonly accountNumber: string | undefined;
  /** The id or account number in the path of an update. */
  readonly identification?: string | undefined;
}

/**
 * The user in an answer to a write. 204 (no content) is a success if the user's id is known; any other success must
 * hold a user.
 *
 * @throws {@link OpleadError} for a failure; `unexpected_response` for a success without a usable id, or with the
 * account number of a different user.
 */
export function written(answer: Answer, call: Call, sent: Sent): Written {
  const failure = errorOf(answer, call);
  if (failure) throw failure;
  if (!isObject(answer.data) && !saysNoContent(answer)) {
    throw unexpected(answer, call, "Oplead answered with success, but without a user");
  }
  const { id = sent.knownId, problem, user } = userOf(answer, sent.idField);
  if (problem !== undefined) {
    throw unexpected(answer, call, `Oplead accepted the user, but its \`${sent.idField}\` in the answer ${problem}`);
  }
  if (id === undefined) {
    throw unexpected(answer, call, `Oplead accepted the user, but ${missingId(answer, sent.idField)}`);
  }
  if (isAnother(user.accountNumber, sent)) {
    const what =
      `Oplead wrote to a user with another accountNumber. The identification ${showIdentity(sent.identification ?? "")} ` +
      "belongs to that user, whose data may be overwritten now: correct that user in Oplead. The id was probably " +
      "kept from another platform";
    const error = copyError(unexpected(answer, call, what), { retryable: false });
    throw Object.defineProperty(error, ANOTHER_USER, { value: true });
  }
  return { id, user };
}

// Marks errors of updates that reached the wrong user. `Symbol.for`, because an application may load the package twice,
// as ESM and as CommonJS.
const ANOTHER_USER = Symbol.for("oplead-sdk.anotherUser");

/**
 * Whether an update failed because the id or account number in its path belongs to a different user. The id or account
 * number must not be used for this user again.
 */
export function belongsToAnother(error: OpleadError): boolean {
  return ANOTHER_USER in error;
}

/**
 * Whether the account number in an answer belongs to a different user. Only a clear difference counts: the server may
 * answer with a number, or change case and white space.
 */
function isAnother(answered: unknown, { accountNumber, identification }: Sent): boolean {
  if (identification === undefined || accountNumber === undefined) return false;
  // An update by account number reaches the right user, unless the account number consists of digits and is the Oplead
  // ID of a different user.
  if (identification === accountNumber && !/^\d+$/.test(accountNumber)) return false;
  if (typeof answered !== "string" && typeof answered !== "number") return false;
  const plain = (value: string | number): string => {
    const text = String(value).trim().toLowerCase();
    return typeof answered === "number" ? text.replace(/^0+(?=\d)/, "") : text;
  };
  return plain(answered) !== plain(accountNumber) && plain(answered) !== plain(identification);
}

/** A result that can be printed without showing personal data: a program can read `user`, but it is not enumerable. */
export function resultOf({ id, user }: Written, { testMode, requests, requestIds, mayComeLate }: Call): WriteResult {
  const shown: Omit<WriteResult, "user"> = {
    id,
    testMode,
    requests,
    requestIds: [...requestIds],
    inDoubt: mayComeLate,
  };
  // The user is behind a getter, because `util.inspect` can show the value of a hidden field, but does not call a
  // getter.
  return Object.defineProperty(shown, "user", { get: () => user }) as WriteResult;
}
