import { Limiter, type Turn } from "../../src/transport/limiter/limiter.ts";
import type { SharedRefusal as Refusal } from "../../src/transport/options.ts";
import { FakeClock } from "./fake-clock.ts";

export const FOREVER = Number.MAX_SAFE_INTEGER;

export function openLimiter(
  options: { requests?: number; perMs?: number; unlimited?: boolean; maxConcurrency?: number } = {},
) {
  const clock = new FakeClock();
  const rate = options.unlimited
    ? (false as const)
    : { requests: options.requests ?? 10, perMs: options.perMs ?? 1000 };
  const limiter = new Limiter({ rate, maxConcurrency: options.maxConcurrency ?? 1000, clock });
  const log: { name: number; at: number; refusal: Refusal | undefined }[] = [];
  const turns: Turn[] = [];
  let count = 0;
  const enter = (more: { deadlineAt?: number; signal?: AbortSignal; sentBefore?: number } = {}): number => {
    const name = count++;
    const note = (result: Turn | Refusal): void => {
      const isRefusal = "reason" in result;
      if (!isRefusal) turns.push(result);
      log.push({ name, at: clock.now(), refusal: isRefusal ? result : undefined });
    };
    const turn = limiter.acquire(more.deadlineAt ?? FOREVER, more.signal, more.sentBefore ?? 0);
    if (turn instanceof Promise) void turn.then(note);
    else note(turn);
    return name;
  };
  const accept = (): void => void limiter.release(turns.shift() ?? { startedAt: 0, inFlight: 1 }, { was: "accepted" });
  const refuse = (pauseMs: number): void => void limiter.release(turns.shift() as Turn, { was: "refused", pauseMs });
  return { clock, limiter, log, enter, accept, refuse };
}
