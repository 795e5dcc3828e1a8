import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { COMMANDS } from "../../../src/command/registry.ts";
import { type Ended, openPlatform, oplead, opleadEach } from "../../support/command.ts";
import { bin, installedFolder, project } from "./project.ts";

const json = ({ stdout }: Pick<Ended, "stdout">) => JSON.parse(stdout);

it("the installed command runs through its link in node_modules/.bin, and prints its version", async () => {
  const folder = await installedFolder();
  expect(await oplead(folder, [], { shell: `'${bin}' --version` })).toMatchObject({ code: 0, stdout: "0.0.0\n" });
});

it("oplead without a command prints the help to stderr and exits with 1, oplead help to stdout", async () => {
  const folder = await installedFolder();
  const none = await oplead(folder, []);
  expect(none).toMatchObject({ code: 1, stdout: "" });
  expect(none.stderr).toContain("Usage: oplead");
  const help = await oplead(folder, "help apply");
  expect(help).toMatchObject({ code: 0, stderr: "" });
  expect(help.stdout).toContain("--approve <hash>");
  const ofLedger = await oplead(folder, "ledger --help");
  expect(ofLedger.stdout).toMatch(/Commands:\n {2}list [\s\S]* {2}adopt [\s\S]* {2}help /);
});

it("the help of each command fits into 80 columns, and names subcommands only where there are any", async () => {
  const names = COMMANDS.map(({ name }) => name);
  const asked = names.map((name) => ["help", name]);
  for (const [at, { code, stdout }] of (await opleadEach(await installedFolder(), asked)).entries()) {
    const name = names[at] ?? "";
    expect({ name, code }).toEqual({ name, code: 0 });
    expect(stdout).toContain(`Usage: oplead ${name}`);
    expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
    expect({ name, has: stdout.includes("  help [command]") }).toEqual({
      name,
      has: ["leavers", "ledger", "worker"].includes(name),
    });
  }
});

it("each wrong usage ends with exit code 1 and a sentence on stderr, or JSON with --json", async () => {
  const wrong: [args: string[], message: RegExp][] = [
    [["plan", "--token", "x"], /unknown option '--token'. The token comes from OPLEAD_TOKEN/],
    [["plan", "--format", "pdf"], /choices are text, json, markdown/i],
    [["plan", "--nothing"], /unknown option '--nothing'/],
    [["plan", "plan.json", "--limit", "1"], /--limit is for a new plan/],
    [["undo"], /There is no command undo. Instead: npx oplead-sdk sync --source FILE/],
    [["serve", "--port", "70000"], /whole number from 0 to 65535/],
    [["apply"], /Name the plan/],
    [["sync", "--report", "report.pdf"], /must end in .txt, .json, .md, .csv/],
    [["ledger", "get"], /missing required argument 'account'/],
    [["fake", "--faults", "many"], /must be a share/],
    [["coverage", "--fail-on", "hole"], /There are gap, thin/],
  ];
  const { env } = await openPlatform();
  const commands = wrong.flatMap(([args]) => [args, [...args, "--json"]]);
  const ended = await opleadEach(await project(), commands, env);
  for (const [at, [args, message]] of wrong.entries()) {
    const [text, asJson] = ended.slice(2 * at);
    expect({ args, ...text }).toEqual({ args, code: 1, stdout: "", stderr: expect.stringMatching(message) });
    expect({ args, code: asJson?.code }).toEqual({ args, code: 1 });
    expect(json(asJson ?? { stdout: "" }).error.message).toMatch(message);
  }
});

it("oplead init writes a config and a sample that work with the fake, and replaces nothing", async () => {
  const folder = await installedFolder({ ".gitignore": "dist" });
  const first = await oplead(folder, "init --json");
  expect(first.code).toBe(0);
  expect(json(first)).toEqual({
    written: ["oplead.config.mjs", "dealers.csv", ".env", ".gitignore"],
    installed: true,
  });
  expect(readFileSync(join(folder, ".gitignore"), "utf8")).toBe(
    "dist\noplead-ledger/\noplead-ledger.key\noplead-ledger.pause\noplead-ledger.run.json\noplead-ledger.mark.json\noplead-alerts.json\noplead-plans.json\noplead-columns.json\noplead-audit.jsonl\noplead-support.json\n.env\n",
  );
  const again = await oplead(folder, "init");
  expect(again.code).toBe(1);
  expect(again.stderr).toContain("oplead.config.mjs is there already");
  expect(await oplead(folder, "sync --target fake")).toMatchObject({ code: 0 });
  const missing = await oplead(folder, "plan");
  expect(missing.code).toBe(1);
  expect(missing.stderr).toContain("client.token: the environment variable OPLEAD_TOKEN is not set");
  expect(missing.stderr).toContain("into a file .env beside the config. To try without one: --target fake");
});

it("oplead doctor finds nothing broken in a sound project", async () => {
  const { env } = await openPlatform();
  const { code, stdout } = await oplead(await project(), "doctor", { env });
  expect(stdout).toContain("takes the token and has the profiles PRF_NETWORK");
  expect(code).toBe(0);
});

it.each([
  ["a wrong token", { OPLEAD_TOKEN: "wrong" }, "Oplead"],
  ["plain http", { OPLEAD_BASE_URL: "http://oplead.example" }, "Config, client.baseUrl"],
])("oplead doctor calls %s broken, with exit code 1", async (_what, change, name) => {
  const { env } = await openPlatform();
  const result = await oplead(await project(), "doctor --json", { env: { ...env, ...change } });
  expect(result.code).toBe(1);
  const broken = json(result).checks.filter(({ state }: { state: string }) => state === "broken");
  expect(broken.map((check: { name: string }) => check.name)).toContain(name);
});
