import { errorKind, reasonsOf } from "../core/errors.ts";
import { issueAt, type OpleadIssue } from "../core/issues.ts";
import { isLoopback, isPlainHttp } from "../core/run-time.ts";
import { sleep, withLimit } from "../core/time.ts";
import {
  boolean,
  checkedBy,
  func,
  issueFinder,
  ledger,
  MAX_TIMER_MS,
  number,
  type OptionalKinds,
  oneOf,
  options,
  record,
  report,
  requireNoIssues,
  type Schema,
  says,
  text,
  valueThat,
} from "../core/validate.ts";
import { isRecord } from "../core/values.ts";
import * as z from "../core/zod.ts";
import { tellConfig } from "../locales/en/config.ts";
import { tellOption, tellValue } from "../locales/en/core.ts";
import { tellAlertFailure } from "../locales/en/failures.ts";
import type { AlertEmail, AlertFailure, AlertMessage, AlertTarget, NotifyOptions, NotifySettings } from "./options.ts";

interface Reach extends Pick<NotifyOptions, "timeoutMs" | "allowHttp" | "fetch"> {
  readonly signal: AbortSignal;
}

interface TargetKind<Target> {
  readonly fields: () => { readonly [Name in keyof Target]: Schema };
  // Field with an address that must not be plain http.
  readonly address?: keyof Target;
  readonly titleOf?: (target: Target) => string;
  readonly send?: (target: Target, message: AlertMessage, reach: Reach) => Promise<void>;
  // Sends a heartbeat. Throws if the target could not be reached.
  readonly beat?: (target: Target, hasWorked: boolean, reach: Reach) => Promise<void>;
}

type DescribedTarget = Exclude<AlertTarget, (message: AlertMessage) => unknown>;

type NamesIn<Target> = Target extends Target ? keyof Target : never;

// `format` names no kind: it is another field of a webhook.
type KindName = Exclude<NamesIn<DescribedTarget>, "format">;

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

const KIND_NAMES: readonly string[] = Object.keys(KINDS);

function kindOf(target: object): (TargetKind<DescribedTarget> & { readonly name: string }) | undefined {
  const name = KIND_NAMES.find((known) => known in target);
  // Safe: each kind is used only for its own targets.
  return name === undefined ? undefined : { name, ...(KINDS[name as KindName] as TargetKind<DescribedTarget>) };
}

// Resolves to undefined if the message has arrived.
type Deliver = (message: AlertMessage) => Promise<AlertFailure | undefined>;

export interface Receiver {
  // `notify[0] (slack)`, without the address, which is a secret.
  readonly title: string;
  readonly deliver: Deliver | undefined;
  readonly beat: ((hasWorked: boolean) => Promise<AlertFailure | undefined>) | undefined;
}

export function receiverOf(target: AlertTarget, index: number, settings: Omit<Reach, "signal">): Receiver {
  const twice = (attempt: (reach: Reach) => Promise<void>): Promise<AlertFailure | undefined> =>
    tryTwice((signal) => attempt({ ...settings, signal }), settings.timeoutMs);
  const titled = (kind: string): string => `notify[${index}] (${kind})`;
  if (typeof target === "function") {
    const deliver: Deliver = (message) => twice(async () => target(message));
    return { title: titled("function"), deliver, beat: undefined };
  }
  const { name = "", titleOf, send, beat } = kindOf(target) ?? {};
  return {
    title: titled(titleOf?.(target) ?? name),
    deliver: send && ((message) => twice((reach) => send(target, message, reach))),
    beat: beat && ((hasWorked) => twice((reach) => beat(target, hasWorked, reach))),
  };
}

type Attempt = (signal: AbortSignal) => Promise<void>;

const PAUSE_MS = 1_000;

async function tryTwice(attempt: Attempt, timeoutMs = 5_000): Promise<AlertFailure | undefined> {
  for (let left = 1; ; left -= 1) {
    const ending = new AbortController();
    try {
      await withLimit(attempt(ending.signal), timeoutMs, () => {
        throw new Refusal(tellAlertFailure("target_silent", { timeoutMs }), false);
      });
      return undefined;
    } catch (error) {
      if (left === 0 || (error instanceof Refusal && error.isFinal)) return failureOf(error);
    } finally {
      ending.abort();
    }
    await sleep(Math.min(PAUSE_MS, timeoutMs / 5));
  }
}

// Mostly names the code of the error, because its message may contain the address.
function failureOf(error: unknown): AlertFailure {
  if (error instanceof Refusal) return error.failure;
  return tellAlertFailure("target_failed", { code: reasonsOf(error)[0]?.code ?? errorKind(error) });
}

// An error whose reason holds no address.
class Refusal extends Error {
  readonly failure: AlertFailure;
  readonly isFinal: boolean;
  constructor(failure: AlertFailure, isFinal: boolean) {
    super(failure.message);
    this.failure = failure;
    this.isFinal = isFinal;
  }
}

type Format = Extract<AlertTarget, { readonly webhook: string }>["format"];

// Slack refuses longer sections.
const SECTION = 3_000;

// Account numbers of other systems must not mention a channel, make a link or look like a new line.
const FORMATS: Readonly<Record<Format, (message: AlertMessage) => unknown>> = {
  // Slack reads commands such as <!channel>; `verbatim` stops other links and mentions.
  slack: ({ title, text }) => ({
    text: escaped(title),
    unfurl_links: false,
    blocks: [
      {
        type: "section",
        text: { type: "mrkdwn", verbatim: true, text: cut(`*${escaped(title)}*\n${escaped(text)}`) },
      },
    ],
  }),
  // A TextRun has no Markdown, and a mention needs an entity.
  teams: ({ title, text }) => ({
    type: "message",
    attachments: [
      {
        contentType: "application/vnd.microsoft.card.adaptive",
        contentUrl: null,
        content: {
          $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
          type: "AdaptiveCard",
          version: "1.4",
          body: [
            richText(title, { weight: "Bolder", size: "Medium" }),
            ...text.split("\n").map((line) => richText(line, {})),
          ],
        },
      },
    ],
  }),
  json: (message) => message,
};

function richText(text: string, look: object) {
  return { type: "RichTextBlock", inlines: [{ type: "TextRun", text, ...look }] };
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

// Does not cut inside an entity such as `&lt;`.
function cut(text: string): string {
  return text.length <= SECTION ? text : `${text.slice(0, SECTION - 1).replace(/&[a-z]{0,3}$/, "")}…`;
}

const isAddress =
  (schemes: RegExp) =>
  (value: unknown): boolean =>
    typeof value === "string" && schemes.test(value) && URL.canParse(value);
const web = (): Schema => valueThat(isAddress(/^https?:/i), tellConfig("not_http_address"));

// Line breaks would add headers.
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
  // A redirect would send the message to another server.
  const init = { method, headers, signal, redirect: "manual", ...(body !== undefined && { body }) } as const;
  const answer = await fetch(address, init);
  // The body is read so that the connection can be used again.
  await answer.text().catch(() => {});
  const { status } = answer;
  if (status >= 200 && status < 300) return;
  throw new Refusal(tellAlertFailure("target_answered", { status }), status < 500 && status !== 408 && status !== 429);
}

// Own types, which fit any version of nodemailer.
interface Nodemailer {
  createTransport(options: object): { sendMail(mail: object): Promise<unknown>; close(): void };
}

async function mail(
  { to, from, smtp }: AlertEmail,
  { title, text }: AlertMessage,
  { allowHttp = false, timeoutMs = 5_000, signal }: Reach,
): Promise<void> {
  const loaded = (await import("nodemailer").catch(() => {
    throw new Refusal(tellAlertFailure("mailer_missing"), true);
  })) as Nodemailer & { readonly default?: Nodemailer };
  // These limits end a connection that `close` leaves open. They are longer than `timeoutMs`, whose error comes first.
  const ms = Math.min(2 * timeoutMs, MAX_TIMER_MS);
  const address = new URL(smtp);
  for (const limit of ["connectionTimeout", "greetingTimeout", "socketTimeout"]) {
    address.searchParams.set(limit, String(ms));
  }
  if (!allowHttp && !isLoopback(address.hostname)) address.searchParams.set("requireTLS", "true");
  // nodemailer before version 10 ignores options beside an address.
  const transport = (loaded.default ?? loaded).createTransport({ url: address.href });
  signal.addEventListener("abort", () => transport.close(), { once: true });
  await transport.sendMail({ from, to, subject: title, text, headers: { "Auto-Submitted": "auto-generated" } });
}

const target = (): Schema =>
  z.checked(z.custom(), (payload) => {
    const { value } = payload;
    if (typeof value === "function") return;
    const kind = isRecord(value) ? kindOf(value) : undefined;
    if (kind === undefined) report(payload, tellConfig("not_alert_target", { fields: KIND_NAMES }));
    else checkedBy(options({}, kind.fields()))(payload);
  });

const targets = (): Schema => z.array(target(), says(tellValue("not_list")));

const shared = (): OptionalKinds<Omit<NotifySettings, "targets">> => ({
  language: oneOf("en", "fr"),
  name: text(),
  timeoutMs: number(1, MAX_TIMER_MS),
  allowHttp: boolean(),
  fetch: func(),
});

const findTargetIssues = /* @__PURE__ */ issueFinder(targets);
const findSettingIssues = /* @__PURE__ */ issueFinder(() => options<NotifySettings>(shared(), { targets: targets() }));
const findOptionIssues = /* @__PURE__ */ issueFinder(() =>
  options<NotifyOptions>({
    ...shared(),
    ledger: ledger(),
    backup: record(),
    target: text(),
    files: z.array(text(), says(tellValue("not_list"))),
  }),
);

function readNotify(notify: readonly AlertTarget[] | NotifySettings): NotifySettings {
  return "targets" in notify ? notify : { targets: notify };
}

export function notifyIssues(notify: unknown): OpleadIssue[] {
  const isList = Array.isArray(notify);
  const issues = isList ? findTargetIssues(notify) : findSettingIssues(notify);
  if (issues.length > 0) return issues;
  const { targets, allowHttp } = readNotify(notify as readonly AlertTarget[] | NotifySettings);
  return plainIssues(isList ? "" : "targets", targets, allowHttp);
}

export function checkNotifiers(targets: readonly AlertTarget[], given: NotifyOptions): void {
  const issues = [...findTargetIssues(targets), ...findOptionIssues(given)];
  requireNoIssues("notifiers: wrong options", issues.length > 0 ? issues : plainIssues("", targets, given.allowHttp));
}

// A message over plain http could be read on the way.
function plainIssues(path: string, targets: readonly AlertTarget[], allowHttp: boolean | undefined): OpleadIssue[] {
  if (allowHttp) return [];
  return targets.flatMap((one, index) => {
    const { address } = kindOf(one) ?? {};
    if (address === undefined || !isPlainHttp(String((one as DescribedTarget)[address]))) return [];
    return [issueAt(`${path}[${index}].${address}`, tellOption("plain_http"))];
  });
}
