import { createServer, type RequestListener } from "node:http";
import { Webhook } from "standardwebhooks";
import { onTestFinished } from "vitest";
import {
  createOplead,
  type LogFields,
  type Oplead,
  type OpleadLogger,
  type OpleadOptions,
  type UserInput,
} from "../../src/index.ts";
import type { SourceUser } from "../../src/sync/index.ts";
import { createFakeOplead, type FakeOplead, type FakeOpleadOptions } from "../../src/testing/index.ts";
import {
  createUserWebhook,
  standardWebhooks,
  type UserWebhook,
  type UserWebhookOptions,
  type WebhookOptions,
} from "../../src/webhook/index.ts";
import { listen } from "./servers.ts";
import { user } from "./users.ts";

export const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

export interface PersonEvent {
  readonly number: number;
  readonly revision: number;
  readonly city?: string;
  readonly maxDistance?: number;
}

export function personUser({ number, revision, city = "Bourg-en-Bresse" }: PersonEvent): UserInput {
  const plain = user(number);
  return { ...plain, address: { ...plain.address, city }, company: `revision ${revision}` };
}

export function toEntry(event: PersonEvent): SourceUser {
  const { maxDistance, revision } = event;
  return { user: personUser(event), version: revision, ...(maxDistance !== undefined && { rules: { maxDistance } }) };
}

export const event: PersonEvent = { number: 1, revision: 1 };

export const eventBody = JSON.stringify(event);

export const personal = /person-\d|Martin|Bourg|rue de la Paix|login-\d|@/;

export const post = (headers: Record<string, string>, body: string | ReadableStream): Request =>
  new Request("http://receiver.example/", {
    ...{ method: "POST", headers: { "content-type": "application/json", ...headers }, body, duplex: "half" },
  } as RequestInit);

export class Log implements OpleadLogger {
  readonly lines: string[] = [];
  readonly fields: LogFields[] = [];
  readonly #write =
    (level: string) =>
    (line: string, fields: LogFields): void => {
      this.lines.push(`${level} ${line}`);
      this.fields.push(fields);
    };
  readonly debug = this.#write("debug");
  readonly info = this.#write("info");
  readonly warn = this.#write("warn");
  readonly error = this.#write("error");
  get text(): string {
    return this.lines.join("\n");
  }
}

export interface Setup {
  readonly fake: FakeOplead;
  readonly oplead: Oplead;
  readonly handler: UserWebhook;
  readonly log: Log;
}

interface SetupOptions extends Partial<WebhookOptions<PersonEvent>> {
  readonly client?: OpleadOptions;
  readonly platform?: FakeOpleadOptions;
}

export function setup({ client, platform, ...options }: SetupOptions = {}): Setup {
  const fake = createFakeOplead(platform);
  const log = new Log();
  const oplead = createOplead({
    token: "fake-token",
    fetch: fake.fetch,
    rateLimit: false,
    retry: false,
    logger: log,
    ...client,
    platform: { settleMs: 0, ...client?.platform },
  });
  const handler = createUserWebhook<PersonEvent>(oplead, {
    verify: standardWebhooks({ secrets: [secret] }),
    map: toEntry,
    ...options,
  } as UserWebhookOptions<PersonEvent>);
  return { fake, oplead, handler, log };
}

const numbers = (function* () {
  for (let number = 1; ; number += 1) yield number;
})();

export function signedHeaders(body: string, { id = `msg_${numbers.next().value}`, at = new Date() } = {}) {
  return {
    "content-type": "application/json",
    "webhook-id": id,
    "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
    "webhook-signature": new Webhook(secret).sign(id, at, body),
  };
}

export function deliveryOf(event: unknown, options?: Parameters<typeof signedHeaders>[1]): Request {
  return rawDelivery(JSON.stringify(event), options);
}

export function rawDelivery(body: string, options?: Parameters<typeof signedHeaders>[1]): Request {
  return new Request("http://receiver.example/hook", { method: "POST", headers: signedHeaders(body, options), body });
}

interface Told {
  readonly status: number;
  readonly retryAfter: number | undefined;
  // biome-ignore lint/suspicious/noExplicitAny: tests read bodies freely
  readonly body: any;
  readonly text: string;
}

export async function told(answer: Response | Promise<Response>): Promise<Told> {
  const response = await answer;
  const text = await response.text();
  const retryAfter = response.headers.get("retry-after");
  return {
    status: response.status,
    retryAfter: retryAfter === null ? undefined : Number(retryAfter),
    body: text === "" ? undefined : JSON.parse(text),
    text,
  };
}

export async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  const port = await listen(server);
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${port}`;
}

export const outcomes = (answer: Told): string[] =>
  answer.body.results.map(({ outcome }: { outcome: string }) => outcome);
