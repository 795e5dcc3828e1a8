import { isLoopback } from "../base/loopback.ts";
import { MAX_TIMER_MS, oneOf, options, type Schema, valueThat } from "../base/validation/validate.ts";
import { tellConfig } from "../locales/en/config.ts";
import { FORMATS } from "./formats.ts";
import type { AlertEmail, AlertMessage, AlertTarget, NotifyOptions } from "./options.ts";

/** How targets are reached. */
export interface Reach extends Pick<NotifyOptions, "timeoutMs" | "allowHttp" | "fetch"> {
  /** Aborts when the attempt is given up. */
  readonly signal: AbortSignal;
}

/** A kind of target: what it consists of, and how it is told. */
interface TargetKind<Target> {
  /** What its fields must be. */
  readonly fields: () => { readonly [Name in keyof Target]: Schema };
  /** The field with an address of the web, which must not be plain http. */
  readonly address?: keyof Target;
  /** Its name for people. Default: the name of the kind. */
  readonly titleOf?: (target: Target) => string;
  /** Gives it a message. It throws if that fails. A kind without it gets none. */
  readonly send?: (target: Target, message: AlertMessage, reach: Reach) => Promise<void>;
  /** Tells it that a run has ended. It throws if that fails. */
  readonly beat?: (target: Target, hasWorked: boolean, reach: Reach) => Promise<void>;
}

/** A target that is described: any but a function. */
export type DescribedTarget = Exclude<AlertTarget, (message: AlertMessage) => unknown>;

type NamesIn<Target> = Target extends Target ? keyof Target : never;

/** The kinds, by the field that tells them apart. `format` stands beside `webhook`. */
type KindName = Exclude<NamesIn<DescribedTarget>, "format">;

const isAddress =
  (schemes: RegExp) =>
  (value: unknown): boolean =>
    typeof value === "string" && schemes.test(value) && URL.canParse(value);
const web = (): Schema => valueThat(isAddress(/^https?:/i), tellConfig("not_http_address"));

/** No line breaks, which would add headers. */
const isMailAddress = (value: unknown): boolean => typeof value === "string" && /^[^\r\n]*[^\s@]@[^\s@]+$/.test(value);
const areMailAddresses = (value: unknown): boolean =>
  Array.isArray(value) ? value.length > 0 && value.every(isMailAddress) : isMailAddress(value);

const email = (): Schema =>
  options<AlertEmail>(
    {},
    {
      to: valueThat(areMailAddresses, tellConfig("not_mail_address")),
      from: valueThat(isMailAddress, tellConfig("not_mail_address")),
      smtp: valueThat(isAddress(/^smtps?:\/\//i), tellConfig("not_smtp_address")),
    },
  );

/** Every kind of target. */
const KINDS: { readonly [Name in KindName]: TargetKind<Extract<DescribedTarget, Readonly<Record<Name, unknown>>>> } = {
  webhook: {
    fields: () => ({ webhook: web(), format: oneOf(...Object.keys(FORMATS)) }),
    address: "webhook",
    titleOf: ({ format }) => format,
    send: ({ webhook, format }, message, reach) =>
      request("POST", webhook, JSON.stringify(FORMATS[format](message)), reach),
  },
  email: {
    fields: () => ({ email: email() }),
    send: ({ email }, message, reach) => mail(email, message, reach),
  },
  heartbeat: {
    fields: () => ({ heartbeat: web() }),
    address: "heartbeat",
    beat: ({ heartbeat }, hasWorked, reach) => request("GET", beatAddress(heartbeat, hasWorked), undefined, reach),
  },
};

/** The fields of which a target has one. */
export const KIND_NAMES: readonly string[] = Object.keys(KINDS);

/** The kind of a target with its name; undefined for something else. */
export function kindOf(target: object): (TargetKind<DescribedTarget> & { readonly name: string }) | undefined {
  const name = KIND_NAMES.find((known) => known in target);
  // Each kind is asked about its own targets only.
  return name === undefined ? undefined : { name, ...(KINDS[name as KindName] as TargetKind<DescribedTarget>) };
}

/** A failure with what may be said of it. */
export class Refusal extends Error {
  readonly isFinal: boolean;
  constructor(reason: string, isFinal: boolean) {
    super(reason);
    this.isFinal = isFinal;
  }
}

/** `/fail` stands below the address, before its query. */
function beatAddress(address: string, hasWorked: boolean): string {
  const url = new URL(address);
  if (!hasWorked) url.pathname = `${url.pathname.replace(/\/+$/, "")}/fail`;
  return url.href;
}

async function request(
  method: "GET" | "POST",
  address: string,
  body: string | undefined,
  { fetch = globalThis.fetch, signal }: Reach,
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
  { allowHttp = false, timeoutMs = 5_000, signal }: Reach,
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
