import { vi } from "vitest";
import type { OpleadOptions } from "../../src/index.ts";
import { readOptions } from "../../src/transport/settings.ts";
import { Transport } from "../../src/transport/transport.ts";
import type { WireAnswer, WireRequest } from "../../src/transport/wire.ts";
import { FakeClock } from "./fake-clock.ts";

export type Reply = { status: number; headers?: Record<string, string>; text?: string } | "never" | Error;

export function openTransport(replies: Reply[], options: OpleadOptions = {}) {
  const clock = new FakeClock();
  const sent: (WireRequest & { at: number })[] = [];
  const send = (request: WireRequest) => {
    sent.push({ ...request, at: clock.now() });
    const reply = replies[Math.min(sent.length, replies.length) - 1] as Reply;
    const answer =
      reply === "never"
        ? new Promise<WireAnswer>(() => {})
        : reply instanceof Error
          ? Promise.reject(reply)
          : Promise.resolve({ text: "{}", ...reply, headers: new Headers(reply.headers) });
    return { answer, cancel: vi.fn() };
  };
  const settings = readOptions({ token: "t", ...options }, {});
  return { clock, sent, transport: new Transport(settings, send, clock, "test") };
}
