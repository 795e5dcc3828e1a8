import { OpleadError } from "../errors.ts";

/** A user that Oplead has accepted. */
export interface Written {
  readonly id: string;
  /** What Oplead answered. */
  readonly user: Readonly<Record<string, unknown>>;
}

/** The two things that can be done to a user, as the state machine below sees them. */
export interface UserSteps {
  /** PUT. Undefined where Oplead does not know the identification (404). */
  update(userIdentification: string): Promise<Written | undefined>;
  /** POST. Throws where it failed, and where nobody knows whether it did. */
  create(): Promise<Written>;
  /** Whether the server may have acted on a request that ended with this error. */
  mayHaveActed(error: OpleadError): boolean;
  /** Waits before the question whether a creation arrived; false when there is no time left to ask. */
  pause(attempt: number): Promise<boolean>;
  /** How often a creation is tried at most. */
  readonly attempts: number;
}

/** How a user arrived. */
export interface Arrival extends Written {
  readonly outcome: "created" | "updated";
  /** True when the answer to the creation was lost and asking showed that it had happened. */
  readonly recovered: boolean;
}

/**
 * The guide's "try PUT with accountNumber; if the API returns 404, then proceed with POST", and what it leaves open:
 * the id that may be known, the race that may be lost, and the creation of which nobody knows whether it happened.
 */
export async function upsert(
  steps: UserSteps,
  id: string | undefined,
  accountNumber: string | undefined,
): Promise<Arrival> {
  for (const identification of [id, accountNumber]) {
    if (identification === undefined) continue;
    const updated = await steps.update(identification);
    if (updated) return { outcome: "updated", recovered: false, ...updated };
  }
  return create(steps, accountNumber);
}

async function create(steps: UserSteps, accountNumber: string | undefined): Promise<Arrival> {
  let mayBeOurs = false;
  for (let attempt = 1; ; attempt += 1) {
    const posted = await settled(steps.create());
    if (!(posted instanceof OpleadError)) return { outcome: "created", recovered: false, ...posted };
    const failure = posted;
    const ambiguous = steps.mayHaveActed(failure);

    if (failure.code === "aborted") throw failure;
    if (accountNumber === undefined) throw ambiguous ? unknownFate(failure, NO_ACCOUNT_NUMBER) : failure;

    if (isRefusal(failure)) {
      // Either the user is there by now, made by somebody else or by an attempt of ours that arrived late, or it is
      // really refused. Only asking tells.
      const found = await steps.update(accountNumber).catch((error: unknown) => {
        throw isRefusal(error) ? failure : error;
      });
      if (!found) throw failure;
      return { outcome: mayBeOurs ? "created" : "updated", recovered: mayBeOurs, ...found };
    }
    if (!ambiguous) throw failure;

    mayBeOurs = true;
    // The pause gives a request that is still on its way time to arrive before it is asked for.
    if (!(await steps.pause(attempt))) throw unknownFate(failure, "there was no time left to ask");
    const found = await steps.update(accountNumber).catch((error: unknown) => {
      if (error instanceof OpleadError && error.code === "aborted") throw error;
      throw unknownFate(failure, "asking for the user failed too", error);
    });
    if (found) return { outcome: "created", recovered: true, ...found };
    if (attempt >= steps.attempts) throw failure;
  }
}

/** Oplead read the request and said no: 400, 409 or 422. A duplicate may be answered with any of them. */
function isRefusal(error: unknown): boolean {
  return error instanceof OpleadError && error.status !== undefined && [400, 409, 422].includes(error.status);
}

const NO_ACCOUNT_NUMBER =
  "without an accountNumber there is no way to ask. Look for the user in Oplead before you repeat this, and give " +
  "users an accountNumber";

/** Why a creation's fate is unknown when nobody asked. */
export const NOT_ASKED = "createUser does not ask. upsertUser with the same accountNumber does, and is safe now";

/** What is thrown in place of a guess. Repeating is safe where there is an account number to ask by. */
export function unknownFate(post: OpleadError, why: string, cause: unknown = post): OpleadError {
  return new OpleadError("ambiguous_creation", `${post.message} The user may or may not have been created: ${why}.`, {
    operation: post.operation,
    status: post.status,
    requestId: post.requestId,
    attempts: (cause instanceof OpleadError ? cause.attempts : undefined) ?? post.attempts,
    testMode: post.testMode,
    retryable: why !== NO_ACCOUNT_NUMBER && why !== NOT_ASKED,
    body: post.body,
    cause,
  });
}

/** The error as a value, so that the machine above reads as a sequence. */
async function settled(step: Promise<Written>): Promise<Written | OpleadError> {
  try {
    return await step;
  } catch (error) {
    if (error instanceof OpleadError) return error;
    throw error;
  }
}
