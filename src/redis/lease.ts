import { randomUUID } from "node:crypto";
import { sleep } from "../base/time/waits.ts";
import type { Lease } from "../ledger/ledger.ts";
import { RELEASE, type RedisClient, Script, TAKE } from "./client.ts";

interface LeaseOptions {
  readonly leaseMs: number;
  readonly signal: AbortSignal;
  /** Runs a command with its time limit. */
  readonly use: <T>(task: () => Promise<T>) => Promise<T>;
}

/** Only the holder can renew a lease. */
const RENEW = new Script(`
  if redis.call("GET", KEYS[1]) ~= ARGV[1] then return 0 end
  return redis.call("PEXPIRE", KEYS[1], math.ceil(ARGV[2]))
`);

/** How long to wait before the lease is asked for again: short at first, because most reconciliations are short. */
const SHORTEST_WAIT_MS = 5;
const LONGEST_WAIT_MS = 200;

/** Waits for a lease and renews it until it is released. Rejects if the signal aborts the wait. */
export async function takeLease(
  redis: RedisClient,
  key: string,
  { leaseMs, signal, use }: LeaseOptions,
): Promise<Lease> {
  const holder = randomUUID();
  let waitMs = SHORTEST_WAIT_MS;
  const take = async (): Promise<boolean> => {
    try {
      return (await use(() => TAKE.run(redis, key, holder, leaseMs))) === 1;
    } catch (error) {
      // Redis may have given it, or will: the client still sends what it could not.
      RELEASE.run(redis, key, holder).catch(() => {});
      throw error;
    }
  };
  /** How long the lease may have existed: it may have begun as soon as it was asked for. */
  let elapsed: () => number;
  for (;;) {
    signal.throwIfAborted();
    elapsed = stopwatch();
    if (await take()) break;
    // Not all at the same moment.
    await sleep(waitMs * (0.5 + Math.random()), signal);
    waitMs = Math.min(LONGEST_WAIT_MS, waitMs * 1.5);
  }
  const renew = async (): Promise<void> => {
    const sinceRenewal = stopwatch();
    const isRenewed = (await RENEW.run(redis, key, holder, leaseMs)) === 1;
    elapsed = isRenewed ? sinceRenewal : () => Number.POSITIVE_INFINITY;
  };
  // A renewal that fails is tried again in time. If the lease is lost all the same, compare-and-set notices what was sent.
  const renewal = setInterval(() => renew().catch(() => {}), leaseMs / 3);
  renewal.unref();
  return {
    left: () => leaseMs - elapsed(),
    async release() {
      clearInterval(renewal);
      await use(() => RELEASE.run(redis, key, holder));
    },
  };
}

/** The time that has passed, by the clock that went further: while a machine sleeps, or is set, one of the two may not. */
function stopwatch(): () => number {
  const [steady, wall] = [performance.now(), Date.now()];
  return () => Math.max(performance.now() - steady, Date.now() - wall);
}
