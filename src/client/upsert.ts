import { copyError, OpleadError } from "../core/errors.ts";

/** A user that Oplead has accepted. */
export interface Written {
  readonly id: string;
  /** The user as Oplead's answer has it. */
  readonly user: Readonly<Record<string, unknown>>;
}

/**
 * The pauses between requests that ask whether a user exists. `next` waits for a pause, and says whether to ask now or
 * why to stop.
 */
export interface Waits {
  next(): Promise<"ask" | "over" | "deadline">;
}

/** The requests and facts that {@link upsert} uses. */
export interface UserCalls {
  /** Sends a PUT. Undefined if Oplead does not know the identification (404). */
  update(userIdentification: string): Promise<Written | undefined>;
  /** Sends a POST. Throws if it failed or if its outcome is unknown. */
  create(): Promise<Written>;
  /**
   * The error of a creation that an earlier call sent, if its outcome is still unknown and Oplead may still carry it
   * out.
   */
  readonly doubt: OpleadError | undefined;
  /** Whether an earlier call sent a creation of this user whose outcome is still unknown. */
  readonly wasCreationLost: boolean;
  /** Whether the server may have acted on a request that ended with this error. */
  mayHaveActed(error: OpleadError): boolean;
  /** The pauses between requests that ask for the user, after a creation that ended with this error. */
  pausesAfter(creation: OpleadError): Waits;
  /** The error for a creation that was refused as a duplicate although no user with the account number is found. */
  unresolved(refusal: OpleadError): OpleadError;
  /** Maximum creation attempts. */
  readonly attempts: number;
}

/** A user that was written, and whether it was created or updated. */
export interface Arrival extends Written {
  readonly outcome: "created" | "updated";
  /** True if no answer to the creation came, and a later request showed that Oplead had created the user. */
  readonly recovered: boolean;
}

/**
 * Does what the guide says: "try PUT with accountNumber; if the API returns 404, then proceed with POST". Handles
 * three more cases: the id is known, another process creates the user first, or the outcome of the creation is
 * unknown.
 */
export async function upsert(calls: UserCalls, id: string | undefined, accountNumber: string): Promise<Arrival> {
  const { wasCreationLost } = calls;
  for (const identification of [id, accountNumber]) {
    if (identification === undefined) continue;
    const updated = await calls.update(identification);
    // Oplead did not know the user before the lost creation was sent, so that creation made the user.
    const recovered = wasCreationLost && identification === accountNumber;
    if (updated) return { outcome: recovered ? "created" : "updated", recovered, ...updated };
  }
  return create(calls, accountNumber);
}

async function create(calls: UserCalls, accountNumber: string): Promise<Arrival> {
  let doubt = calls.doubt;
  for (let attempt = 1; ; attempt += 1) {
    if (doubt) {
      const found = await ask(calls, accountNumber, doubt);
      if (found) return { outcome: "created", recovered: true, ...found };
      if (attempt > calls.attempts) throw doubt;
    }
    const posted = await outcomeOf(calls.create());
    if (!(posted instanceof OpleadError)) return { outcome: "created", recovered: false, ...posted };

    if (posted.code === "aborted") throw posted;
    if (isRefusal(posted)) {
      // Either the user exists by now, because another process or a late attempt of this process created it, or Oplead
      // refuses the content of the user. Only a further PUT can tell.
      const found = await ask(calls, accountNumber, posted);
      if (!found) throw calls.unresolved(posted);
      return { outcome: doubt ? "created" : "updated", recovered: doubt !== undefined, ...found };
    }
    if (!calls.mayHaveActed(posted)) throw posted;
    doubt = posted;
  }
}

/**
 * After a creation that failed, asks with PUT whether the user exists, again and again as long as it may still appear.
 * After a refusal the first question is sent at once.
 */
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

/** Whether Oplead read the request and refused it: 400, 409 or 422. Oplead may answer a duplicate with any of these. */
export function isRefusal(error: unknown): error is OpleadError {
  if (!(error instanceof OpleadError) || error.code === "unexpected_response") return false;
  return error.status === 400 || error.status === 409 || error.status === 422;
}

/** The end of the error message if the outcome of a creation is unknown and the call is `createUser`. */
export const NOT_ASKED = "createUser does not ask. upsertUser with the same accountNumber does, and is safe now";

/**
 * The error that says that the outcome of a creation is unknown. Repeating the call is safe if the user has an account
 * number, by which it can be found.
 */
export function unknownFate(post: OpleadError, why: string, cause: unknown = post): OpleadError {
  return copyError(post, {
    code: "ambiguous_creation",
    message: `${post.message} The user may or may not have been created: ${why}.`,
    attempts: cause instanceof OpleadError ? cause.attempts : undefined,
    retryable: why !== NOT_ASKED,
    cause,
  });
}

/** Returns an error instead of throwing it, so that {@link upsert} needs no try blocks. */
async function outcomeOf(creation: Promise<Written>): Promise<Written | OpleadError> {
  try {
    return await creation;
  } catch (error) {
    if (error instanceof OpleadError) return error;
    throw error;
  }
}
