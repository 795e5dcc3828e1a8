import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { configWith, dealersCsv, oplead, projectWith } from "../../support/command.ts";
import { folderWith } from "../../support/folder.ts";
import { FOREIGN, type ForeignOptions, foreignPlatform } from "../../support/foreign-platform.ts";
import { json, serve, TOKEN } from "../../support/servers.ts";
import { type Personality, standIn } from "../../support/stand-in.ts";
import { user } from "../../support/users.ts";

async function world(like: Personality, lines = "probe: { lagMs: 0 },") {
  const platform = await standIn(like);
  const folder = await projectWith(lines, dealersCsv(1));
  const env = { OPLEAD_TOKEN: TOKEN, OPLEAD_BASE_URL: platform.url };
  // The stand-in gives no sign of its test mode.
  const run = ([name = "", ...args]: string[]) =>
    oplead(folder, [name, ...args, ...(name === "probe" ? ["--trust-test-mode"] : [])], { env });
  return { platform, folder, run: (...args: string[]) => run(args) };
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
  const file = join(folder, "platform.json");
  expect((await stat(file)).mode & 0o777).toBe(0o644);
  expect(await readFile(file, "utf8")).not.toContain(TOKEN);
  expect(platform.users).toEqual([]);

  await writeFile(join(folder, "oplead.config.mjs"), configWith('platform: "./platform.json", probe: { lagMs: 0 },'));
  const night = await run("sync");
  // The client does not know which field holds the id.
  expect([night.code, platform.users.length]).toEqual([1, 1]);
  const named = await run("probe", "--as", "DLR-0", "--json");
  expect(JSON.parse(named.stdout).facts.idField).toMatchObject({ verdict: "refuted", value: "uuid" });
  expect((await run("sync")).code).toBe(0);
  expect(platform.users).toHaveLength(1);
  expect((await run("plan", "--target", "fake")).code).toBe(0);

  expect((await run("probe", "--as", "DLR-0", "--compare")).code).toBe(0);
  const { facts } = JSON.parse(await readFile(file, "utf8"));
  facts.facts.zipCodesListed.value = false;
  await writeFile(file, JSON.stringify({ facts: { ...facts, at: "2020-01-01T00:00:00.000Z" } }));
  expect((await run("doctor")).stdout).toContain("npx oplead-sdk probe --compare");
  expect((await run("probe", "--compare")).code).toBe(2);
  facts.facts.idField.value = "ref";
  await writeFile(file, JSON.stringify({ name: "acme", facts }));
  const broken = await run("probe", "--as", "DLR-0", "--compare");
  expect([broken.code, broken.stdout]).toEqual([3, expect.stringContaining('✗ idField: "ref" → "uuid"')]);
});

it("without a terminal, probe creates users in test mode only if its flag and the config both allow it", async () => {
  const { platform, folder, run } = await world({ echoesTest: true });
  const refused = await run("probe", "--allow-test-create");
  expect([refused.code, platform.seen.length]).toEqual([1, 0]);
  expect(refused.stderr).toContain("probe.allowTestCreate: true");
  await writeFile(join(folder, "oplead.config.mjs"), configWith("probe: { allowTestCreate: true, lagMs: 0 },"));
  expect((await run("probe", "--allow-test-create")).code).toBe(0);
  expect(platform.users).toEqual([]);
});

it("a probe fails if the platform stops answering, and leaves the file of the previous probe unchanged", async () => {
  const { platform, folder, run } = await world({ dropsAfter: 14 });
  expect((await run("probe")).code).toBe(0);
  const file = join(folder, "platform.json");
  const before = await readFile(file, "utf8");
  for (const more of [[], ["--compare"], ["--out", "new.json"]]) {
    platform.seen.length = 8;
    const cut = await run("probe", ...more);
    expect([cut.code, cut.stderr]).toEqual([1, expect.stringContaining("stopped answering after")]);
  }
  expect(await readFile(file, "utf8")).toBe(before);
  expect((await readdir(folder)).filter((name) => name.endsWith(".json") || name.endsWith(".tmp"))).toEqual([
    "platform.json",
  ]);
});

it("a probe replaces a damaged file, and keeps a file that has more facts than the probe found", async () => {
  const { platform, folder, run } = await world({}, 'platform: "./platform.json", probe: { lagMs: 0 },');
  platform.has({ ...user(1), accountNumber: "DLR-0" });
  const file = join(folder, "platform.json");
  expect((await run("probe", "--as", "DLR-0")).code).toBe(0);
  const text = await readFile(file, "utf8");

  const less = await run("probe");
  expect([less.code, less.stderr]).toEqual([1, expect.stringMatching(/stays: .*idField, idType/)]);
  expect(await readFile(file, "utf8")).toBe(text);

  await writeFile(file, text.replace('"at": "20', '"at": "99'));
  expect((await run("doctor")).stdout).toContain("! Facts: have no date, or one in the future");
  await writeFile(file, text.replace(platform.url, "https://other.example"));
  const other = await run("probe", "--compare");
  expect([other.code, other.stderr]).toEqual([1, expect.stringContaining("is of https://other.example, and this is")]);
  await writeFile(file, text.replace('"value": "digits"', '"value": "sequence"'));
  expect((await run("plan")).stderr).toContain("platform.facts.facts.idType: must be");
  await writeFile(file, text.slice(0, 700));
  const damaged = await run("probe", "--compare");
  expect([damaged.code, damaged.stderr]).toEqual([1, expect.stringContaining("platform.json: ")]);
  expect((await run("probe")).code).toBe(0);
  expect(JSON.parse(await readFile(file, "utf8")).facts.facts.auth.verdict).toBe("confirmed");
});

it("a dry run needs no token, because it sends nothing", async () => {
  const { folder } = await world({});
  const listed = await oplead(folder, "probe --dry-run", {
    env: { OPLEAD_TOKEN: "", OPLEAD_BASE_URL: "https://oplead.test" },
  });
  expect([listed.code, listed.stderr, listed.stdout]).toEqual([0, "", expect.stringContaining("Nothing was sent.")]);
});

it("a config is refused if its file of facts is missing or is about another platform", async () => {
  const { run, folder } = await world({}, 'platform: "./platform.json", probe: { lagMs: 0 },');
  expect((await run("plan")).stderr).toContain("platform: cannot be read (ENOENT): oplead probe writes this file");
  const facts = { version: 2, baseUrl: "https://other.example", at: "", facts: {} };
  await writeFile(join(folder, "platform.json"), JSON.stringify({ facts }));
  expect((await run("plan")).stderr).toContain("are of https://other.example");
  expect((await run("probe")).code).toBe(0);
  expect((await run("plan")).code).toBe(0);
});

async function foreignWorld(options?: ForeignOptions) {
  const server = await foreignPlatform(options);
  onTestFinished(server.close);
  const folder = await folderWith({
    "oplead.config.mjs": configWith('platform: "./platform.json", probe: { lagMs: 0 },'),
    "platform.json": "{}",
    "dealers.csv": dealersCsv(1),
  });
  const env = { OPLEAD_TOKEN: server.issue(), OPLEAD_BASE_URL: server.url };
  return { server, folder, run: (...args: string[]) => oplead(folder, args, { env }) };
}

it("probe writes what a foreign platform names otherwise into platform.json, and doctor reads it", async () => {
  const { server, folder, run } = await foreignWorld();
  const { code, stdout } = await run("probe");
  expect(code).toBe(0);
  expect(stdout).toContain('+ platform.fields.firstname: "first_name"  from POST /v1/users?test=true (422)');
  const { fields, envelope } = JSON.parse(await readFile(join(folder, "platform.json"), "utf8"));
  expect(fields).toMatchObject({ lastname: "last_name", "profile.code": "profile", "profiles[].code": "[].ref" });
  expect(envelope).toEqual(FOREIGN.envelope);
  expect(server.users).toEqual([]);
  expect((await run("doctor")).stdout).toContain("HEAD");
});

it.each(["accepts everything", "ignores test=true"] as const)(
  "probe and sync --test write nothing to a platform that %s, unless told to trust it",
  async (kind) => {
    const { server, folder, run } = await foreignWorld({ kind });
    const refused = expect.stringMatching(/alike[\s\S]*--trust-test-mode[\s\S]*no_test_mode/);
    const bodies = () => server.requests.filter(({ method }) => method !== "GET").map(({ body }) => typeof body);
    expect(await run("probe")).toMatchObject({ code: 1, stderr: refused });
    await writeFile(join(folder, "oplead.config.mjs"), configWith("checks: false,"));
    expect(await run("sync", "--test")).toMatchObject({ code: 1, stderr: refused });
    expect(bodies()).toEqual(Array(4).fill("symbol"));
    const trusted = await run("probe", "--trust-test-mode");
    expect([trusted.code, server.users]).toEqual([kind === "accepts everything" ? 1 : 0, []]);
    await run("sync", "--test", "--trust-test-mode");
    expect(bodies().at(-1)).toBe("object");
  },
);

it("a test at a platform with an outage says so, and not that it has no test mode", async () => {
  const server = await serve((response) => json(response, 503, {}));
  const { folder } = await world({});
  const env = { OPLEAD_TOKEN: "t", OPLEAD_BASE_URL: server.url };
  for (const command of ["probe", "sync --test"]) {
    const { code, stderr } = await oplead(folder, command, { env });
    expect([code, stderr]).toEqual([1, expect.stringContaining("[server_error]")]);
  }
});
