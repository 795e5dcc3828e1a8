import { missingId, userOf } from "../contract/answers.ts";
import { copyError, type FailedStep, type OpleadError, type SentResult } from "../core/errors.ts";
import { showIdentity } from "../core/redact.ts";
import { isObject } from "../core/values.ts";
import { type Answer, errorOf, saysNoContent, unexpected } from "../transport/answer.ts";
import type { Call } from "../transport/call.ts";
import type { Written } from "./upsert.ts";

interface Sent {
  readonly idField: string;
  // The id that is used if the answer has none.
  readonly knownId: string | undefined;
  readonly accountNumber: string | undefined;
  readonly identification?: string | undefined;
}

// Reads the answer to a user write. 204 is a success if the id is known; any other success must hold a user, and not a
// different one.
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
      `Oplead wrote to a user with another accountNumber. The identification ${showIdentity(String(sent.identification))} ` +
      "belongs to that user, whose data may be overwritten now: correct that user in Oplead. The id was probably " +
      "kept from another platform";
    const error = copyError(unexpected(answer, call, what), { retryable: false });
    throw Object.defineProperty(error, ANOTHER_USER, { value: true });
  }
  return { id, user };
}

// Marks updates that reached the wrong user. `Symbol.for`: the package may be loaded twice, as ESM and CommonJS.
const ANOTHER_USER = Symbol.for("oplead-sdk.anotherUser");

// If true, the id or account number must not be used for this user again.
export function belongsToAnother(error: OpleadError): boolean {
  return ANOTHER_USER in error;
}

// Only a clear difference counts, because a server may answer with a number, or change case and white space.
function isAnother(answered: unknown, { accountNumber, identification }: Sent): boolean {
  if (identification === undefined || accountNumber === undefined) return false;
  // An update by account number reaches the right user, unless its digits are another user's Oplead ID.
  if (identification === accountNumber && !/^\d+$/.test(accountNumber)) return false;
  if (typeof answered !== "string" && typeof answered !== "number") return false;
  const plain = (value: string | number): string => {
    const text = String(value).trim().toLowerCase();
    return typeof answered === "number" ? text.replace(/^0+(?=\d)/, "") : text;
  };
  return plain(answered) !== plain(accountNumber) && plain(answered) !== plain(identification);
}

type Steps = Pick<SentResult, "accountNumber" | "id" | "applied"> &
  Partial<Pick<SentResult, "isNew" | "unverifiable" | "notSent" | "recovered">>;

export function resultOf<Of extends SentResult["outcome"], AccountNumber extends string | undefined>(
  { testMode, requests, requestIds, mayComeLate }: Call,
  outcome: Of,
  steps: Omit<Steps, "accountNumber"> & { readonly accountNumber: AccountNumber },
  failed: readonly FailedStep[] = [],
): SentResult<Of, AccountNumber> {
  const { accountNumber, id, isNew = outcome === "created", applied } = steps;
  const { unverifiable = [], notSent = [], recovered = false } = steps;
  const result = {
    accountNumber,
    outcome,
    id,
    isNew,
    applied,
    unverifiable,
    failed,
    notSent,
    held: [],
    recovered,
    testMode,
    requests,
    requestIds: [...requestIds],
    inDoubt: mayComeLate,
  };
  return result as unknown as SentResult<Of, AccountNumber>; // Safe: only a result that failed has failed steps.
}
