import { copyError, OpleadError } from "../core/errors.ts";

export interface Written {
  readonly id: string;
  // The user as in Oplead's answer.
  readonly user: Readonly<Record<string, unknown>>;
}

export interface Waits {
  next(): Promise<"ask" | "over" | "deadline">;
}

export interface UserCalls {
  // Resolves to undefined if the answer is 404.
  update(userIdentification: string): Promise<Written | undefined>;
  create(): Promise<Written>;
  // The error of an earlier creation that Oplead may still carry out.
  readonly doubt: OpleadError | undefined;
  // Whether an earlier call sent a creation whose outcome is unknown.
  readonly wasCreationLost: boolean;
  mayHaveActed(error: OpleadError): boolean;
  pausesAfter(creation: OpleadError): Waits;
  // Whether a refusal is about content, which no user that exists already explains.
  isOfContent(refusal: OpleadError): boolean;
  // Makes the error for a creation that was refused as a duplicate although no such user is found.
  unresolved(refusal: OpleadError): OpleadError;
  readonly attempts: number;
}

export interface Arrival extends Written {
  readonly outcome: "created" | "updated";
  // A later request showed that the lost creation had made the user.
  readonly recovered: boolean;
}

// The guide says: "try PUT with accountNumber; if the API returns 404, then proceed with POST". This function also
// handles a known id, another process that is first, and a creation with an unknown outcome.
export async function upsert(calls: UserCalls, id: string | undefined, accountNumber: string): Promise<Arrival> {
  const { wasCreationLost } = calls;
  for (const identification of [id, accountNumber]) {
    if (identification === undefined) continue;
    const updated = await calls.update(identification);
    // Oplead did not know the account number before, so the lost creation made the user.
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

    if (posted.code === "aborted" || (!doubt && isRefusal(posted) && calls.isOfContent(posted))) throw posted;
    if (isRefusal(posted)) {
      // The user was made by another process or a late attempt, or its content is refused: only a PUT can tell which.
      const found = await ask(calls, accountNumber, posted);
      if (!found) throw calls.unresolved(posted);
      return { outcome: doubt ? "created" : "updated", recovered: doubt !== undefined, ...found };
    }
    if (!calls.mayHaveActed(posted)) throw posted;
    doubt = posted;
  }
}

// Asks for the user as long as it may still appear. After a refusal, it asks at once.
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

// Each of these statuses may mean a duplicate.
export function isRefusal(error: unknown): error is OpleadError {
  if (!(error instanceof OpleadError) || error.code === "unexpected_response") return false;
  return error.status === 400 || error.status === 409 || error.status === 422;
}

export const NOT_ASKED = "createUser does not ask. upsertUser with the same accountNumber does, and is safe now";

// The call that gets this error is safe to repeat with an account number.
export function unknownFate(post: OpleadError, why: string, cause: unknown = post): OpleadError {
  return copyError(post, {
    code: "ambiguous_creation",
    message: `${post.message} The user may or may not have been created: ${why}.`,
    requests: cause instanceof OpleadError ? cause.requests : undefined,
    retryable: why !== NOT_ASKED,
    cause,
  });
}

async function outcomeOf(creation: Promise<Written>): Promise<Written | OpleadError> {
  try {
    return await creation;
  } catch (error) {
    if (error instanceof OpleadError) return error;
    throw error;
  }
}
