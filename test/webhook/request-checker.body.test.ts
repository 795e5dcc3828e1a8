import { expect, it, vi } from "vitest";
import { sleep } from "../support/servers.ts";
import { deliveryOf, event, post, setup, signedHeaders, told } from "../support/webhook.ts";

it("a body without end is read up to maxBodyBytes and then answered 413", async () => {
  let given = 0;
  const endless = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        given += 1000;
        controller.enqueue(new Uint8Array(1000));
      },
    },
    { highWaterMark: 0 },
  );
  const { handler } = setup({ maxBodyBytes: 10_000 });
  const init = { method: "POST", headers: signedHeaders("{}"), body: endless, duplex: "half" };
  const response = await handler(new Request("http://r.example/", init as RequestInit));
  expect(response.status).toBe(413);
  expect(given).toBeGreaterThan(10_000);
  expect(given).toBeLessThanOrEqual(13_000);
});

it("a body whose announced length exceeds maxBodyBytes is not read at all", async () => {
  const pull = vi.fn();
  const body = new ReadableStream<Uint8Array>({ pull }, { highWaterMark: 0 });
  const { handler } = setup({ maxBodyBytes: 10_000 });
  const headers = { ...signedHeaders("{}"), "content-length": "10001" };
  const init = { method: "POST", headers, body, duplex: "half" };
  expect((await handler(new Request("http://r.example/", init as RequestInit))).status).toBe(413);
  expect(pull).not.toHaveBeenCalled();
});

it("a body that is too long is answered 413 at once, even if cancelling its stream never ends", async () => {
  const stuck = () => new ReadableStream({ cancel: () => new Promise(() => {}) });
  const { handler } = setup({ maxBodyBytes: 10 });
  const answer = await Promise.race([
    handler(post({ ...signedHeaders("{}"), "content-length": "11" }, stuck())),
    new Promise((resolve) => setTimeout(resolve, 10_000, "hangs")),
  ]);
  expect(answer).toMatchObject({ status: 413 });
});

const unfinished = (length: number) =>
  new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array(length - 1)) });

it.each([
  ["does not arrive within respondWithinMs", 408, "too_slow", () => unfinished(100)],
  ["breaks off", 400, "body_incomplete", () => new ReadableStream({ pull: () => Promise.reject(new Error("gone")) })],
])("a body that %s is answered %d %s", async (_what, status, error, body) => {
  const { handler, fake } = setup({ respondWithinMs: 30 });
  const answer = await told(handler(post({ ...signedHeaders("{}"), "content-length": "100" }, body())));
  expect(answer).toMatchObject({ status, body: { error } });
  expect(fake.requests).toEqual([]);
});

it("a request beyond 32 of the greatest bodies in memory is answered 503, until memory is free", async () => {
  const { handler, log } = setup({ maxBodyBytes: 1_000, respondWithinMs: 1_500 });
  const open = () => told(handler(post({ ...signedHeaders("{}"), "content-length": "1000" }, unfinished(1_000))));
  const answers = Array.from({ length: 32 }, open);
  await sleep(20);
  expect(await open()).toMatchObject({ status: 503, retryAfter: 30, body: { error: "busy" } });
  expect(log.text).toContain("hold 32000 bytes");
  for (const answer of answers) expect((await answer).status).toBe(408);
  expect((await told(handler(deliveryOf(event)))).status).toBe(200);
});

it("a request whose body was read before the webhook is answered 500, and the log says what to change", async () => {
  const { handler, fake, log } = setup();
  const request = deliveryOf(event);
  await request.json();
  expect(await told(handler(request))).toMatchObject({ status: 500, body: { error: "body_already_read" } });
  expect(log.text).toContain("before express.json()");
  expect(fake.requests).toEqual([]);
});
