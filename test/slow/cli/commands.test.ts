import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { COMMANDS } from "../../../src/cli/commands/index.ts";
import { dealersCsv, type Ended, openPlatform, oplead, said } from "../../support/command.ts";
import { bin, installedFolder, project } from "./project.ts";

const json = ({ stdout }: Ended) => JSON.parse(stdout);

describe("the installed command", () => {
  it("runs by its link in node_modules/.bin, and says its version", async () => {
    const folder = await installedFolder();
    expect(await oplead(folder, [], { shell: `'${bin}' --version` })).toMatchObject({ code: 0, stdout: "0.0.0\n" });
  });

  it("without a command shows the help as an error; with help shows it as the result", async () => {
    const folder = await installedFolder();
    const none = await oplead(folder, []);
    expect(none).toMatchObject({ code: 1, stdout: "" });
    expect(none.stderr).toContain("Usage: oplead");
    const help = await oplead(folder, ["help", "apply"]);
    expect(help).toMatchObject({ code: 0, stderr: "" });
    expect(help.stdout).toContain("--approve <hash>");
    const ofLedger = await oplead(folder, ["ledger", "--help"]);
    expect(ofLedger.stdout).toMatch(/Commands:\n {2}list [\s\S]* {2}adopt [\s\S]* {2}help /);
  });

  it.each(COMMANDS.map(({ name }) => name))(
    "help %s fits into 80 columns, and lists a help command only beside other commands",
    async (name) => {
      const { code, stdout } = await oplead(await installedFolder(), ["help", name]);
      expect(code).toBe(0);
      expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
      expect(stdout.includes("  help [command]")).toBe(["ledger", "rules", "queue"].includes(name));
    },
  );

  it.each([
    [["plan", "--token", "x"], /unknown option '--token'. The token comes from OPLEAD_TOKEN/],
    [["plan", "--format", "pdf"], /choices are text, json, markdown/i],
    [["plan", "--nothing"], /unknown option '--nothing'/],
    [["show"], /missing required argument 'file'/],
    [["serve", "--port", "70000"], /whole number from 0 to 65535/],
    [["apply"], /Name the plan/],
    [["sync", "--report", "report.pdf"], /must end in .txt, .json, .md, .csv/],
    [["ledger", "get"], /missing required argument 'account'/],
    [["fake", "--faults", "many"], /must be a share/],
    [["coverage", "--fail-on", "hole"], /There are gap, thin/],
  ])("%j is wrong usage: exit code 1, a sentence on stderr, and JSON with --json", async (args, message) => {
    const { env } = await openPlatform();
    const folder = await project();
    const text = await oplead(folder, args, { env });
    expect(text).toMatchObject({ code: 1, stdout: "" });
    expect(text.stderr).toMatch(message);
    const asJson = await oplead(folder, [...args, "--json"], { env });
    expect(asJson.code).toBe(1);
    expect(json(asJson).error.message).toMatch(message);
  });
});

describe("init", () => {
  it("writes a config, a sample and .gitignore lines that work with the fake, and replaces nothing", async () => {
    const folder = await installedFolder({ ".gitignore": "dist" });
    const first = await oplead(folder, ["init", "--json"]);
    expect(first.code).toBe(0);
    expect(json(first)).toEqual({ written: ["oplead.config.mjs", "dealers.csv", ".gitignore"], installed: true });
    expect(readFileSync(join(folder, ".gitignore"), "utf8")).toBe(
      "dist\noplead-ledger/\noplead-ledger.run.json\noplead-audit.jsonl\noplead-coverage.json\n.env\n",
    );
    const again = await oplead(folder, ["init"]);
    expect(again.code).toBe(1);
    expect(again.stderr).toContain("oplead.config.mjs is there already");
    expect(await oplead(folder, ["sync", "--target", "fake"])).toMatchObject({ code: 0 });
    const missing = await oplead(folder, ["plan"]);
    expect(missing.code).toBe(1);
    expect(missing.stderr).toContain("client.token: the environment variable OPLEAD_TOKEN is not set");
    expect(missing.stderr).toContain("into a file .env beside the config. To try without one: --target fake");
  });

  it("writes TypeScript where there is a tsconfig.json, and it runs", async () => {
    const folder = await installedFolder({ "tsconfig.json": "{}" });
    expect((await oplead(folder, ["init"])).stdout).toContain("oplead.config.ts");
    expect(await oplead(folder, ["plan", "--target", "fake"])).toMatchObject({ code: 0 });
  });
});

describe("plan", () => {
  it("gives text, JSON and Markdown; notes go to stderr, and --quiet leaves them out", async () => {
    const { env } = await openPlatform();
    const folder = await project();
    const text = await oplead(folder, ["plan"], { env });
    expect(text.stdout).toMatch(/^Plan \w{12}: 3 records\n/);
    expect(text.stderr).toContain("npx oplead apply --approve");
    const markdown = await oplead(folder, ["plan", "--format", "markdown", "--quiet"], { env });
    expect(markdown.stdout).toContain("### Oplead plan `");
    expect(markdown.stderr).toBe("");
    const plan = json(await oplead(folder, ["plan", "--format=json"], { env }));
    expect(plan).toMatchObject({
      version: 1,
      counts: { new: 3 },
      changes: [{ accountNumber: "DLR-0", row: 2 }, {}, {}],
    });
  });

  it("tells GitHub Actions whether there are changes, the hash, and the summary of the job", async () => {
    const { env } = await openPlatform();
    const folder = await project();
    const github = {
      GITHUB_ACTIONS: "true",
      GITHUB_OUTPUT: join(folder, "out"),
      GITHUB_STEP_SUMMARY: join(folder, "sum"),
    };
    const { hash } = json(await oplead(folder, ["plan", "--json"], { env: { ...env, ...github } }));
    expect(readFileSync(join(folder, "out"), "utf8")).toBe(`has_changes=true\nhash=${hash}\n`);
    expect(readFileSync(join(folder, "sum"), "utf8")).toContain("| DLR-0 | new |");
  });

  it("points out zip codes that lost a zero, on stderr, and still gives the plan", async () => {
    const { env } = await openPlatform();
    const folder = await project();
    writeFileSync(join(folder, "dealers.csv"), dealersCsv(3, "DLR-3;Petit;q@dealers.example;1000;\r\n"));
    const { code, stderr } = await oplead(folder, ["plan"], { env });
    expect(code).toBe(0);
    expect(stderr).toContain('Warning: dealers.csv: row 5, column "zip": the zip code has four digits');
  });

  it("--resend plans what the ledger knows already", async () => {
    const { env } = await openPlatform();
    const folder = await project();
    await oplead(folder, ["sync"], { env });
    expect(json(await oplead(folder, ["plan", "--json"], { env })).changes).toHaveLength(0);
    expect(json(await oplead(folder, ["plan", "--json", "--resend"], { env })).changes).toHaveLength(3);
  });
});

describe("apply and show", () => {
  it("--only and --limit send part of a plan, also when they were saved with it", async () => {
    const { fake, env } = await openPlatform();
    const folder = await project(5);
    await oplead(folder, ["plan", "--out", "plan.json", "--only", "DLR-1", "DLR-3"], { env });
    expect(await oplead(folder, ["apply", "plan.json"], { env })).toMatchObject({ code: 0 });
    expect(fake.users.map(({ accountNumber }) => accountNumber).sort()).toEqual(["DLR-1", "DLR-3"]);
    const { hash } = json(await oplead(folder, ["plan", "--json"], { env }));
    expect(await oplead(folder, ["apply", "--approve", hash, "--limit", "1"], { env })).toMatchObject({ code: 0 });
    expect(fake.users).toHaveLength(3);
  });

  it("an approval of another plan is exit code 3", async () => {
    const { env, writes } = await openPlatform();
    const folder = await project();
    const refused = await oplead(folder, ["apply", "--approve", "aaaaaaaaaaaa", "--json"], { env });
    expect(refused.code).toBe(3);
    expect(json(refused).error).toMatchObject({ code: "sync_refused", findings: [{ code: "other_plan" }] });
    expect(writes()).toBe(0);
  });

  it("show gives the saved plan as text and as JSON, and refuses what is not one", async () => {
    const { env } = await openPlatform();
    const folder = await project();
    const { stdout } = await oplead(folder, ["plan", "--out", "plan.json"], { env });
    const shown = await oplead(folder, ["show", "plan.json"]);
    expect(shown.code).toBe(0);
    expect(shown.stdout.split("\n").slice(0, 3)).toEqual(stdout.split("\n").slice(0, 3));
    expect(json(await oplead(folder, ["show", "plan.json", "--json"]))).toMatchObject({ version: 1 });
    writeFileSync(join(folder, "other.json"), "[1]");
    for (const [file, message] of [
      ["other.json", /is not a plan of this version/],
      ["dealers.csv", /is not JSON/],
      ["nothing.json", /There is no plan nothing.json/],
    ] as const) {
      const refused = await oplead(folder, ["show", file]);
      expect(refused.code).toBe(1);
      expect(refused.stderr).toMatch(message);
    }
  });
});

describe("sync", () => {
  it("is stopped by the guard with exit code 3, and apply --approve goes ahead", async () => {
    const { fake, env } = await openPlatform();
    const folder = await project(5, "guard: { minUsers: 1, maxChanged: 0.2 },");
    expect(await oplead(folder, ["sync"], { env })).toMatchObject({ code: 0 });
    writeFileSync(join(folder, "dealers.csv"), dealersCsv(5).replaceAll("Étienne", "Durand"));
    const stopped = await oplead(folder, ["sync", "--json"], { env });
    expect(stopped.code).toBe(3);
    const { error } = json(stopped);
    expect(error).toMatchObject({ code: "sync_refused", findings: [{ code: "mass_change" }] });
    expect(fake.user("DLR-0")?.lastname).toBe("Étienne 0");
    expect(await oplead(folder, ["apply", "--approve", error.hash], { env })).toMatchObject({ code: 0 });
    expect(fake.user("DLR-0")?.lastname).toBe("Durand 0");
  });

  it("ends with 4 when some users failed, writes reports in every form, and retry sends those users alone", async () => {
    const { fake, env, writes } = await openPlatform();
    const folder = await project(4);
    const isThird = ({ body }: { body: unknown }) => (body as { accountNumber?: string })?.accountNumber === "DLR-2";
    fake.fail({ on: isThird, as: { status: 503 }, times: 100 });
    const reports = ["--report", "r.csv", "--report", "r.md", "--report", "r.json", "--report", "r.txt"];
    const run = await oplead(folder, ["sync", "--language", "fr", ...reports], { env });
    expect(run.code).toBe(4);
    expect(readFileSync(join(folder, "r.csv"), "utf8")).toMatch(/^\ufeffligne;/);
    expect(readFileSync(join(folder, "r.csv"), "utf8")).toContain("4;DLR-2;");
    expect(JSON.parse(readFileSync(join(folder, "r.json"), "utf8"))).toMatchObject({ status: "partial" });
    expect(readFileSync(join(folder, "r.md"), "utf8")).toContain("DLR-2");
    fake.reset();
    expect(run.stderr).toContain("To send again what failed: npx oplead retry");
    for (const accountNumber of ["DLR-0", "DLR-1", "DLR-3"]) expect(run.stdout).not.toContain(accountNumber);
    const retried = await oplead(folder, ["retry"], { env });
    expect(retried.code).toBe(0);
    expect(retried.stderr).toContain("1 user to send again");
    expect(writes()).toBeLessThanOrEqual(4);
    expect(fake.users.map(({ accountNumber }) => accountNumber)).toEqual(["DLR-2"]);
  });

  it("ends with 1 when nothing arrived, and with the reason when the token is refused", async () => {
    const { env } = await openPlatform();
    const folder = await project();
    const refused = await oplead(folder, ["sync", "--json"], { env: { ...env, OPLEAD_TOKEN: "wrong" } });
    expect(refused.code).toBe(1);
    expect(json(refused).error.code).toBe("unauthorized");
    expect(refused.stderr + refused.stdout).not.toContain("wrong-token");
    const gone = await oplead(folder, ["sync", "--json"], { env: { ...env, OPLEAD_BASE_URL: "http://127.0.0.1:9" } });
    expect(gone.code).toBe(1);
    expect(json(gone)).toMatchObject({ status: "stopped" });
  });

  it("with test mode on is a rehearsal that changes neither Oplead nor the ledger", async () => {
    const { fake, env } = await openPlatform();
    const folder = await project(3, "targets: { rehearsal: { client: { testMode: true } } },");
    const run = await oplead(folder, ["sync", "--target", "rehearsal", "--json"], { env });
    expect(json(run)).toMatchObject({ testMode: true });
    expect(fake.users).toHaveLength(0);
    expect(fake.requests.filter(({ method }) => method !== "GET").every(({ testMode }) => testMode)).toBe(true);
    expect(json(await oplead(folder, ["ledger", "list", "--json"], { env }))).toEqual([]);
  });
});

describe("verify", () => {
  it("lets Oplead check a sample of the plan in test mode, and changes neither Oplead nor the ledger", async () => {
    const { fake, env } = await openPlatform();
    const folder = await project(20);
    const run = await oplead(folder, ["verify", "--sample", "5", "--json"], { env });
    expect(run.code).toBe(0);
    expect(json(run)).toMatchObject({ testMode: true, status: "complete", counts: { created: 5, notSelected: 15 } });
    expect(fake.users).toHaveLength(0);
    const writes = fake.requests.filter(({ method }) => method !== "GET");
    expect(writes.length).toBeGreaterThan(0);
    expect(writes.every(({ testMode }) => testMode)).toBe(true);
    expect(json(await oplead(folder, ["ledger", "list", "--json"], { env }))).toEqual([]);
  });

  it("ends with 4 when Oplead would refuse a user, and holds nothing back from the real run", async () => {
    const { fake, env } = await openPlatform();
    const folder = await project(3);
    const isFirst = ({ body, method }: { body: unknown; method: string }) =>
      method === "POST" && (body as { accountNumber?: string })?.accountNumber === "DLR-0";
    fake.fail({ on: isFirst, as: { status: 422 } });
    const refused = await oplead(folder, ["verify"], { env });
    expect(refused.code).toBe(4);
    expect(refused.stdout).toContain("Rehearsal partial (test mode: nothing was persisted)");
    expect(refused.stdout).toContain("DLR-0 (row 2)  user: rejected 422");
    expect(await oplead(folder, ["sync"], { env })).toMatchObject({ code: 0 });
    expect(fake.users).toHaveLength(3);
  });
});

describe("diff", () => {
  it("shows paths, and values only with --reveal", async () => {
    const { env } = await openPlatform();
    const folder = await project();
    const hidden = await oplead(folder, ["diff", "DLR-1"], { env });
    expect(hidden.code).toBe(0);
    expect(hidden.stdout).toContain("+ address.city");
    expect(hidden.stdout + hidden.stderr).not.toContain("Étienne");
    expect((await oplead(folder, ["diff", "DLR-1", "--reveal"], { env })).stdout).toContain('+ lastname: "Étienne 1"');
    const unknown = await oplead(folder, ["diff", "DLR-77"], { env });
    expect(unknown).toMatchObject({ code: 1, stdout: "" });
    expect(unknown.stderr).toContain("The source has no user DLR-77 that can be sent.");
    await oplead(folder, ["sync"], { env });
    expect((await oplead(folder, ["diff", "DLR-1"], { env })).stdout).toContain("has no change to send");
  });
});

describe("retry --held", () => {
  it("sends again what Oplead has refused, and nothing else", async () => {
    const { fake, env } = await openPlatform();
    const folder = await project(3);
    const isFirst = ({ body, method }: { body: unknown; method: string }) =>
      method === "POST" && (body as { accountNumber?: string })?.accountNumber === "DLR-0";
    fake.fail({ on: isFirst, as: { status: 422 } });
    expect((await oplead(folder, ["sync"], { env })).code).toBe(4);
    expect(json(await oplead(folder, ["ledger", "list", "--held", "--json"], { env }))).toHaveLength(1);
    expect((await oplead(folder, ["diff", "DLR-0"], { env })).stdout).toContain("is held (user: rejected)");
    const before = fake.requests.length;
    const named = await oplead(folder, ["retry", "DLR-0"], { env });
    expect(named.stdout).toContain("Oplead has refused 1 of them before: --held sends them all the same.");
    expect((await oplead(folder, ["retry", "--held"], { env })).code).toBe(0);
    expect(fake.users).toHaveLength(3);
    const sent = fake.requests.slice(before).filter(({ method }) => method !== "GET");
    expect(sent.length).toBeLessThanOrEqual(3);
  });
});

describe("ledger", () => {
  it("of another platform is refused, doctor says so, and adopt gives it to the new address", async () => {
    const [staging, production] = [await openPlatform(), await openPlatform()];
    const folder = await project();
    expect(await oplead(folder, ["sync"], { env: staging.env })).toMatchObject({ code: 0 });
    const { env } = production;
    const refused = await oplead(folder, ["sync", "--json"], { env });
    expect(refused.code).toBe(1);
    expect(json(refused).error).toMatchObject({
      code: "ledger_mismatch",
      message: expect.stringContaining("oplead ledger adopt"),
    });
    const doctor = await oplead(folder, ["doctor"], { env });
    expect(doctor.code).toBe(1);
    expect(doctor.stdout).toMatch(/✗ Ledger: The ledger belongs to .*, and this client to .*\n.*oplead ledger adopt/);
    expect(production.fake.users).toEqual([]);
    const adopted = await oplead(folder, ["ledger", "adopt"], { env });
    expect(adopted.code).toBe(0);
    expect(adopted.stdout).toContain(`The ledger belongs to ${env.OPLEAD_BASE_URL}, no longer to`);
    expect(await oplead(folder, ["plan"], { env })).toMatchObject({ code: 0 });
  });

  it("lists, gets, forgets, exports and imports", async () => {
    const { env, fake } = await openPlatform();
    const folder = await project();
    await oplead(folder, ["sync"], { env });
    const ids = fake.users.map(({ id, accountNumber }) => `${accountNumber},${id}`).sort();
    const noToken = { OPLEAD_BASE_URL: env.OPLEAD_BASE_URL };
    const exported = await oplead(folder, ["ledger", "export"], { env: noToken });
    expect(exported.stdout.trim().split("\n").sort()).toEqual([...ids, "accountNumber,id"].sort());
    expect((await oplead(folder, ["ledger", "list"])).stdout).toContain("DLR-1  ");
    expect((await oplead(folder, ["ledger", "get", "DLR-1"])).stdout).toContain("rules: maxDistance");
    expect(await oplead(folder, ["ledger", "get", "DLR-9"])).toMatchObject({ code: 1 });
    const forgotten = await oplead(folder, ["ledger", "forget", "DLR-1", "DLR-9", "--json"]);
    expect(json(forgotten)).toEqual({ forgotten: ["DLR-1"], unknown: ["DLR-9"] });
    expect(await oplead(folder, ["ledger", "get", "DLR-1"])).toMatchObject({ code: 1 });

    writeFileSync(join(folder, "ids.csv"), `\ufeff"accountNumber";"id"\r\n"DLR-1";"${fake.user("DLR-1")?.id}"\r\n`);
    expect(json(await oplead(folder, ["ledger", "import", "ids.csv", "--json"]))).toMatchObject({
      imported: 1,
      kept: 0,
    });
    const stdin = await oplead(folder, ["ledger", "import", "-"], { input: "DLR-5,77\n" });
    expect(stdin.stdout).toContain("1 imported");
    const wrong = await oplead(folder, ["ledger", "import", "dealers.csv"]);
    expect(wrong.code).toBe(1);
    const { counts } = json(await oplead(folder, ["sync", "--json"], { env }));
    expect(counts).toMatchObject({ created: 0, updated: 1, unchanged: 2 });
    expect(fake.duplicates()).toEqual([]);
  });
});

describe("rules, explain and coverage", () => {
  it("rules check finds what the platform does not have, with the row", async () => {
    const { env } = await openPlatform();
    const folder = await project();
    expect(await oplead(folder, ["rules", "check"], { env })).toMatchObject({ code: 0 });
    const config = readFileSync(join(folder, "oplead.config.mjs"), "utf8");
    const rule =
      '{ geographical: { handledCountries: [{ handledCountry: { code: "FR" }, handledCounties: [{ handledCounty: { number: "1" } }] }] } }';
    writeFileSync(join(folder, "oplead.config.mjs"), config.replace(/rules: row.*,\n/, `rules: ${rule},\n`));
    const found = await oplead(folder, ["rules", "check", "--json"], { env });
    expect(found.code).toBe(1);
    expect(json(found).findings[0]).toMatchObject({ accountNumber: "DLR-0", row: 2, severity: "error" });
  });

  it("explain says who is eligible and names its assumptions, without a token", async () => {
    const folder = await project();
    const env = { OPLEAD_BASE_URL: "http://127.0.0.1:9" };
    const text = await oplead(folder, ["explain", "--zip", "01000"], { env });
    expect(text.code).toBe(0);
    expect(text.stdout).toMatch(/3 users are eligible/);
    expect(text.stdout).toContain("Assumptions: ");
    const far = json(await oplead(folder, ["explain", "--zip", "29200", "--json"], { env }));
    expect(far.users[0]).toMatchObject({ verdict: "not_eligible" });
  });

  it("coverage finds gaps, fails on them if asked, and writes a report", async () => {
    const folder = await project();
    const plain = await oplead(folder, ["coverage"]);
    expect(plain.code).toBe(0);
    expect(plain.stdout).toContain("gap (");
    expect(await oplead(folder, ["coverage", "--fail-on", "gap"])).toMatchObject({ code: 1 });
    expect(await oplead(folder, ["coverage", "--fail-on", "dead"])).toMatchObject({ code: 0 });
    expect(json(await oplead(folder, ["coverage", "--json"])).findings.length).toBeGreaterThan(0);
  });
});

describe("coverage: true", () => {
  it("plan says what it opens and closes, compared with what the last run left", async () => {
    const { env } = await openPlatform();
    const folder = await project(2, "coverage: true,");
    const first = await oplead(folder, ["plan"], { env });
    expect(first.stdout).toContain("Coverage: nothing to compare with yet");
    expect(await oplead(folder, ["sync"], { env })).toMatchObject({ code: 0 });
    const saved = readFileSync(join(folder, "oplead-coverage.json"), "utf8");
    expect(JSON.parse(saved).users).toHaveLength(2);
    expect(saved).not.toMatch(/Étienne|dealers\.example/);
    expect((await oplead(folder, ["plan"], { env })).stdout).toContain("Coverage: no change.");

    writeFileSync(join(folder, "dealers.csv"), dealersCsv(2).replaceAll(";30\r\n", ";5\r\n"));
    const smaller = await oplead(folder, ["plan"], { env });
    expect(smaller.stdout).toMatch(/Coverage:\n {2}\d+ postcodes .*lose/);
    writeFileSync(join(folder, "leads.csv"), "zipCode;profileType\r\n01250;pro\r\n29200;pro\r\n");
    const leads = await oplead(folder, ["coverage", "--leads", "leads.csv", "--html", "c.html", "--json"]);
    expect(leads.code).toBe(0);
    expect(json(leads).replay).toMatchObject({ leads: 2, changed: 1 });
    expect(readFileSync(join(folder, "c.html"), "utf8")).toMatch(/^<!doctype html>/i);
  });
});

describe("doctor", () => {
  it("finds nothing broken where all is well", async () => {
    const { env } = await openPlatform();
    const { code, stdout } = await oplead(await project(), ["doctor"], { env });
    expect(stdout).toContain("takes the token and has the profiles PRF_NETWORK");
    expect(code).toBe(0);
  });

  it.each([
    ["a missing token", { OPLEAD_TOKEN: undefined }, "Config, client.token"],
    ["a wrong token", { OPLEAD_TOKEN: "wrong" }, "Oplead"],
    ["plain http", { OPLEAD_BASE_URL: "http://oplead.example" }, "Base URL"],
    ["the path of the API in the base URL", { OPLEAD_BASE_URL: "https://api.oplead.com/v1" }, "Config, client.baseUrl"],
    ["the host of the lead import", { OPLEAD_BASE_URL: "https://leadimport.oplead.com" }, "Base URL"],
    ["an address where nothing listens", { OPLEAD_BASE_URL: "http://127.0.0.1:9" }, "Oplead"],
  ])("calls %s broken, with exit code 1", async (_what, change, name) => {
    const { env } = await openPlatform();
    const result = await oplead(await project(), ["doctor", "--json"], { env: { ...env, ...change } });
    expect(result.code).toBe(1);
    const broken = json(result).checks.filter(({ state }: { state: string }) => state === "broken");
    expect(broken.map((check: { name: string }) => check.name)).toContain(name);
  });

  it("warns of a proxy variable that Node does not use", async () => {
    const { env } = await openPlatform();
    const { stdout } = await oplead(await project(), ["doctor"], { env: { ...env, HTTP_PROXY: "http://127.0.0.1:9" } });
    expect(stdout).toContain("HTTP_PROXY is set, and Node does not use it by itself");
  });
});

describe("serve, trigger and fake", () => {
  const webhook = `
    webhook: {
      verify: standardWebhooks({ secrets: ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"] }),
      map: ({ ref, zip }) => ({ user: { accountNumber: ref, civility: "Mme", lastname: "Petit", login: ref,
        email: ref + "@dealers.example", profile: { code: "PRF_NETWORK" },
        address: { zipCode: zip, city: "Brest", country: { code: "FR" } } } }),
    },
    trigger: { scheme: "standardWebhooks", secrets: ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"] },
    targets: { forger: { trigger: { scheme: "standardWebhooks", secrets: ["whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"] } } },`;

  it("a delivery that trigger signs is received by serve, a forged one is not, and SIGTERM ends serve with 0", async () => {
    const { fake, env } = await openPlatform();
    const folder = await project(3, webhook);
    const file = join(folder, "oplead.config.mjs");
    writeFileSync(file, `import { standardWebhooks } from "oplead-sdk/webhook";\n${readFileSync(file, "utf8")}`);
    writeFileSync(join(folder, "event.json"), '{"ref":"W-1","zip":"29200"}');
    const port = 20_000 + Math.floor(Math.random() * 20_000);
    const url = `http://127.0.0.1:${port}/`;
    const serving = oplead(folder, ["serve", "--port", String(port)], {
      env,
      onStart: async (child) => {
        await said(child, "Receiving deliveries");
        const health = await fetch(`${url}healthz`);
        expect(await health.json()).toMatchObject({ status: "ok" });
        const sent = await oplead(folder, ["trigger", "event.json", "--to", url, "--json"], { env });
        expect(sent.code).toBe(0);
        expect(json(sent)).toMatchObject({ status: 200 });
        const forged = await oplead(folder, ["trigger", "event.json", "--to", url, "--target", "forger"], { env });
        expect(forged.code).toBe(1);
        expect(forged.stdout).toContain("401");
        child.kill("SIGTERM");
      },
    });
    expect(await serving).toMatchObject({ code: 0 });
    expect(fake.user("W-1")?.lastname).toBe("Petit");
    const gone = await oplead(folder, ["trigger", "event.json", "--to", url], { env });
    expect(gone.code).toBe(1);
    expect(gone.stderr).toContain("cannot be reached");
  });

  it("fake has the users and faults asked for, and a second one on its port says so", async () => {
    const folder = await project();
    const port = 20_000 + Math.floor(Math.random() * 20_000);
    const args = ["fake", "--port", String(port), "--users", "5", "--faults", "5%"];
    const env = { OPLEAD_BASE_URL: `http://127.0.0.1:${port}`, OPLEAD_TOKEN: "fake-token" };
    const running = oplead(folder, args, {
      onStart: async (child) => {
        for (;;) {
          const answer = await fetch(`http://127.0.0.1:${port}/v1/types/countries`).catch(() => undefined);
          if (answer) break;
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
        const second = await oplead(folder, args);
        expect(second.code).toBe(1);
        expect(second.stderr).toContain("EADDRINUSE");
        expect(await oplead(folder, ["sync"], { env })).toMatchObject({ code: 0 });
        child.kill("SIGINT");
      },
    });
    const ended = await running;
    expect(ended).toMatchObject({ code: 0 });
    expect(ended.stderr).toContain("8 users");
    expect(ended.stderr).toContain("0 duplicates");
    expect(existsSync(join(folder, "oplead-ledger"))).toBe(true);
  });
});
