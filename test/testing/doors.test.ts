import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { describe, expect, it, vi } from "vitest";
import { createFakeOplead } from "../../src/testing/index.ts";
import { caller, head, region } from "./helpers.ts";

const headers = { authorization: "Bearer fake-token" };
const url = "https://api.oplead.com/v1/users";

describe("fake.fetch", () => {
  const body = JSON.stringify(head());

  it.each<[string, () => Parameters<typeof fetch>]>([
    ["a string", () => [url, { method: "POST", headers, body }]],
    ["a URL", () => [new URL(url), { method: "post", headers: Object.entries(headers), body }]],
    ["a Request", () => [new Request(url, { method: "POST", headers, body })]],
    ["a Request and init", () => [new Request(url, { method: "PUT", body }), { method: "POST", headers }]],
    [
      "Headers and bytes",
      () => [url, { method: "POST", headers: new Headers(headers), body: new TextEncoder().encode(body) }],
    ],
    ["a Blob", () => [url, { method: "POST", headers, body: new Blob([body]) }]],
    [
      "a stream",
      () => [url, { method: "POST", headers, body: new Blob([body]).stream(), duplex: "half" } as RequestInit],
    ],
  ])("takes %s", async (_name, args) => {
    const fake = createFakeOplead();
    const { fetch } = fake;
    const response = await fetch(...args());
    expect(response).toBeInstanceOf(Response);
    expect([response.status, response.ok]).toEqual([201, true]);
    expect(fake.users).toEqual([await response.json()]);
  });

  it("does not care for the host", async () => {
    const { fetch } = createFakeOplead();
    expect((await fetch("http://localhost:1/v1/types/countries", { headers })).status).toBe(200);
  });

  it("rejects what fetch would reject", async () => {
    const { fetch } = createFakeOplead();
    await expect(fetch("/v1/users")).rejects.toThrow(TypeError);
    const request = new Request(url, { method: "POST", headers, body });
    await request.text();
    await expect(fetch(request)).rejects.toThrow(TypeError);
  });

  it.each([
    ["init", (signal: AbortSignal) => [url, { signal, headers, method: "POST", body }]],
    ["a Request", (signal: AbortSignal) => [new Request(url, { signal, headers, method: "POST", body })]],
  ] as [string, (signal: AbortSignal) => Parameters<typeof fetch>][])("obeys the signal of %s", async (_name, args) => {
    const fake = createFakeOplead();
    await expect(fake.fetch(...args(AbortSignal.abort()))).rejects.toMatchObject({ name: "AbortError" });
    expect(fake.requests).toEqual([]);

    fake.fail({ as: "hang" });
    const controller = new AbortController();
    const pending = fake.fetch(...args(controller.signal));
    await vi.waitFor(() => expect(fake.requests).toHaveLength(1));
    const reason = new Error("enough");
    controller.abort(reason);
    // What the built-in Request makes of the reason is its own affair; its name and message stay.
    await expect(pending).rejects.toMatchObject({ message: "enough" });
  });
});

describe("fake.listen()", () => {
  it("serves on 127.0.0.1, on a free port or the one asked for", async () => {
    const fake = createFakeOplead();
    const first = await fake.listen();
    expect(first.url).toBe(`http://127.0.0.1:${first.port}`);
    await expect(fake.listen({ port: first.port })).rejects.toMatchObject({ code: "EADDRINUSE" });
    await first.close();
    const again = await fake.listen({ port: first.port });
    expect(again.port).toBe(first.port);
    expect((await fetch(`${again.url}/v1/types/countries`, { headers })).status).toBe(200);
    await again.close();
    await expect(fetch(`${again.url}/v1/types/countries`)).rejects.toThrow("fetch failed");
  });

  it("serves also where Node cannot give its modules by name yet", async () => {
    // Not the whole of process, which others in this thread need meanwhile.
    const { getBuiltinModule } = process;
    Reflect.set(process, "getBuiltinModule", undefined);
    const listener = await createFakeOplead()
      .listen()
      .finally(() => Reflect.set(process, "getBuiltinModule", getBuiltinModule));
    expect((await fetch(`${listener.url}/v1/types/countries`, { headers })).status).toBe(200);
    await listener.close();
  });

  it("shares the state between all doors", async () => {
    const fake = createFakeOplead({ users: [head()] });
    const [one, two] = await Promise.all([fake.listen(), fake.listen()]);
    const statuses = [];
    for (const [fetch, base] of [
      [globalThis.fetch, one.url],
      [globalThis.fetch, two.url],
      [fake.fetch, "https://x"],
    ] as const) {
      statuses.push((await caller(fetch, base)("POST", "/v1/users", region())).status);
    }
    expect(statuses).toEqual([201, 409, 409]);
    await Promise.all([one.close(), two.close()]);
  });

  it("a request that reset() finds half arrived does not act on what comes after it", async () => {
    const fake = createFakeOplead();
    const { port, close } = await fake.listen();
    const socket = connect({ port, host: "127.0.0.1" });
    const ended = new Promise((resolve) => socket.on("error", () => {}).once("close", resolve));
    const text = JSON.stringify(head());
    socket.write(
      `POST /v1/users HTTP/1.1\r\nhost: x\r\nauthorization: Bearer fake-token\r\ncontent-length: ${Buffer.byteLength(text)}\r\n\r\n${text.slice(0, 10)}`,
    );
    await new Promise((resolve) => setTimeout(resolve, 50));
    fake.reset();
    socket.write(text.slice(10));
    await ended;
    expect([fake.users, fake.requests]).toEqual([[], []]);
    await close();
  });

  it("closes at once, hanging, delayed and idle connections included, and twice", async () => {
    const fake = createFakeOplead();
    const listener = await fake.listen();
    const call = caller(fetch, listener.url);
    await call("GET", "/v1/types/countries");
    const idle = connect(listener.port, "127.0.0.1");
    await new Promise((resolve) => idle.once("connect", resolve));
    idle.on("error", () => {});
    fake.fail({ on: "GET", as: "hang" });
    fake.delay({ on: "POST", ms: 500 });
    const calls = Promise.allSettled([call("GET", "/v1/types/countries"), call("POST", "/v1/users", head())]);
    await vi.waitFor(() => expect(fake.requests).toHaveLength(3));

    const start = performance.now();
    await Promise.all([listener.close(), listener.close()]);
    expect(performance.now() - start).toBeLessThan(400);
    expect((await calls).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    // A server that is gone does not act any more.
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(fake.users).toEqual([]);
  });

  it("reads bodies that come in pieces, in the middle of a character too", async () => {
    const fake = createFakeOplead();
    const listener = await fake.listen();
    const bytes = new TextEncoder().encode(JSON.stringify(head({ lastname: "é".repeat(50_000) })));
    const body = new ReadableStream<Uint8Array>({
      async start(controller) {
        for (let at = 0; at < bytes.length; at += 30_001) {
          controller.enqueue(bytes.slice(at, at + 30_001));
          await new Promise((resolve) => setTimeout(resolve, 2));
        }
        controller.close();
      },
    });
    const init = { method: "POST", headers, body, duplex: "half" } as RequestInit;
    expect((await fetch(`${listener.url}/v1/users`, init)).status).toBe(201);
    expect(fake.users[0]?.lastname).toBe("é".repeat(50_000));
    await listener.close();
  });
});

describe("the module", () => {
  const folder = new URL("../../src/testing/", import.meta.url);

  it("The test kit imports nothing outside its folder except generated data and msw, and no Node built-in before listen().", () => {
    const outside: string[] = [];
    for (const file of readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
      name.endsWith(".ts"),
    )) {
      const url = new URL(file.replaceAll("\\", "/"), folder);
      const source = readFileSync(url, "utf8");
      for (const [, path = ""] of source.matchAll(/^(?:import|export) (?!type )[^;]*?from "(.*)";/gm)) {
        const target = path.startsWith(".") ? new URL(path, url).href : path;
        const isOwn = target.startsWith(folder.href) || target.startsWith(new URL("../../generated/", folder).href);
        if (!isOwn && !(file === "msw.ts" && path === "msw")) outside.push(`${file}: ${path}`);
      }
    }
    expect(outside).toEqual([]);
  });

  it("takes twenty thousand calls in a breath", async () => {
    const fake = createFakeOplead();
    for (let i = 0; i < 20_000; i += 1) {
      await fake.fetch(url, { method: "POST", headers, body: JSON.stringify(head({ accountNumber: `ACC-${i}` })) });
    }
    expect(fake.users).toHaveLength(20_000);
    expect(fake.duplicates()).toEqual([]);
  });

  it("does not keep a process alive by itself", () => {
    const script = `
      import { createFakeOplead } from "./src/testing/index.ts";
      const fake = createFakeOplead();
      fake.fail({ as: "hang" });
      fake.fetch("https://x/v1/users").catch(() => {});
      await (await fake.listen()).close();
      console.log("done");
    `;
    const root = new URL("../../", import.meta.url);
    const args = ["--import", "tsx", "--input-type=module", "--eval", script];
    expect(execFileSync(process.execPath, args, { cwd: root, timeout: 10_000, encoding: "utf8" }).trim()).toBe("done");
  });
});
