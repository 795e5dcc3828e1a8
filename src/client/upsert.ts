import { copyError, OpleadError } from "../core/errors.ts";

export interface Written {
  readonly id: string;
  // As in Oplead's answer.
  readonly user: Readonly<Record<string, unknown>>;
}

export interface Waits {
  next(): Promise<"ask" | "over" | "deadline">;
}

export interface UserCalls {
  // Undefined for 404.
  update(userIdentification: string): Promise<Written | undefined>;
  create(): Promise<Written>;
  // Of an earlier call, if Oplead may still carry it out.
  readonly doubt: OpleadError | undefined;
  // By an earlier call.
  readonly wasCreationLost: boolean;
  mayHaveActed(error: OpleadError): boolean;
  pausesAfter(creation: OpleadError): Waits;
  // Refused as a duplicate, although no such user is found.
  unresolved(refusal: OpleadError): OpleadError;
  readonly attempts: number;
}

export interface Arrival extends Written {
  readonly outcome: "created" | "updated";
  // A later request showed that the lost creation had made the user.
  readonly recovered: boolean;
}

// The guide: "try PUT with accountNumber; if the API returns 404, then proceed with POST". Also: the id is known,
// another process is first, or the outcome of the creation is unknown.
export async function upsert(calls: UserCalls, id: string | undefined, accountNumber: string): Promise<Arrival> {
  const { wasCreationLost } = calls;
  for (const identification of [id, accountNumber]) {
    if (identification === undefined) continue;
    const updated = await calls.update(identification);
    // Unknown to Oplead before, so the lost creation made it.
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
      // Made by another process or a late attempt, or its content is refused: only a PUT can tell.
      const found = await ask(calls, accountNumber, posted);
      if (!found) throw calls.unresolved(posted);
      return { outcome: doubt ? "created" : "updated", recovered: doubt !== undefined, ...found };
    }
    if (!calls.mayHaveActed(posted)) throw posted;
    doubt = posted;
  }
}

// As long as the user may still appear. After a refusal at once.
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

// Any of these may mean a duplicate.
export function isRefusal(error: unknown): error is OpleadError {
  if (!(error instanceof OpleadError) || error.code === "unexpected_response") return false;
  return error.status === 400 || error.status === 409 || error.status === 422;
}

export const NOT_ASKED = "createUser does not ask. upsertUser with the same accountNumber does, and is safe now";

// Safe to repeat with an account number.
export function unknownFate(post: OpleadError, why: string, cause: unknown = post): OpleadError {
  return copyError(post, {
    code: "ambiguous_creation",
    message: `${post.message} The user may or may not have been created: ${why}.`,
    attempts: cause instanceof OpleadError ? cause.attempts : undefined,
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
