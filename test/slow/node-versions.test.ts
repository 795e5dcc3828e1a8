// What depends most on the version of Node, on the newest one. Its binary comes from npm.
import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { program, runtimes } from "./runtimes.ts";
import { outsideEnv } from "./toolbox.ts";

const run = promisify(execFile);
const root = join(import.meta.dirname, "../..");
// Tests in virtual time behave the same in all versions.
const COMPUTING = /limiter\/|encoding\.behaviour/;
const TRANSPORT = readdirSync(join(root, "test/transport"), { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".test.ts") && !COMPUTING.test(file))
  .map((file) => `test/transport/${file}`);
const FILES = [
  ...TRANSPORT,
  "test/webhook/node-listener.test.ts",
  "test/webhook/request-checker.body.test.ts",
  "test/core/hash.test.ts",
];
const nodes = runtimes.filter(({ name }) => name === "Node");
const newest = nodes.slice(-1);

describe.for(newest.map((runtime) => [runtime.version, runtime] as const))("Node %s", ([, runtime]) => {
  test("the tests of the transport, the webhook's listener and the hashes pass on this version of Node", {
    timeout: 900_000,
  }, async ({ skip }) => {
    const node = await program(runtime, skip);
    const vitest = join(root, "node_modules/vitest/vitest.mjs");
    // Tests that start a process use the first `node` in PATH.
    const env = outsideEnv({ PATH: `${dirname(node)}:${process.env.PATH}`, VITEST: "" });
    // One process: each loads all sources again.
    const failure = await run(
      node,
      [vitest, "run", ...FILES, "--maxWorkers=1", "--testTimeout=600000", "--reporter=json"],
      {
        cwd: root,
        env,
        maxBuffer: 256 * 1024 * 1024,
      },
    ).catch((error: { stdout?: string; stderr?: string }) => error);
    const report = JSON.parse(String(failure.stdout).slice(String(failure.stdout).indexOf("{"))) as Report;
    const failed = report.testResults.flatMap(({ name, assertionResults, message }) => [
      ...(assertionResults.length === 0 ? [`${name}: ${message}`] : []),
      ...assertionResults
        .filter(({ status }) => status === "failed")
        .map(({ fullName, failureMessages }) => `${fullName}: ${failureMessages.join("\n")}`),
    ]);
    expect(failed).toEqual([]);
    expect(report.numPassedTests).toBeGreaterThan(600);
  });
});

interface Report {
  readonly numPassedTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}
