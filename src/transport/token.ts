import { errorKind } from "../base/error-code.ts";
import { asError, OpleadError, type OpleadErrorDetails } from "../base/errors.ts";
import { issueAt } from "../base/issues.ts";
import type { OpleadOptions } from "../options.ts";
import { tokenProblem } from "../settings/fields.ts";

type TokenSource = NonNullable<OpleadOptions["token"]>;

/** The token, asked for once and kept until the server refuses it. All calls that need it meanwhile share one question. */
export class TokenHolder {
  readonly #source: TokenSource;
  #token: string | undefined;
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

  /** A call waited long enough. The next one asks anew, so that a question that is never answered blocks no later call. */
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
      throw noToken(`failed (${errorKind(error)})`, { cause: asError(error) });
    }
    const wrong = tokenProblem(token);
    if (wrong) throw noToken(`gave a token that ${wrong.message}`, { issues: [issueAt("token", wrong)] });
    this.#token = String(token);
    return this.#token;
  }
}

/** There is no token to send. */
export function noToken(why: string, details?: OpleadErrorDetails): OpleadError {
  return new OpleadError("token_unavailable", `the token function ${why}, so there is no token to send.`, {
    ...details,
    retryable: true,
  });
}
