import { OpleadError } from "../base/errors.ts";
import { safeCause, withoutTokens } from "../base/redact.ts";
import type { TokenSource } from "../options.ts";
import { tokenProblem } from "../settings.ts";

/** The token, asked for once and kept until the server refuses it. All calls that need it meanwhile share one question. */
export class TokenHolder {
  readonly #source: TokenSource;
  #token: string | undefined;
  /** Tokens that the source gave lately: an error of its may quote them. */
  readonly #given = new Set<string>();
  #asking: Promise<string> | undefined;

  constructor(source: TokenSource) {
    this.#source = source;
    if (typeof source === "string") this.#token = source;
  }

  get(): string | Promise<string> {
    return this.#token ?? this.#asking ?? this.#ask();
  }

  /** After a 401 with this token: another one, if there is another one. */
  async renewed(refused: string): Promise<string | undefined> {
    if (typeof this.#source === "string") return undefined;
    // Another call may have asked already.
    if (this.#token === refused) this.#token = undefined;
    const token = await this.get();
    return token === refused ? undefined : token;
  }

  /** A call's deadline came first. The next call asks anew, so that a question that is never answered blocks no later call. */
  giveUp(): void {
    this.#asking = undefined;
  }

  #ask(): Promise<string> {
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
        cause: safeCause(error, withoutTokens([...this.#given])),
        retryable: true,
      });
    }
    const wrong = tokenProblem(token);
    if (wrong) throw new OpleadError("unauthorized", `the token function gave a token that ${wrong.message}.`);
    this.#token = String(token);
    if (this.#given.size >= 5) this.#given.clear();
    this.#given.add(this.#token);
    return this.#token;
  }
}
