import { errorKind, reasonsOf } from "../base/error-code.ts";
import { isLoopback } from "../base/loopback.ts";
import { sleep, withLimit } from "../base/time/waits.ts";
import { MAX_TIMER_MS } from "../base/validation/validate.ts";
import { FORMATS } from "./formats.ts";
import type { AlertEmail, AlertMessage, AlertTarget, NotifyOptions } from "./options.ts";

type Settings = Pick<NotifyOptions, "timeoutMs" | "allowHttp" | "fetch">;

/** Gives a message to one target. Resolves to why it has perhaps not arrived; undefined if it has. */
export type Deliver = (message: AlertMessage) => Promise<string | undefined>;

/** A target that gets messages, or is told of every run. */
export interface Receiver {
  /** For people: `notify[0] (slack)`. Without the address, which is a secret. */
  readonly title: string;
  /** Undefined for a heartbeat. */
  readonly deliver: Deliver | undefined;
  /** For a heartbeat: tells that a run has ended. */
  readonly beat: ((hasWorked: boolean) => Promise<string | undefined>) | undefined;
}

export function receiverOf(target: AlertTarget, index: number, settings: Settings): Receiver {
  const receiver = (kind: string, more: Partial<Receiver>): Receiver => ({
    title: `notify[${index}] (${kind})`,
    deliver: undefined,
    beat: undefined,
    ...more,
  });
  const twice = (attempt: Attempt): Promise<string | undefined> => tryTwice(attempt, settings.timeoutMs);
  if (typeof target === "function") {
    const deliver: Deliver = (message) => twice(async () => target(message));
    return receiver("function", { deliver });
  }
  if ("heartbeat" in target) {
    const beat = (hasWorked: boolean) =>
      twice((signal) => request("GET", beatAddress(target.heartbeat, hasWorked), undefined, settings, signal));
    return receiver("heartbeat", { beat });
  }
  if ("email" in target) {
    const { email } = target;
    const deliver: Deliver = (message) => twice((signal) => mail(email, message, settings, signal));
    return receiver("email", { deliver });
  }
  const { webhook, format } = target;
  const deliver: Deliver = (message) =>
    twice((signal) => request("POST", webhook, JSON.stringify(FORMATS[format](message)), settings, signal));
  return receiver(format, { deliver });
}

/** `/fail` stands below the address, before its query. */
function beatAddress(address: string, hasWorked: boolean): string {
  const url = new URL(address);
  if (!hasWorked) url.pathname = `${url.pathname.replace(/\/+$/, "")}/fail`;
  return url.href;
}

/** Throws if it fails. */
type Attempt = (signal: AbortSignal) => Promise<void>;

/** A failure with what may be said of it. */
class Refusal extends Error {
  readonly isFinal: boolean;
  constructor(reason: string, isFinal: boolean) {
    super(reason);
    this.isFinal = isFinal;
  }
}

const PAUSE_MS = 1_000;

async function tryTwice(attempt: Attempt, timeoutMs = 5_000): Promise<string | undefined> {
  const late = `no answer within ${timeoutMs} ms`;
  for (let left = 1; ; left -= 1) {
    const ending = new AbortController();
    try {
      await withLimit(attempt(ending.signal), timeoutMs, () => {
        throw new Refusal(late, false);
      });
      return undefined;
    } catch (error) {
      // The message of any other error may hold the address.
      const reason = error instanceof Refusal ? error.message : (reasonsOf(error)[0]?.code ?? errorKind(error));
      if (left === 0 || (error instanceof Refusal && error.isFinal)) return reason;
    } finally {
      ending.abort();
    }
    await sleep(Math.min(PAUSE_MS, timeoutMs / 5));
  }
}

async function request(
  method: "GET" | "POST",
  address: string,
  body: string | undefined,
  { fetch = globalThis.fetch }: Settings,
  signal: AbortSignal,
): Promise<void> {
  const headers: Record<string, string> = body === undefined ? {} : { "content-type": "application/json" };
  // A redirect would take the message to another place.
  const init = { method, headers, signal, redirect: "manual", ...(body !== undefined && { body }) } as const;
  const answer = await fetch(address, init);
  // Read to its end, so that the connection can be used again.
  await answer.text().catch(() => {});
  const { status } = answer;
  if (status >= 200 && status < 300) return;
  throw new Refusal(`answered ${status}`, status < 500 && status !== 408 && status !== 429);
}

/** The part of nodemailer that is used, whatever types its version has. */
interface Nodemailer {
  createTransport(options: object): { sendMail(mail: object): Promise<unknown>; close(): void };
}

async function mail(
  { to, from, smtp }: AlertEmail,
  { title, text }: AlertMessage,
  { allowHttp = false, timeoutMs = 5_000 }: Settings,
  signal: AbortSignal,
): Promise<void> {
  const loaded = (await import("nodemailer").catch(() => {
    throw new Refusal("the package is missing: npm install nodemailer", true);
  })) as Nodemailer & { readonly default?: Nodemailer };
  // They end a connection that was given up, which `close` does not. At `timeoutMs` they would sometimes be first, and say it otherwise.
  const ms = Math.min(2 * timeoutMs, MAX_TIMER_MS);
  const limits = { connectionTimeout: ms, greetingTimeout: ms, socketTimeout: ms };
  const requireTLS = !allowHttp && !isLoopback(new URL(smtp).hostname);
  const transport = (loaded.default ?? loaded).createTransport({ url: smtp, requireTLS, ...limits });
  signal.addEventListener("abort", () => transport.close(), { once: true });
  await transport.sendMail({ from, to, subject: title, text, headers: { "Auto-Submitted": "auto-generated" } });
}
