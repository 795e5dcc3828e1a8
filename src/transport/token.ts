import { OpleadError } from "../errors.ts";
import type { TokenSource } from "../options.ts";
import { safeCause } from "../redact.ts";
import { tokenProblem } from "../settings.ts";

/** The token, asked for once and kept until the server refuses it. Everybody who needs it meanwhile shares one question. */
export class TokenHolder {
  readonly #source: TokenSource;
  #token: string | undefined;
  #asking: Promise<string> | undefined;

  constructor(source: TokenSource) {
    this.#source = source;
    if (typeof source === "string") this.#token = source;
  }

  get(): string | Promise<string> {
    return this.#token ?? this.#ask();
  }

  /** After a 401 with this token: another one, if there is another one. */
  async renewed(refused: string): Promise<string | undefined> {
    if (typeof this.#source === "string") return undefined;
    // Another call may have asked already.
    if (this.#token === refused) this.#token = undefined;
    const token = await this.get();
    return token === refused ? undefined : token;
  }

  /** Somebody waited in vain. Who comes next asks a new question, so that one that is never answered blocks nobody. */
  giveUp(): void {
    this.#asking = undefined;
  }

  #ask(): Promise<string> {
    if (this.#asking) return this.#asking;
    const asking = this.#callSource().finally(() => {
      if (this.#asking === asking) this.#asking = undefined;
    });
    this.#asking = asking;
    return asking;
  }

  async #callSource(): Promise<string> {
    let token: unknown;
    try {
      token = typeof this.#source === "function" ? await this.#source() : this.#source;
    } catch (error) {
      throw new OpleadError("unauthorized", "the token function failed, so there is no token to send.", {
        cause: safeCause(error),
        retryable: true,
      });
    }
    const wrong = tokenProblem(token);
    if (wrong) throw new OpleadError("unauthorized", `the token function gave a token that ${wrong}.`);
    this.#token = token as string;
    return this.#token;
  }
}
