// Without Docker and GitHub: the commands of Dockerfile and action run with the installed tarball.
import { spawn } from "node:child_process";
import { chmod, chown, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, inject, it, onTestFinished } from "vitest";
import { parse } from "yaml";
import { freePort } from "../../examples/cluster/free-port.ts";
import { configWith, dealersCsv, openPlatform } from "../support/command.ts";
import { fakeGitHub } from "../support/fake-github.ts";
import { folderWith } from "../support/folder.ts";
import { bin, installedFolder, ORDINARY_USER, onlyReadable } from "./command/project.ts";
import { outsideEnv } from "./toolbox.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

function run(
  words: readonly string[],
  options: { cwd: string; env: NodeJS.ProcessEnv; uid?: number | undefined },
  onOutput: (output: string, stop: () => void) => void = () => {},
): Promise<Ended> {
  const [program = "", ...args] = words;
  const child = spawn(program, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  let output = "";
  const hear = (chunk: Buffer): void => {
    output += chunk;
    onOutput(output, () => child.kill("SIGTERM"));
  };
  child.stdout.on("data", hear);
  child.stderr.on("data", hear);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, output }));
  });
}

async function deployed(kind: "cron" | "systemd" | "docker") {
  const { fake, env } = await openPlatform();
  const dataLines = 'ledger: env("OPLEAD_DATA") + "/oplead-ledger", audit: env("OPLEAD_DATA") + "/oplead-audit.jsonl",';
  const folder = await installedFolder({ "oplead.config.mjs": configWith(dataLines), "dealers.csv": dealersCsv(3) });
  const data = join(await folderWith({ "data/token": `${env.OPLEAD_TOKEN}\n` }), "data");
  const dotEnv = `OPLEAD_BASE_URL=${env.OPLEAD_BASE_URL}\n${kind === "docker" ? "" : `OPLEAD_DATA=${data}\n`}`;
  await writeFile(join(folder, ".env"), `${dotEnv}${kind === "systemd" ? "" : `OPLEAD_TOKEN=${env.OPLEAD_TOKEN}\n`}`, {
    mode: 0o400,
  });
  const made = await run([process.execPath, bin, "init", "--deploy", kind], { cwd: folder, env: outsideEnv({}) });
  expect(made, made.output).toMatchObject({ code: 0 });
  if (ORDINARY_USER !== undefined) {
    for (const path of [data, join(folder, ".env")]) await chown(path, ORDINARY_USER, ORDINARY_USER);
    await chmod(join(data, ".."), 0o755);
  }
  await onlyReadable(folder);
  const read = (file: string): Promise<string> => readFile(join(folder, "deploy", file), "utf8");
  const before = await readdir(folder);
  const good = async (ended: Ended): Promise<void> => {
    expect(ended, ended.output).toMatchObject({ code: 0 });
    expect(fake.users).toHaveLength(3);
    expect(await readdir(folder)).toEqual(before);
    expect(await readdir(data)).toEqual(expect.arrayContaining(["oplead-ledger", "oplead-audit.jsonl"]));
  };
  return { folder, data, read, good };
}

it("the line of the crontab needs only cron's variables, brings the users to Oplead and prints nothing", async () => {
  const { folder, data, read, good } = await deployed("cron");
  const text = await read("crontab");
  const variables = [...text.matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, name = "", value = ""]) => [name, value]);
  const line = /^15 2 \* \* \* {2}(.*)$/m.exec(text)?.[1] ?? "";
  const env = { ...Object.fromEntries(variables), HOME: "/", SHELL: "/bin/sh", LOGNAME: "oplead" };
  const night = await run(["/bin/sh", "-c", line], { cwd: "/", env, uid: ORDINARY_USER });
  await good(night);
  expect(night.output).toBe("");
  expect(await readdir(join(data, "logs"))).toEqual([
    expect.stringMatching(/^oplead-[\d-]+\.log$/),
    "report.html",
    "report.md",
    "rows.csv",
  ]);
  expect(text).toContain(folder);
});

it("the command in the systemd unit sends the users to Oplead, and reads the token from standard input", async () => {
  const { data, read, good } = await deployed("systemd");
  const unit = await read("oplead-night.service");
  const of = (name: string): string => new RegExp(`^${name}=(.*)$`, "m").exec(unit)?.[1] ?? "";
  const words = of("ExecStart").match(/"[^"]*"|\S+/g) ?? [];
  const [, value = ""] = of("Environment").split("=");
  const options = { cwd: of("WorkingDirectory"), env: { OPLEAD_DATA: value }, uid: ORDINARY_USER };
  const fromFile = ["/bin/sh", "-c", 'token=$1; shift; exec "$@" <"$token"', "sh", join(data, "token")];
  await good(await run([...fromFile, ...words.map((word) => word.replaceAll('"', ""))], options));
  expect(await readFile(join(data, "report.md"), "utf8")).toContain("3");
});

it("in the image, sync keeps its ledger in the volume, and serve passes the health check until SIGTERM", async () => {
  const text = (await readFile(join(root, "deploy/Dockerfile"), "utf8")).replace(/\\\n/g, "");
  const listAfter = (start: RegExp): string[] => JSON.parse(start.exec(text)?.[1] ?? "");
  const installed = join(inject("consumers"), "node_modules");
  const inPlace = (words: readonly string[]): string[] =>
    words.map((word) => word.replace("/app/node_modules", installed));
  const entrypoint = inPlace(listAfter(/^ENTRYPOINT (.*)$/m));
  const healthcheck = inPlace(listAfter(/^HEALTHCHECK .* CMD (.*)$/m));

  const { fake, env: platform } = await openPlatform();
  const webhook = 'webhook: { verify: "none", map: () => undefined },';
  const folder = await installedFolder({
    "oplead.config.mjs": configWith(
      `ledger: process.env.OPLEAD_DATA + "/oplead-ledger", audit: process.env.OPLEAD_DATA + "/audit.jsonl", ${webhook}`,
    ),
    "dealers.csv": dealersCsv(3),
  });
  const data = join(folder, "data");
  await mkdir(data);
  if (ORDINARY_USER !== undefined) await chown(data, ORDINARY_USER, ORDINARY_USER);
  await onlyReadable(folder);
  const port = await freePort();
  const env = outsideEnv({ ...platform, OPLEAD_DATA: data, PORT: String(port) });
  const options = { cwd: folder, env, uid: ORDINARY_USER };

  const first = await run([...entrypoint, "sync"], options);
  expect(first, first.output).toMatchObject({ code: 0 });
  expect(fake.users).toHaveLength(3);
  expect((await run([...entrypoint, "sync"], options)).output).toContain("3  unchanged");

  expect(await run(healthcheck, options)).toMatchObject({ code: 1 });
  let healthy: Promise<Ended> | undefined;
  const serving = await run([...entrypoint, "serve", "--host", "0.0.0.0"], options, (output, stop) => {
    if (!output.includes("Receiving deliveries") || healthy) return;
    healthy = run(healthcheck, options).finally(stop);
  });
  expect(await healthy).toMatchObject({ code: 0 });
  expect(serving).toMatchObject({ code: 0 });
});

it("the action posts the plan on the pull request, and replaces it if the source has changed", async () => {
  const action = await readFile(join(root, "action/action.yml"), "utf8");
  const { runs } = parse(action) as { runs: { steps: { run: string }[] } };
  const github = await fakeGitHub();
  const { env: platform } = await openPlatform();
  const folder = await installedFolder({
    "oplead.config.mjs": configWith("targets: { staging: {} },"),
    "dealers.csv": dealersCsv(2),
  });
  const env = outsideEnv({
    ...platform,
    TARGET: "staging",
    CONFIG: "",
    RUNNER_TEMP: folder,
    GITHUB_ACTION_PATH: join(root, "action"),
    GITHUB_ACTIONS: "true",
    GITHUB_OUTPUT: join(folder, "output"),
    GITHUB_STEP_SUMMARY: join(folder, "summary"),
    GITHUB_API_URL: github.url,
    GH_TOKEN: "t",
    REPOSITORY: "o/r",
    NUMBER: "7",
  });
  const steps = async (): Promise<void> => {
    for (const step of runs.steps) {
      const ended = await run(["bash", "-e", "-o", "pipefail", "-c", step.run], { cwd: folder, env });
      expect(ended, ended.output).toMatchObject({ code: 0 });
    }
  };
  await steps();
  await writeFile(join(folder, "dealers.csv"), dealersCsv(4));
  await steps();
  expect(github.comments).toHaveLength(1);
  expect(github.comments[0]?.body).toMatch(
    /^<!-- oplead-plan staging -->\n### Oplead plan \w{12}: 4 records\n\n4 to create\n\n- /,
  );
  expect(github.comments[0]?.body).toContain("| DLR-3 (row 5) | radius |");
  expect(await readFile(join(folder, "summary"), "utf8")).toContain("| DLR-3 (row 5) | radius |");
  const output = await readFile(join(folder, "output"), "utf8");
  expect(output).toMatch(/^has_changes=true\nhash=\w{12}\nhas_changes=true\nhash=\w{12}\n$/);
});
