import { copyError, OpleadError } from "../core/errors.ts";

/** A user that Oplead has accepted. */
export interface Written {
  readonly id: string;
  /** Oplead's answer. */
  readonly user: Readonly<Record<string, unknown>>;
}

/** Pauses between questions: whether to ask now, or why not to ask any more. */
export interface Waits {
  next(): Promise<"ask" | "over" | "deadline">;
}

/** The steps that the state machine below can take. */
export interface UserCalls {
  /** PUT. Undefined where Oplead does not know the identification (404). */
  update(userIdentification: string): Promise<Written | undefined>;
  /** POST. Throws when it failed, and when its outcome is unknown. */
  create(): Promise<Written>;
  /** A creation in an earlier call whose outcome is still unknown. */
  readonly doubt: OpleadError | undefined;
  /** Whether the server may have acted on a request that ended with this error. */
  mayHaveActed(error: OpleadError): boolean;
  /** The pauses between questions for the user after a creation that ended like this. */
  pausesAfter(creation: OpleadError): Waits;
  /** The error for a creation that was refused, though the user is not found. */
  unresolved(refusal: OpleadError): OpleadError;
  /** Maximum creation attempts. */
  readonly attempts: number;
}

/** How a user arrived. */
export interface Arrival extends Written {
  readonly outcome: "created" | "updated";
  /** True when the answer to the creation was lost and asking showed that it had happened. */
  readonly recovered: boolean;
}

/**
 * The guide's "try PUT with accountNumber; if the API returns 404, then proceed with POST", and the cases that it leaves open:
 * an id that is known, a race that is lost, and a creation whose outcome is unknown.
 */
export async function upsert(
  calls: UserCalls,
  id: string | undefined,
  accountNumber: string | undefined,
): Promise<Arrival> {
  for (const identification of [id, accountNumber]) {
    if (identification === undefined) continue;
    const updated = await calls.update(identification);
    if (updated) return { outcome: "updated", recovered: false, ...updated };
  }
  return create(calls, accountNumber);
}

async function create(calls: UserCalls, accountNumber: string | undefined): Promise<Arrival> {
  let doubt = calls.doubt;
  for (let attempt = 1; ; attempt += 1) {
    if (doubt && accountNumber !== undefined) {
      const found = await ask(calls, accountNumber, doubt);
      if (found) return { outcome: "created", recovered: true, ...found };
      if (attempt > calls.attempts) throw doubt;
    }
    const posted = await outcomeOf(calls.create());
    if (!(posted instanceof OpleadError)) return { outcome: "created", recovered: false, ...posted };

    if (posted.code === "aborted") throw posted;
    const ambiguous = calls.mayHaveActed(posted);
    if (accountNumber === undefined) throw ambiguous ? unknownFate(posted, NO_ACCOUNT_NUMBER) : posted;
    if (isRefusal(posted)) {
      // Either the user exists by now, because a rival or a late attempt of ours created it, or it is really refused. Only
      // asking tells.
      const found = await ask(calls, accountNumber, posted);
      if (!found) throw calls.unresolved(posted);
      return { outcome: doubt ? "created" : "updated", recovered: doubt !== undefined, ...found };
    }
    if (!ambiguous) throw posted;
    doubt = posted;
  }
}

/** Asks with PUT whether a user is there after a creation that failed, as long as it may appear: at once after a refusal. */
async function ask(calls: UserCalls, accountNumber: string, creation: OpleadError): Promise<Written | undefined> {
  const refused = isRefusal(creation);
  const pauses = calls.pausesAfter(creation);
  for (let atOnce = refused; ; atOnce = false) {
    const pause = atOnce ? "ask" : await pauses.next();
    if (pause === "deadline" && !refused) throw unknownFate(creation, "there was no time left to ask");
    if (pause !== "ask") return undefined;
    const found = await calls.update(accountNumber).catch((error: unknown) => {
      if (refused) throw isRefusal(error) ? creation : error;
      if (error instanceof OpleadError && error.code === "aborted") throw error;
      throw unknownFate(creation, "asking for the user failed too", error);
    });
    if (found) return found;
  }
}

/** Oplead read the request and said no: 400, 409 or 422. A duplicate may be answered with any of them. */
export function isRefusal(error: unknown): error is OpleadError {
  if (!(error instanceof OpleadError) || error.code === "unexpected_response") return false;
  return error.status === 400 || error.status === 409 || error.status === 422;
}

const NO_ACCOUNT_NUMBER =
  "without an accountNumber there is no way to ask. Look for the user in Oplead before you repeat this, and give " +
  "users an accountNumber";

/** Why the outcome of a creation stays unknown if the call does not ask. */
export const NOT_ASKED = "createUser does not ask. upsertUser with the same accountNumber does, and is safe now";

/** The error in place of a guess. Repeating is safe where there is an account number to ask by. */
export function unknownFate(post: OpleadError, why: string, cause: unknown = post): OpleadError {
  return copyError(post, {
    code: "ambiguous_creation",
    message: `${post.message} The user may or may not have been created: ${why}.`,
    attempts: cause instanceof OpleadError ? cause.attempts : undefined,
    retryable: why !== NO_ACCOUNT_NUMBER && why !== NOT_ASKED,
    cause,
  });
}

/** The error as a value, so that the machine above reads as a sequence. */
async function outcomeOf(creation: Promise<Written>): Promise<Written | OpleadError> {
  try {
    return await creation;
  } catch (error) {
    if (error instanceof OpleadError) return error;
    throw error;
  }
}
