import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, it, onTestFinished } from "vitest";
import { builtProgram } from "../../support/built.ts";
import { hasRedis, startRedis } from "../../support/redis-server.ts";
import { json, serve } from "../../support/servers.ts";

const RUN_MS = 6_000;

// What a server that allows 50 requests a second (a token bucket) saw of four processes with a common rate.
async function fourProcesses(perSecond: number): Promise<{ accepted: number; refused: number }> {
  const [redis, program] = await Promise.all([startRedis(), builtProgram(new URL("rate-child.ts", import.meta.url))]);
  onTestFinished(() => redis.close());
  const seen = { accepted: 0, refused: 0 };
  let tokens = 5;
  let at = performance.now();
  const server = await serve((response) => {
    const now = performance.now();
    tokens = Math.min(5, tokens + (now - at) / 20);
    at = now;
    if (tokens < 1) {
      seen.refused += 1;
      return json(response, 429, { message: "too many requests" });
    }
    tokens -= 1;
    seen.accepted += 1;
    return json(response);
  });
  const children = Array.from({ length: 4 }, () =>
    spawn(process.execPath, [program, server.url, redis.url, String(perSecond)], {
      stdio: ["pipe", "pipe", "inherit"],
    }),
  );
  onTestFinished(() => {
    for (const child of children) child.kill();
  });
  await Promise.all(children.map((child) => once(child.stdout, "data")));
  const exits = children.map((child) => once(child, "exit"));
  for (const child of children) child.stdin.end(`${Date.now() + RUN_MS}\n`);
  await Promise.all(exits);
  return seen;
}

// A busy machine is late: test/redis/rate-turns.behaviour.test.ts counts in virtual time.
it.skipIf(!hasRedis).each([
  ["keeps to the rate that a server allows", 50, 20],
  ["finds the lower limit of a server", 100, 80],
])("redisRate in four processes %s, with few 429s", async (_what, perSecond, most) => {
  const { accepted, refused } = await fourProcesses(perSecond);
  expect(accepted).toBeGreaterThan(((RUN_MS / 1000) * 50) / 5);
  expect(refused).toBeLessThanOrEqual(most);
});
