import { expect, it } from "vitest";
import { createOplead } from "../../src/index.ts";
import { whileQuiet } from "../support/quiet-machine.ts";
import { json, serve } from "../support/servers.ts";
import { user } from "../support/users.ts";

const SECONDS = 8;
const ALLOWED = 50;

interface Case {
  readonly burst: number;
  /** Our own limit, in requests per second. */
  readonly ours: number | false;
  /** Seconds in the 429's Retry-After. Default: no such header. */
  readonly retryAfter?: number;
  /** The share of the server's steady rate that the client must reach. */
  readonly share: number;
  /** The highest number of 429s allowed. */
  readonly refused: number;
}

/** In virtual time each share is at least two hundredths higher. */
const CASES: Case[] = [
  { burst: 50, ours: ALLOWED, retryAfter: 1, share: 0.98, refused: 2 },
  { burst: 5, ours: ALLOWED, retryAfter: 1, share: 0.98, refused: 2 },
  { burst: 50, ours: 100, retryAfter: 1, share: 0.95, refused: 20 },
  { burst: 50, ours: 100, share: 0.95, refused: 20 },
  { burst: 5, ours: 100, share: 0.9, refused: 20 },
  // The first pause of a second costs 45 of the 400 requests, and one 429 does not tell the rate.
  { burst: 5, ours: 100, retryAfter: 1, share: 0.75, refused: 20 },
  { burst: 50, ours: false, share: 0.95, refused: 40 },
];

/** Sixteen callers send without a break to a server with a token bucket, which counts accepted and refused requests. */
async function run({ burst, ours, retryAfter }: Case, seconds = SECONDS) {
  let tokens = burst;
  let filledAt = performance.now();
  let taken = 0;
  let refused = 0;
  const server = await serve((response) => {
    const now = performance.now();
    tokens = Math.min(burst, tokens + ((now - filledAt) * ALLOWED) / 1000);
    filledAt = now;
    if (tokens < 1) {
      refused += 1;
      return json(response, 429, {}, retryAfter === undefined ? {} : { "retry-after": String(retryAfter) });
    }
    tokens -= 1;
    taken += 1;
    return json(response, 200, { id: "1" });
  });
  const rateLimit = ours === false ? ours : { requests: ours, perMs: 1000 };
  const oplead = createOplead({ token: "t", baseUrl: server.url, rateLimit });
  const end = performance.now() + seconds * 1000;
  const stop = AbortSignal.timeout(seconds * 1000);
  // Each has a user of its own: calls for one user wait for each other.
  const caller = async (number: number): Promise<void> => {
    while (performance.now() < end) {
      await oplead.updateUser(String(number), user(number), { signal: stop }).catch(() => {});
    }
  };
  await Promise.all(Array.from({ length: 16 }, (_, number) => caller(number)));
  return { share: taken / (ALLOWED * seconds), refused };
}

it("the limiter uses a server's whole rate, known or unknown, with few 429s", async () => {
  // The first requests compile the code, which takes longer than the limiter can make up for.
  await Promise.all(CASES.map((one) => run(one, 0.5)));
  const measure = () => Promise.all(CASES.map(async (one) => ({ ...one, got: await run(one) })));
  const isWanted = (all: Awaited<ReturnType<typeof measure>>) =>
    all.every(({ share, refused, got }) => got.share >= share && got.refused <= refused);
  const { result, isQuiet } = await whileQuiet("limiter", measure, isWanted);
  for (const { burst, ours, retryAfter, got } of result) {
    console.log(
      `server ${ALLOWED}/s, burst ${burst}, Retry-After ${retryAfter ?? "none"}, ours ${ours ? `${ours}/s` : "none"}: ` +
        `${(got.share * 100).toFixed(1)} % of the steady rate, ${got.refused} answers 429`,
    );
  }
  // If other programs use the processors too, callers and server are late, and late requests come together. Then the
  // test only expects that the client goes on and that the number of 429s is bounded.
  // test/transport/limiter/rate.test.ts tests the same in virtual time.
  for (const { share, refused, got, ...which } of result) {
    expect({ ...which, got, enough: got.share >= share * (isQuiet ? 1 : 0.05) }).toMatchObject({ enough: true });
    expect({ ...which, got, few: got.refused <= (isQuiet ? refused : 100) }).toMatchObject({ few: true });
  }
});
