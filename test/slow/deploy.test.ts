/**
 * Tests the Dockerfile and the GitHub Action without Docker and GitHub: runs their commands with the installed tarball.
 */
import { spawn } from "node:child_process";
import { chown, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, inject, it, onTestFinished } from "vitest";
import { parse } from "yaml";
import { freePort } from "../../examples/cluster/free-port.ts";
import { configWith, dealersCsv, openPlatform } from "../support/command.ts";
import { fakeGitHub } from "../support/fake-github.ts";
import { installedFolder, ORDINARY_USER, onlyReadable } from "./command/project.ts";
import { outsideEnv } from "./toolbox.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** Runs a program. `onOutput` is called with all output so far. */
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

describe("the Dockerfile's own commands, as a user without rights", () => {
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
});

describe("the GitHub Action's own steps", () => {
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
    expect(github.comments[0]?.body).toContain("| DLR-3 (row 5) | rule maxDistance |");
    const output = await readFile(join(folder, "output"), "utf8");
    expect(output).toMatch(/^has_changes=true\nhash=\w{12}\nhas_changes=true\nhash=\w{12}\n$/);
  });
});
