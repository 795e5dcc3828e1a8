import { missingId, userOf } from "../contract/answers.ts";
import { copyError, type OpleadError } from "../core/errors.ts";
import { showIdentity } from "../core/redact.ts";
import { isObject } from "../core/values.ts";
import { type Answer, errorOf, saysNoContent, unexpected } from "../transport/answer.ts";
import type { Call } from "../transport/call.ts";
import type { WriteResult } from "./api.ts";
import type { Written } from "./upsert.ts";

/** Facts about a request that wrote a user. Its answer is read with them. */
interface Sent {
  readonly idField: string;
  /** The id to use if the answer has none. */
  readonly knownId: string | undefined;
  readonly accountNumber: string | undefined;
  /** The id or account number by which an update addressed its user. */
  readonly identification?: string | undefined;
}

/**
 * The user in an answer to a write. 204 (no content) is a success where the id is known; any other success must hold a user.
 *
 * @throws {@link OpleadError} for a failure, and `unexpected_response` for a success that cannot be true.
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

// Registered, not unique to this file: an application may load the package twice, as ESM and as CommonJS.
const ANOTHER_USER = Symbol.for("oplead-sdk.anotherUser");

/** Whether an update failed because its identification belongs to another user, so that it must not be used again. */
export function belongsToAnother(error: OpleadError): boolean {
  return ANOTHER_USER in error;
}

/** Only a clear difference counts: a server may answer a number, or change case and white space. */
function isAnother(answered: unknown, { accountNumber, identification }: Sent): boolean {
  if (identification === undefined || accountNumber === undefined) return false;
  // An account number addresses its own user, unless it consists of digits and could be the id of another one.
  if (identification === accountNumber && !/^\d+$/.test(accountNumber)) return false;
  if (typeof answered !== "string" && typeof answered !== "number") return false;
  const plain = (value: string | number): string => {
    const text = String(value).trim().toLowerCase();
    return typeof answered === "number" ? text.replace(/^0+(?=\d)/, "") : text;
  };
  return plain(answered) !== plain(accountNumber) && plain(answered) !== plain(identification);
}

/** A result that can be printed: the user's own data is there for a program that reads it by name. */
export function resultOf({ id, user }: Written, { testMode, requests, requestIds, mayComeLate }: Call): WriteResult {
  const shown: Omit<WriteResult, "user"> = {
    id,
    testMode,
    requests,
    requestIds: [...requestIds],
    inDoubt: mayComeLate,
  };
  // A getter, because inspecting shows values, also hidden ones.
  return Object.defineProperty(shown, "user", { get: () => user }) as WriteResult;
}
