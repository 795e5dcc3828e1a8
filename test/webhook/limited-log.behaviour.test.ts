import { expect, it } from "vitest";
import { github, NOW } from "../support/verify-signature.ts";
import { eventBody, post, setup } from "../support/webhook.ts";

it("requests that are not deliveries write at most twenty lines per minute", async () => {
  const { handler, log } = setup({ maxBodyBytes: 10 });
  for (let n = 0; n < 60; n += 1) {
    await handler(post({ "content-type": "text/plain" }, eventBody));
    await handler(post({}, "x".repeat(11)));
    await handler(post({}, "x"));
  }
  expect(log.lines.length).toBeLessThanOrEqual(60);
});

it("the cause of a wrong signature is looked for at most twenty times per minute", async () => {
  let now = NOW;
  const { handler, log } = setup({ verify: github(["hush"]), now: () => now });
  const forged = () => post({}, eventBody);
  for (let n = 0; n < 50; n += 1) expect((await handler(forged())).status).toBe(401);
  expect(log.lines.filter((line) => line.includes("401"))).toHaveLength(20);
  now += 60_000;
  await handler(forged());
  expect(log.lines.filter((line) => line.includes("401"))).toHaveLength(21);
});
