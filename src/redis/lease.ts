import { sleep } from "../base/time/waits.ts";
import type { Lease } from "../ledger/ledger.ts";
import { type RedisClient, Script } from "./client.ts";

interface LeaseOptions {
  readonly leaseMs: number;
  readonly signal: AbortSignal;
  /** Runs a command with its time limit. */
  readonly use: <T>(task: () => Promise<T>) => Promise<T>;
}

/** How long it is known that a lease was not given back: the next run asks for it, which may come after a weekend. */
const KEPT_MS = 7 * 86_400_000;

/*
 * A lease is its holder, and when one before it ended without being given back, if one did: `- TIME` is left where nobody holds it. It ends
 * when its key has no more than KEPT_MS left, so the usual case needs neither a look at the clock nor another form.
 */
const FOUND = `
  local call, key, own, leaseMs, keptMs = redis.call, KEYS[1], ARGV[1], math.ceil(ARGV[2]), tonumber(ARGV[3])
  local holder, lost = string.match(call("GET", key) or "", "^(%S+) ?(%d*)$")
  lost = tonumber(lost)
  local function now()
    local time = call("TIME")
    return time[1] * 1000 + math.floor(time[2] / 1000)
  end
`;

/** 0: another process has it. 1: taken. More: taken, and two less is how many milliseconds ago one ended that was not given back. */
const TAKE = new Script(`
  if redis.call("SET", KEYS[1], ARGV[1], "PX", math.ceil(ARGV[2]) + ARGV[3], "NX") then return 1 end
  ${FOUND}
  local left = call("PTTL", key) - keptMs
  local isOther = holder and holder ~= own and holder ~= "-"
  if isOther and left > 0 then return 0 end
  local at = now()
  if isOther then lost = at + left end
  call("SET", key, own .. (lost and string.format(" %.0f", lost) or ""), "PX", leaseMs + keptMs)
  return lost and 2 + math.max(0, at - lost) or 1
`);

/** Only the holder can renew a lease. */
const RENEW = new Script(`
  ${FOUND}
  if holder ~= own or call("PTTL", key) <= keptMs then return 0 end
  return call("PEXPIRE", key, leaseMs + keptMs)
`);

const RELEASE = new Script(`
  ${FOUND}
  if holder ~= own then return 0 end
  local keptFor = lost and lost + keptMs - now() or 0
  if keptFor <= 0 then return call("DEL", key) end
  call("SET", key, string.format("- %.0f", lost), "PX", keptFor)
  return 1
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
  const holder = crypto.randomUUID();
  let waitMs = SHORTEST_WAIT_MS;
  const take = async (): Promise<number> => {
    try {
      return Number(await use(() => TAKE.run(redis, key, holder, leaseMs, KEPT_MS)));
    } catch (error) {
      // Redis may have given it, or will: the client still sends what it could not.
      RELEASE.run(redis, key, holder, 0, KEPT_MS).catch(() => {});
      throw error;
    }
  };
  /** How long the lease may have existed: it may have begun as soon as it was asked for. */
  let elapsed: () => number;
  let taken: number;
  for (;;) {
    signal.throwIfAborted();
    elapsed = stopwatch();
    taken = await take();
    if (taken > 0) break;
    // Not all at the same moment.
    await sleep(waitMs * (0.5 + Math.random()), signal);
    waitMs = Math.min(LONGEST_WAIT_MS, waitMs * 1.5);
  }
  const renew = async (): Promise<void> => {
    const sinceRenewal = stopwatch();
    const isRenewed = (await RENEW.run(redis, key, holder, leaseMs, KEPT_MS)) === 1;
    elapsed = isRenewed ? sinceRenewal : () => Number.POSITIVE_INFINITY;
  };
  // A renewal that fails is tried again in time. If the lease is lost all the same, compare-and-set notices what was sent.
  const renewal = setInterval(() => renew().catch(() => {}), leaseMs / 3);
  renewal.unref();
  return {
    left: () => leaseMs - elapsed(),
    abandonedMsAgo: taken > 1 ? taken - 2 : undefined,
    async release() {
      clearInterval(renewal);
      await use(() => RELEASE.run(redis, key, holder, 0, KEPT_MS));
    },
  };
}

/** The time that has passed, by the clock that went further: while a machine sleeps, or is set, one of the two may not. */
function stopwatch(): () => number {
  const [steady, wall] = [performance.now(), Date.now()];
  return () => Math.max(performance.now() - steady, Date.now() - wall);
}
