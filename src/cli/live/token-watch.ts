import { isOpleadError, type Oplead, type OpleadErrorCode, type OpleadHooks } from "oplead-sdk";
import { CommandError } from "../exit.ts";

/** How long an answer shows that Oplead takes the token. */
const GOOD_MS = 300_000;
/** How often Oplead is asked while it does not take the token, or gives no answer that tells. */
const BAD_MS = 30_000;
/** Less than a check may take: an Oplead that is slow says nothing about the token. */
const TOKEN_CHECK_MS = 2_000;

/**
 * Whether Oplead takes the token, judged by the last answer to this process, whatever was asked. Without one that is recent, Oplead is
 * asked for its countries. A 403 may be about what was asked, and an outage says nothing about the token.
 */
export class TokenWatch {
  readonly #now: () => number;
  #problem: OpleadErrorCode | undefined;
  #knownUntil = Number.NEGATIVE_INFINITY;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** To be given to the client. */
  readonly hooks: OpleadHooks = {
    around: async ({ kind }, next) => {
      const { status = 500, error } = await next();
      if (kind === "call" && error?.code === "token_unavailable") this.#learn(error.code);
      if (kind !== "attempt" || status >= 429) return;
      this.#learn(status === 401 ? "unauthorized" : undefined);
    },
  };

  /** @throws an error with the code `unauthorized` or `token_unavailable`. */
  async check(oplead: Oplead): Promise<void> {
    if (this.#now() > this.#knownUntil) {
      this.#knownUntil = this.#now() + BAD_MS; // if no answer tells
      await oplead.listCountries({ refresh: true, retry: false, deadlineMs: TOKEN_CHECK_MS }).catch((error) => {
        if (!isOpleadError(error)) throw error;
      });
    }
    if (this.#problem) throw new CommandError(this.#problem, "Oplead does not take the token, or there is none.");
  }

  #learn(problem: OpleadErrorCode | undefined): void {
    this.#problem = problem;
    this.#knownUntil = this.#now() + (problem ? BAD_MS : GOOD_MS);
  }
}
