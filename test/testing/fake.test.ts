import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createFakeOplead, type FakeOplead } from "../../src/testing/index.ts";
import { builtPackage } from "../support/built.ts";
import { head, region, transports } from "./helpers.ts";

const headers = { authorization: "Bearer fake-token" };
const url = "https://api.oplead.com/v1/users";

describe.each(transports)("reset() through %s", (_, open) => {
  it("after reset() the fake has its first users, and no log, faults, delays or limits", async () => {
    const { fake, call } = await open({ users: [head()] });
    fake.fail({ as: { status: 503 }, times: 99 });
    fake.delay({ ms: 60_000, on: "GET" });
    fake.limit({ requests: 1, perMs: 60_000 });
    const before = await call("POST", "/v1/users", region());
    fake.reset();
    expect(fake.requests).toEqual([]);
    expect(fake.users.map((user) => user.accountNumber)).toEqual(["NET-1"]);
    const after = await call("POST", "/v1/users", region());
    expect(after.status).toBe(201);
    expect(after.headers.get("x-request-id")).toBe(before.headers.get("x-request-id"));
    expect((await call("GET", "/v1/types/countries")).status).toBe(200);
  });
});

it.each<[string, (fake: FakeOplead) => unknown, string]>([
  ["an option of the fake", () => createFakeOplead({ strikt: true } as object), "options.strikt is no option"],
  ["an option of a fault", (fake) => fake.fail({ as: "reset", time: 3 } as never), "fault.time is no option"],
  ["an option of a delay", (fake) => fake.delay({ ms: 1, one: "GET" } as never), "delay.one is no option"],
  ["an option of a limit", (fake) => fake.limit({ requests: 1, per: 2 } as never), "limit.per is no option"],
  ["an option of a lag", (fake) => fake.lag({ ms: 1, read: ["user"] } as never), "lag.read is no option"],
  ["a key of a seed", (fake) => fake.seed({ user: [] } as never), "seed.users must be a list of objects"],
])(
  "a misspelt key in %s is refused, because the test would otherwise not try what it means to try",
  (_, slip, problem) => {
    expect(() => slip(createFakeOplead())).toThrow(problem);
  },
);

it("seed adds users at once, even while reads lag, and reset takes them away", async () => {
  const fake = createFakeOplead({ users: [head()] });
  fake.lag(60_000);
  fake.seed({ users: [region()] });
  const answer = await fake.fetch(`${url}/REG-1`, { method: "PUT", headers, body: JSON.stringify(region()) });
  expect([answer.status, fake.users.length, fake.requests.length]).toEqual([200, 2, 1]);
  expect(() => fake.seed({ users: [region()] })).toThrow("seed.users[0] is not valid");
  fake.reset();
  expect(fake.users.map((user) => user.accountNumber)).toEqual(["NET-1"]);
});

it("until() resolves when its condition holds, and otherwise rejects in time with the counts", async () => {
  const fake = createFakeOplead();
  setTimeout(() => void fake.fetch(url, { method: "POST", headers, body: JSON.stringify(head()) }), 20);
  await fake.until(({ users }) => users.length === 1);
  expect(fake.users.length).toBe(1);
  await expect(fake.until(({ users }) => users.length === 2, { timeoutMs: 20 })).rejects.toThrow(
    "the condition did not hold within 20 ms (requests: 1, users: 1)",
  );
});

const folder = new URL("../../src/testing/", import.meta.url);

it("the test kit imports nothing but generated data and msw, and no Node built-in before listen()", () => {
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

it("a hanging call and a closed listener do not keep the process alive", async () => {
  const script = `
      import { createFakeOplead } from "oplead-sdk/testing";
      const fake = createFakeOplead();
      fake.fail({ as: "hang" });
      fake.fetch("https://x/v1/users").catch(() => {});
      await (await fake.listen()).close();
      console.log("done");
    `;
  const { folder } = await builtPackage();
  const args = ["--input-type=module", "--eval", script];
  expect(execFileSync(process.execPath, args, { cwd: folder, timeout: 10_000, encoding: "utf8" }).trim()).toBe("done");
});
