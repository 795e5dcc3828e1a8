import type { HookEnd, HookEvent, OpleadHooks } from "oplead-sdk";
import { say } from "../say.ts";

// With the second between two looks, a person waits less than ten seconds for a message.
const SILENT_MS = 8_000;
const LOOK_EVERY_MS = 1_000;
// Time between two lines about the same wait.
const REPEAT_MS = 10_000;

export interface WaitLimits {
  readonly timeoutMs: number;
  readonly deadlineMs: number;
}

interface Call {
  readonly operation: string;
  readonly since: number;
  attempt?: { readonly what: string; readonly since: number } | undefined;
  retryAt?: number | undefined;
}

export class WaitWatch {
  readonly #limits: WaitLimits;
  readonly #now: () => number;
  readonly #calls = new Map<string, Call>();
  #show: (text: string) => void;
  #answeredAt = 0;
  #shownAt = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;

  constructor(show: (text: string) => void, limits: WaitLimits, now = () => performance.now()) {
    this.#show = show;
    this.#limits = limits;
    this.#now = now;
  }

  // Lines would break a progress bar, which shows the texts itself.
  showBy(show: (text: string) => void): (text: string) => void {
    const before = this.#show;
    this.#show = show;
    return before;
  }

  readonly hooks: OpleadHooks = {
    around: async (event, next) => {
      if (event.kind === "call") await this.#watchCall(event, next);
      else if (event.kind === "attempt") await this.#watchAttempt(event, next);
      else await next();
    },
  };

  async #watchCall({ callId, operation }: HookEvent<"call">, next: () => Promise<HookEnd>): Promise<void> {
    if (this.#calls.size === 0) this.#answeredAt = this.#now();
    this.#calls.set(callId, { operation, since: this.#now() });
    this.#timer ??= setInterval(() => this.look(), LOOK_EVERY_MS).unref();
    await next();
    this.#calls.delete(callId);
    if (this.#calls.size === 0) this.stop();
  }

  async #watchAttempt({ callId, method, path }: HookEvent<"attempt">, next: () => Promise<HookEnd>): Promise<void> {
    const call = this.#calls.get(callId);
    if (call) {
      call.retryAt = undefined;
      call.attempt = { what: `${method} ${path}`, since: this.#now() };
    }
    const { status, retryInMs } = await next();
    if (call) {
      call.attempt = undefined;
      call.retryAt = retryInMs === undefined ? undefined : this.#now() + retryInMs;
    }
    if (status !== undefined) this.#answeredAt = this.#now();
  }

  // Called once a second; shows the oldest call.
  look(): void {
    const now = this.#now();
    const silentMs = now - this.#answeredAt;
    if (silentMs < SILENT_MS || now - this.#shownAt < REPEAT_MS) return;
    const [oldest] = this.#calls.values();
    if (!oldest) return;
    this.#shownAt = now;
    const { timeoutMs, deadlineMs } = this.#limits;
    const { attempt, retryAt, since, operation } = oldest;
    const mostMs = Math.max(0, since + deadlineMs - now);
    const leftMs = Math.max(0, Math.min(mostMs, (attempt ? attempt.since + timeoutMs : (retryAt ?? now)) - now));
    const wait = { what: attempt?.what ?? operation, silentMs, leftMs, mostMs };
    this.#show(attempt ? say("waits_for_answer", wait) : say("waits_to_repeat", wait));
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
