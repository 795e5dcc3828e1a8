import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { basename, join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { promisify } from "node:util";
import { build } from "esbuild";
import { describe, expect, inject, onTestFinished, test } from "vitest";
import { oldestNode, program, type Runtime, runtimes, workerd } from "./runtimes.ts";
import { outsideEnv } from "./toolbox.ts";

const run = promisify(execFile);
const consumers = inject("consumers");
const token = "token-of-the-fake";
const modules = ["mjs", "cjs"] as const;

const thisNode: Runtime = {
  name: "Node (the one running the tests)",
  version: process.versions.node,
  packages: {},
  binary: "",
  args: [],
  send: { mjs: "node", cjs: "node" },
};

const withCore = [thisNode, oldestNode, ...runtimes];

describe.for(withCore.map((runtime) => [`${runtime.name} ${runtime.version}`, runtime] as const))(
  "%s",
  ([, runtime]) => {
    const start = async (skip: (reason: string) => never) =>
      runtime === thisNode ? process.execPath : await program(runtime, skip);

    test.for(modules)("the run time creates a user, then updates it (%s)", async (extension, { skip }) => {
      const binary = await start(skip);
      await tellsTheSameStory(async (input) => {
        const args = [...runtime.args, join(consumers, `run.${extension}`), JSON.stringify(input)];
        const { stdout } = await run(binary, args, { cwd: consumers, env: outsideEnv(), timeout: 600_000 });
        return JSON.parse(stdout);
      });
    });

    test.for(modules)("the run time loads the right transport (%s)", async (extension, { skip }) => {
      const binary = await start(skip);
      const question = extension === "mjs" ? `import.meta.resolve("#send")` : `require.resolve("#send")`;
      // Only a file of the package can resolve its "imports".
      const probe = join(consumers, "node_modules/oplead-sdk/dist", `probe.${extension}`);
      await writeFile(probe, `console.log(${question});\n`);
      const { stdout } = await run(binary, [...permissive(runtime), probe], { cwd: consumers, env: outsideEnv() });
      expect(basename(stdout.trim())).toBe(`send-${runtime.send[extension]}.${extension === "mjs" ? "js" : "cjs"}`);
    });
  },
);

describe(`${workerd.name} ${workerd.version}`, () => {
  test("workerd creates a user, then updates it, with the transport over fetch", async ({ skip }) => {
    const binary = await program(workerd, skip);
    const { metafile } = await build({
      absWorkingDir: consumers,
      entryPoints: ["worker.mjs"],
      outfile: "worker.bundle.mjs",
      bundle: true,
      format: "esm",
      target: "es2022",
      // As wrangler sets them.
      conditions: ["workerd", "worker", "browser"],
      metafile: true,
    });
    const sends = Object.keys(metafile.inputs).map((path) => basename(path));
    expect(sends.filter((name) => name.startsWith("send-"))).toEqual(["send-fetch.js"]);
    expect(await readFile(join(consumers, "worker.bundle.mjs"), "utf8")).not.toContain("node:");

    const server = spawn(binary, ["serve", join(consumers, "workerd.capnp"), "--control-fd=3"], {
      stdio: ["ignore", "inherit", "inherit", "pipe"],
      env: outsideEnv(),
    });
    onTestFinished(async () => {
      if (server.exitCode === null && server.kill()) await once(server, "exit");
    });
    const port = await listeningPort(server);
    await tellsTheSameStory(async (input) => {
      const response = await fetch(`http://127.0.0.1:${port}/`, { method: "POST", body: JSON.stringify(input) });
      return await response.json();
    });
  });
});

async function tellsTheSameStory(act: (input: { url: string; token: string; closed: string }) => Promise<unknown>) {
  const { createFakeOplead } = createRequire(join(consumers, "test.cjs"))("oplead-sdk/testing") as KitOfTheTarball;
  const fake = createFakeOplead({ token });
  const { url, close } = await fake.listen();
  onTestFinished(close);

  const told = await act({ url, token, closed: `http://127.0.0.1:${await closedPort()}` });

  const [user] = fake.users;
  expect(told).toEqual({
    first: { outcome: "created", id: String(user?.id), requests: 2 },
    second: { outcome: "updated", id: String(user?.id), requests: 1 },
    wrongToken: { code: "unauthorized" },
    noServer: { code: "connection" },
  });
  expect(fake.users).toHaveLength(1);
  expect(fake.requests.slice(0, 3).map(({ method }) => method)).toEqual(["PUT", "POST", "PUT"]);
}

type KitOfTheTarball = typeof import("../../src/testing/index.ts");

async function closedPort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

// workerd writes the free port that it chose to the control pipe.
async function listeningPort(server: ChildProcess) {
  for await (const line of createInterface({ input: server.stdio[3] as Readable })) {
    const event = JSON.parse(line) as { event: string; port?: number };
    if (event.event === "listen" && event.port !== undefined) return event.port;
  }
  throw new Error("workerd stopped before it listened");
}

// Deno needs a permission to read a module's folder.
function permissive({ args }: Runtime) {
  return args.includes("--no-prompt") ? [...args, "--allow-read"] : args;
}
