import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { configWith, dealersCsv, oplead } from "../../../support/command.ts";
import { folderWith } from "../../../support/folder.ts";
import { TOKEN } from "../../../support/servers.ts";
import { type Personality, standIn } from "../../../support/stand-in.ts";

async function world(like: Personality, lines = "") {
  const platform = await standIn(like);
  const folder = await folderWith({ "oplead.config.mjs": configWith(lines), "dealers.csv": dealersCsv(1) });
  const env = { OPLEAD_TOKEN: TOKEN, OPLEAD_BASE_URL: platform.url };
  return { platform, folder, run: (...args: string[]) => oplead(folder, args, { env }) };
}

it("probe writes the facts of a platform beside the config, where the other commands use them", async () => {
  const { platform, folder, run } = await world({ tokenHeader: "X-API-Key", idField: "uuid", duplicates: false });
  const listed = await run("probe", "--dry-run", "--as", "DLR-0");
  expect([listed.code, platform.seen.length]).toEqual([0, 0]);
  expect(listed.stdout).toContain("PUT /v1/users/{unknown}?test=true  an empty object");

  const first = await run("probe", "--auth", "X-API-Key");
  expect([first.code, first.stderr]).toEqual([0, ""]);
  expect(first.stdout).toContain('≠ auth: {"header":"X-API-Key"}');
  expect(first.stdout).toContain("? idField: name a user that Oplead has: --as ACCOUNT");
  const file = join(folder, "platform-facts.json");
  expect((await stat(file)).mode & 0o777).toBe(0o644);
  expect(await readFile(file, "utf8")).not.toContain(TOKEN);
  expect(platform.users).toEqual([]);

  await writeFile(join(folder, "oplead.config.mjs"), configWith('facts: "./platform-facts.json",'));
  const night = await run("sync", "--first-run");
  // The user is created, and without the name of the field its id cannot be kept.
  expect([night.code, platform.users.length]).toEqual([1, 1]);
  // Now the platform has the user, and the probe may name it.
  const named = await run("probe", "--as", "DLR-0", "--json");
  expect(JSON.parse(named.stdout).facts.idField).toMatchObject({ verdict: "refuted", value: "uuid" });
  expect((await run("sync", "--first-run")).code).toBe(0);
  expect(platform.users).toHaveLength(1);
  expect((await run("plan", "--target", "fake")).code).toBe(0);

  expect((await run("probe", "--as", "DLR-0", "--compare")).code).toBe(0);
  const facts = JSON.parse(await readFile(file, "utf8"));
  facts.facts.zipCodesListed.value = false;
  await writeFile(file, JSON.stringify({ ...facts, at: "2020-01-01T00:00:00.000Z" }));
  expect((await run("doctor")).stdout).toContain("npx oplead probe --compare");
  expect((await run("probe", "--compare")).code).toBe(2);
  facts.facts.idField.value = "ref";
  await writeFile(file, JSON.stringify(facts));
  const broken = await run("probe", "--as", "DLR-0", "--compare");
  expect([broken.code, broken.stdout]).toEqual([3, expect.stringContaining('✗ idField: "ref" → "uuid"')]);
}, 60_000);

it("without a terminal probe creates in test mode only if the config says so too", async () => {
  const { platform, folder, run } = await world({ echoesTest: true });
  const refused = await run("probe", "--allow-test-create");
  expect([refused.code, platform.seen.length]).toEqual([1, 0]);
  expect(refused.stderr).toContain("probe: { allowTestCreate: true }");
  await writeFile(join(folder, "oplead.config.mjs"), configWith("probe: { allowTestCreate: true },"));
  expect((await run("probe", "--allow-test-create")).code).toBe(0);
  expect(platform.users).toEqual([]);
}, 60_000);

it("a probe whose platform stops answering fails, and leaves the file of the one before as it is", async () => {
  const { platform, folder, run } = await world({ dropsAfter: 11 });
  expect((await run("probe")).code).toBe(0);
  const file = join(folder, "platform-facts.json");
  const before = await readFile(file, "utf8");
  for (const more of [[], ["--compare"], ["--out", "new.json"]]) {
    platform.seen.length = 8;
    const cut = await run("probe", ...more);
    expect([cut.code, cut.stderr]).toEqual([1, expect.stringContaining("stopped answering after")]);
  }
  expect(await readFile(file, "utf8")).toBe(before);
  expect((await readdir(folder)).filter((name) => name.endsWith(".json") || name.endsWith(".tmp"))).toEqual([
    "platform-facts.json",
  ]);
}, 60_000);

it("a config whose file of facts is missing or of another platform says so", async () => {
  const { run, folder } = await world({}, 'facts: "./platform-facts.json",');
  expect((await run("plan")).stderr).toContain("facts: cannot be read (ENOENT): oplead probe writes this file");
  const facts = { version: 1, baseUrl: "https://other.example", at: "", facts: {} };
  await writeFile(join(folder, "platform-facts.json"), JSON.stringify(facts));
  expect((await run("plan")).stderr).toContain("are of https://other.example");
  expect((await run("probe")).code).toBe(0);
  expect((await run("plan")).code).toBe(0);
}, 60_000);
