import { OpleadError } from "../core/errors.ts";
import type { BodyShape, FactEvidence } from "../core/facts.ts";
import { CONTAINER_NAMES, ownName, POINTER_NAMES } from "../core/redact.ts";
import { isObject } from "../core/values.ts";
import { type Answer, formOf } from "../transport/answer.ts";
import { type Call, fillPath } from "../transport/call.ts";
import type { Transport } from "../transport/transport.ts";
import type { ProbeRequest } from "./options.ts";

export interface Reply {
  readonly answer: Answer | undefined;
  readonly status: number;
  readonly isSuccess: boolean;
  readonly evidence: readonly FactEvidence[];
}

const REQUEST_ID = /^(?:x-)?(?:request|correlation|trace|amzn-request)-?id$|^cf-ray$/;
const RATE = /^(?:x-)?rate-?limit[a-z-]{0,30}$|^retry-after$/;

// Codes after which the next request may still be answered.
const PASSING = new Set(["connection", "timeout", "deadline", "server_error", "unexpected_response", "rate_limited"]);
const LOST = new Set(["connection", "timeout", "deadline"]);

export class Prober {
  requests = 0;
  isUsedUp = false;
  #unanswered = 0;
  answers = 0;
  readonly rateHeaders = new Map<string, number>();
  readonly requestIdHeaders = new Map<string, number>();
  lastEvidence: readonly FactEvidence[] = [];
  #transport: Transport;
  readonly #most: number;
  readonly #secrets: readonly string[];
  readonly #signal: AbortSignal | undefined;

  constructor(transport: Transport, most: number, secrets: readonly string[], signal: AbortSignal | undefined) {
    this.#transport = transport;
    this.#most = most;
    this.#secrets = secrets;
    this.#signal = signal;
  }

  // A single lost request may be a problem of its path.
  get isCutOff(): boolean {
    return this.#unanswered >= 2;
  }

  get left(): number {
    return this.#most - this.requests;
  }

  use(transport: Transport): void {
    this.#transport = transport;
  }

  // `isWayBack`: undoes a change of the probe, so it is sent after an abort too, and its failure is thrown.
  async ask(
    request: ProbeRequest,
    values: Readonly<Record<string, string>> = {},
    body?: string,
    isWayBack = false,
  ): Promise<Reply | undefined> {
    const { left } = this;
    if (this.isCutOff && !isWayBack) return undefined;
    if (left <= 0) {
      this.isUsedUp = true;
      return undefined;
    }
    const transport = this.#transport;
    const { method, path, about } = request;
    const { wire } = transport.settings;
    const sent = wire && body !== undefined ? wire.write(about, body) : body;
    const retry = { ...transport.settings.retry, attempts: Math.min(2, left) };
    const call = transport.begin("probePlatform", { signal: isWayBack ? undefined : this.#signal, retry });
    const url = transport.settings.baseUrl + fillPath(path, values);
    const startedAt = transport.clock.now();
    const answer = await transport
      .observe(call, () => transport.send({ method, url, path, body: sent }, call))
      .catch((error: unknown) => {
        // A failure before the first answer says more than a list of undecided facts.
        const isFirst = this.lastEvidence.length === 0 || isWayBack;
        if (isFirst || !(error instanceof OpleadError) || !PASSING.has(error.code)) throw error;
        this.#unanswered += LOST.has(error.code) ? 1 : 0;
        return undefined;
      })
      .finally(() => {
        this.requests += call.requests;
      });
    const evidence = [this.#evidenceOf(request, answer, Math.round(transport.clock.now() - startedAt))];
    if (answer) {
      this.answers += 1;
      this.lastEvidence = evidence;
      this.#unanswered = 0;
    }
    const { status = 0 } = answer ?? {};
    const read = answer && wire ? wire.read(about, answer) : answer;
    return { answer: read, status, isSuccess: status >= 200 && status < 300, evidence };
  }

  now(): number {
    return this.#transport.clock.now();
  }

  async sleep(ms: number): Promise<void> {
    if (ms <= 0) return;
    const call: Call = this.#transport.begin("probePlatform", { signal: this.#signal });
    await this.#transport.sleep(ms, call);
  }

  #evidenceOf({ method, path }: ProbeRequest, answer: Answer | undefined, ms: number): FactEvidence {
    if (!answer) return { method, path, status: 0, form: "empty", body: "", headers: {}, ms };
    const headers: Record<string, string> = {};
    answer.headers.forEach((value, given) => {
      const name = given.toLowerCase();
      const isId = REQUEST_ID.test(name);
      const counted = isId ? this.requestIdHeaders : RATE.test(name) ? this.rateHeaders : undefined;
      counted?.set(name, (counted.get(name) ?? 0) + 1);
      if (isId || RATE.test(name)) headers[name] = "…";
      const shown = value.replace(/;.*/s, "").trim();
      if (/^(?:content-type|connection)$/.test(name) && /^[a-z]+(?:[/+-][a-z]+){0,3}$/i.test(shown))
        headers[name] = shown;
    });
    const form = formOf(answer);
    const body = form === "json" ? shapeOf(answer.data, this.#secrets) : form;
    return { method, path, status: answer.status, form, body, headers, ms };
  }
}

// A name of another form may be data, such as an account number or an e-mail address.
const NAME = /^[A-Za-z_][A-Za-z_-]{0,30}\d?[A-Za-z_-]{0,30}$/;
const MOST_FIELDS = 40;

// The shape has no values. A name that contains a secret is not shown.
function shapeOf(value: unknown, secrets: readonly string[], depth = 0): BodyShape {
  if (value === null || value === undefined) return String(value);
  if (typeof value !== "object") return typeof value;
  if (depth > 5) return "…";
  if (Array.isArray(value)) return value.slice(0, 1).map((item) => shapeOf(item, secrets, depth + 1));
  const shown = Object.entries(value).slice(0, MOST_FIELDS);
  return Object.fromEntries(
    shown.map(([name, inner], index) => {
      const isName = NAME.test(name) && !secrets.some((secret) => name.toLowerCase().includes(secret));
      return [isName ? name : `[field ${index + 1}]`, shapeOf(inner, secrets, depth + 1)];
    }),
  );
}

// Leaves out texts of up to three letters, which are in many words.
export function textsIn(value: unknown): string[] {
  if (typeof value === "string") return value.length < 4 ? [] : [value.toLowerCase()];
  if (typeof value === "number") return textsIn(String(value));
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

// Places such as `errors[].field` and `errors.{field}`.
export function errorPlaces(body: unknown, place = "", depth = 0): string[] {
  if (depth > 4) return [];
  if (Array.isArray(body)) return unique(body.flatMap((item) => errorPlaces(item, `${place}[]`, depth + 1)));
  if (!isObject(body)) return [];
  return unique(
    Object.entries(body).flatMap(([name, value]) => {
      const here = place === "" ? name : `${place}.${name}`;
      if (POINTER_NAMES.has(name) && typeof value === "string") return ownName(firstOf(value)) ? [here] : [];
      const isContained = CONTAINER_NAMES.has(place.replace(/^.*\./, ""));
      if (isContained && ownName(firstOf(name))) return [`${place}.{field}`];
      return CONTAINER_NAMES.has(name) || isObject(value) ? errorPlaces(value, here, depth + 1) : [];
    }),
  );
}

const firstOf = (path: string): string => path.split(/[./[\]]+/).find((part) => part !== "") ?? "";
const unique = (places: readonly string[]): string[] => [...new Set(places)];
