import { execFile } from "node:child_process";
import { chmodSync, existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { validateAction, validateWorkflow } from "@action-validator/core";
import { validate } from "dockerfile-utils";
import { Parser } from "saxen";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { builtPackage } from "../support/built.ts";
import { configWith, dealersCsv, openPlatform, oplead } from "../support/command.ts";
import { fakeGitHub } from "../support/fake-github.ts";
import { folderWith } from "../support/folder.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const read = (file: string): string => readFileSync(join(root, file), "utf8");

const text = read("deploy/Dockerfile");

it("the Dockerfile passes the linter", () => {
  expect(validate(text).map(({ message, range }) => `${range.start.line + 1}: ${message}`)).toEqual([]);
  expect(validate("FROM node\nRUNN x\n")).toHaveLength(1);
});

it("the Dockerfile runs node as process 1 without root rights, with a volume and a health check", () => {
  // Docker uses the last instruction of a kind.
  const lines = text.replace(/\\\n/g, "").split("\n");
  const last = (name: string) => lines.findLast((line) => line.startsWith(`${name} `))?.slice(name.length + 1);
  expect(last("USER")).toBe("node");
  expect(last("VOLUME")).toBe("/data");
  expect(last("HEALTHCHECK")).toContain("/healthz");
  // A string would start a shell, which does not pass SIGTERM on.
  expect(JSON.parse(last("ENTRYPOINT") ?? "")).toEqual(["node", "/app/node_modules/oplead-sdk/dist/cli/main.js"]);
  const manifest = JSON.parse(read("package.json"));
  expect(last("ENTRYPOINT")).toContain(manifest.bin["oplead-sdk"].replace("./", ""));
});

it("the compose file that init writes builds with a Dockerfile that exists and copies no file", async () => {
  const folder = await folderWith({ "oplead.config.mjs": configWith(), "dealers.csv": dealersCsv(1) });
  expect((await oplead(folder, ["init", "--deploy", "docker"])).code).toBe(0);
  const { services } = parse(readFileSync(join(folder, "deploy/compose.yaml"), "utf8"));
  const { context, dockerfile = "Dockerfile" } = services.night.build;
  const built = readFileSync(join(folder, "deploy", context, dockerfile), "utf8");
  expect(built).toContain("ENTRYPOINT");
  expect(built).not.toMatch(/^(?:COPY|ADD) /m);
});

const hasSystemd = existsSync("/usr/bin/systemd-analyze");

const folder = join(root, "deploy/systemd");
const units = readdirSync(folder);

it.skipIf(!hasSystemd)("systemd accepts the units, and refuses a wrong unit", async () => {
  const own = units.map((name) => [name, read(`deploy/systemd/${name}`).replaceAll("/usr/bin/node", process.execPath)]);
  const copy = await folderWith({ ...Object.fromEntries(own), "wrong.service": "[Service]\nExecStart=relative\n" });
  const verify = async (names: readonly string[]) => {
    const args = ["verify", "--man=no", ...names.map((name) => join(copy, name))];
    return promisify(execFile)("systemd-analyze", args).catch((error: { stderr: string }) => error);
  };
  expect((await verify(units)).stderr).toBe("");
  expect((await verify(["wrong.service"])).stderr).not.toBe("");
});

it("the units run the installed command, and take the token from standard input", () => {
  const bin = JSON.parse(read("package.json")).bin["oplead-sdk"].replace("./", "");
  for (const name of units.filter((unit) => unit.endsWith(".service"))) {
    const text = read(`deploy/systemd/${name}`);
    expect(text).toContain(`ExecStart=/usr/bin/node /srv/oplead/node_modules/oplead-sdk/${bin} `);
    expect(text).toContain("--token-stdin");
    expect(text).toContain("StandardInput=file:");
    expect(text.replace(/^#.*/gm, "")).not.toContain("OPLEAD_TOKEN");
  }
});

interface Service {
  readonly command?: readonly string[];
  readonly ports?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}
const { services, volumes } = parse(read("deploy/compose.yaml"), { merge: true }) as {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: object;
};

const ofNight = parse(read("deploy/docker/compose.yaml")) as {
  readonly services: Readonly<Record<"night", Service>>;
  readonly volumes: object;
};

it.each([
  ["compose.yaml", { services, volumes }],
  ["docker/compose.yaml", ofNight],
])("%s has only keys of the compose specification, and names volumes and services that exist", (_file, given) => {
  const { services, volumes } = given;
  const known =
    /^(?:image|build|command|restart|stop_grace_period|environment|volumes|depends_on|healthcheck|ports|deploy|profiles|read_only|tmpfs)$/;
  for (const [name, service] of Object.entries(services)) {
    expect([name, Object.keys(service).filter((key) => !known.test(key))]).toEqual([name, []]);
    const { volumes: mounted = [], depends_on: needed = {} } = service as Record<string, readonly string[] | object>;
    for (const volume of Object.values(mounted).map((text: string) => text.split(":")[0] ?? "")) {
      if (!volume.startsWith(".")) expect(Object.keys(volumes)).toContain(volume);
    }
    expect(Object.keys(services)).toEqual(expect.arrayContaining(Object.keys(needed)));
  }
});

it("the compose file does not publish the metrics' port, and its Redis loses and evicts nothing", () => {
  const { receiver, worker, night, redis } = services;
  expect(receiver?.ports).toEqual(["127.0.0.1:3000:3000"]);
  expect(worker?.ports).toBeUndefined();
  expect(worker?.command).toContain("--port=3000");
  expect(night).toMatchObject({ restart: "no", healthcheck: { disable: true } });
  expect(redis?.command?.join(" ")).toContain("--maxmemory-policy noeviction");
  for (const { environment = {} } of [receiver, worker, night] as Service[]) {
    expect(environment.OPLEAD_TOKEN).toMatch(/^\$\{OPLEAD_TOKEN:\?/);
  }
});

it("the command knows every option in the compose file and the units", async () => {
  const { main } = await builtPackage();
  const lines = readdirSync(join(root, "deploy/systemd")).flatMap(
    (name) => /^ExecStart=.*main\.js (.*)$/m.exec(read(`deploy/systemd/${name}`))?.[1]?.split(" ") ?? [],
  );
  const all = [...Object.values(services), ofNight.services.night];
  const words = [...all.flatMap(({ command = [] }) => command), ...lines];
  const options = new Set(words.filter((word) => word.startsWith("--")).map((word) => word.split("=")[0]));
  const helps = await Promise.all(
    ["sync", "serve", "worker"].map((name) => promisify(execFile)(process.execPath, [main, name, "--help"])),
  );
  const known = new Set(helps.flatMap(({ stdout }) => stdout.match(/--[\w-]+/g) ?? []));
  const redis = new Set(["--appendonly", "--appendfsync", "--maxmemory-policy"]);
  expect([...options].filter((option = "") => !known.has(option) && !redis.has(option))).toEqual([]);
});

it("the scheduled task for Windows follows its schema, and starts the script beside it", () => {
  const text = read("deploy/windows/oplead-night.xml");
  const opened: string[] = [];
  const fail = (error: Error): void => {
    throw error;
  };
  const parser = new Parser();
  parser
    .on("openTag", (name) => opened.push(name))
    .on("error", fail)
    .on("warn", fail);
  parser.write(text);
  parser.end();
  const top = ["Task", "RegistrationInfo", "Triggers", "Principals", "Settings", "Actions"];
  expect(opened.filter((name) => top.includes(name))).toEqual(top);
  expect(text).toContain("deploy\\windows\\night.ps1");
  // Windows refuses an encoding that differs from that of PowerShell's strings.
  expect(text).toMatch(/^<\?xml version="1\.0"\?>/);
  expect(existsSync(join(root, "deploy/windows/night.ps1"))).toBe(true);
});

it("the task of Windows starts a script that finds its language in .env and in the config", async () => {
  const text = read("deploy/windows/night.ps1");
  // Windows PowerShell reads in the code page of the machine.
  expect(text).toMatch(/^[\n\x20-\x7e]*$/);
  // .NET writes a quotation mark as two.
  const patterns = [...text.matchAll(/-Pattern '((?:[^']|'')*)'/g)].map(([, pattern = ""]) => {
    return new RegExp(pattern.replaceAll("''", "'"), "m");
  });
  const [inEnv, inConfig] = patterns;
  for (const line of ["OPLEAD_LANGUAGE=fr", 'export OPLEAD_LANGUAGE = "fr"', "A=en\nOPLEAD_LANGUAGE='fr'"]) {
    expect(inEnv?.exec(line)?.[1]).toBe("fr");
  }
  expect(inEnv?.exec("MY_OPLEAD_LANGUAGE=fr")).toBe(null);
  const folder = await folderWith({});
  expect((await oplead(folder, ["init", "--language", "fr"])).code).toBe(0);
  expect(inConfig?.exec(readFileSync(join(folder, "oplead.config.mjs"), "utf8"))?.[1]).toBe("fr");
  expect(text).toContain("sync --language $language");
  expect(text).toMatch(
    /-eq "fr"\) \{\n {4}"oplead sync s'est termin\$\(\[char\]233\) par le code \$code\. Journal : \$log"\n/,
  );
  expect(text).toContain('"oplead sync ended with exit code $code. Log: $log"');
});

it("the script for cron prints nothing about a good run, little about others, and keeps the log", async () => {
  const { main, modules } = await builtPackage();
  const { env, fake } = await openPlatform();
  const folder = await folderWith({
    "oplead.config.mjs": configWith(),
    "dealers.csv": dealersCsv(3),
    "bin/oplead-sdk": `#!/bin/sh\nexec "${process.execPath}" "${main}" "$@"\n`,
  });
  chmodSync(join(folder, "bin/oplead-sdk"), 0o755);
  symlinkSync(modules, join(folder, "node_modules"));
  const night = () =>
    promisify(execFile)("sh", [join(root, "deploy/cron/night.sh")], {
      cwd: folder,
      env: { ...process.env, ...env, OPLEAD_BIN: "bin/oplead-sdk" },
    }).catch((error: { code: number; stdout: string; stderr: string }) => error);
  expect(await night()).toEqual({ stdout: "", stderr: "" });
  expect(fake.users).toHaveLength(3);

  const wrong = Array.from({ length: 60 }, (_, i) => `BAD-${i};X;not an address;01000;30`);
  writeFileSync(join(folder, "dealers.csv"), dealersCsv(3, wrong.join("\r\n")));
  const bad = (await night()) as { code: number; stdout: string; stderr: string };
  expect(bad).toMatchObject({ code: 5, stderr: "" });
  const lines = bad.stdout.trim().split("\n");
  expect(lines[0]).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d on \S+: oplead sync ended with 5: everything that can be sent/);
  expect(lines.length).toBeLessThan(30);
  const [, log = ""] = /^Whole log: (.*)$/m.exec(bad.stdout) ?? [];
  expect(readFileSync(log, "utf8").match(/^== .*exit code \d$/gm)).toHaveLength(2);
  expect(readFileSync(log, "utf8").length).toBeGreaterThan(0);
  expect(await night()).toMatchObject({ stdout: "" });
});

const recipe = /### Every night\n\n```yaml\n([\s\S]*?)```/.exec(read("docs/run/deploy.md"))?.[1] ?? "";
interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly if?: string;
  readonly with?: Readonly<Record<string, string>>;
}
const { jobs, concurrency } = parse(recipe) as {
  readonly jobs: { readonly sync: { readonly steps: readonly Step[] } };
  readonly concurrency: string;
};
const { steps } = jobs.sync;

it("the recipe is a valid workflow that never runs twice at once", () => {
  expect(validateWorkflow(recipe).errors).toEqual([]);
  expect(concurrency).toBe("oplead");
});

it("the recipe restores the ledger before the run, and saves it afterwards, whatever the exit code", () => {
  const at = (what: RegExp) => steps.findIndex(({ uses = "", run = "" }) => what.test(uses + run));
  const [restore, run, save] = [at(/^actions\/cache\/restore@/), at(/oplead-sdk sync/), at(/^actions\/cache\/save@/)];
  expect([restore, run, save]).toEqual([restore, restore + 1, restore + 2]);
  expect(at(/^actions\/cache@/)).toBe(-1); // saves on success only
  expect(steps[save]?.if).toBe("always()");
  expect(steps[save]?.with?.path).toBe(steps[restore]?.with?.path);
  // GitHub never overwrites a cache key.
  expect(steps[save]?.with?.key).toMatch(/run_id.*run_attempt/);
  expect(steps[save]?.with?.key).toContain(steps[restore]?.with?.["restore-keys"] ?? "none");
});

it("after a run that ends with exit code 4, the ledger and the audit are where the recipe saves them", async () => {
  const { env, fake } = await openPlatform();
  fake.fail({ as: { status: 400 }, on: "createUser", times: 1 });
  const folder = await folderWith({ "oplead.config.mjs": configWith(), "dealers.csv": dealersCsv(3) });
  const run = steps.find(({ run = "" }) => run.includes("oplead-sdk sync"))?.run ?? "";
  const shell = run.replace("npx oplead-sdk", "$OPLEAD");
  expect(await oplead(folder, [], { env, shell: `set -eo pipefail; ${shell}` })).toMatchObject({ code: 4 });
  const saved = steps.find(({ uses = "" }) => uses.startsWith("actions/cache/save"))?.with?.path ?? "";
  for (const path of saved.trim().split("\n")) expect([path, existsSync(join(folder, path))]).toEqual([path, true]);
  const before = fake.requests.length;
  const again = await oplead(folder, [], { env, shell: `set -eo pipefail; ${shell}` });
  expect(again.code).toBe(5);
  // Without users, a run reads the profiles to show that the token works.
  expect(fake.requests.slice(before).map(({ method }) => method)).toEqual(["GET"]);
});

it("the GitHub Action matches GitHub's schema", () => {
  expect(validateAction(read("action/action.yml")).errors).toEqual([]);
  expect(validateAction("name: x\nruns:\n  using: composite\n").errors).not.toEqual([]);
});

it("the action writes no expression into a script, where an input could run as a command", () => {
  const { runs } = parse(read("action/action.yml")) as { runs: { steps: { run: string }[] } };
  for (const { run } of runs.steps) expect(run).not.toContain("${" + "{");
});

it("the comment on a pull request is posted once for each target, and replaced afterwards", async () => {
  const github = await fakeGitHub();
  const folder = await folderWith({ "plan.md": "### Oplead plan `abc`" });
  const post = (target: string) =>
    promisify(execFile)(process.execPath, [join(root, "action/comment.mjs"), join(folder, "plan.md")], {
      env: { GH_TOKEN: "t", REPOSITORY: "o/r", NUMBER: "7", TARGET: target, GITHUB_API_URL: github.url },
    });
  await post("staging");
  await post("staging");
  await post("");
  expect(github.calls).toEqual(["GET", "POST", "GET", "PATCH", "GET", "POST"]);
  expect(github.comments.map(({ body }) => body)).toEqual([
    "<!-- oplead-plan staging -->\n### Oplead plan `abc`",
    "<!-- oplead-plan  -->\n### Oplead plan `abc`",
  ]);
});
