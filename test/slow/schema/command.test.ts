// Where the compiler runs, the command runs in this process: a new one would read src/ again.
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { SCHEMA } from "../../../scripts/generate.ts";
import { main } from "../../../scripts/schema/pull.ts";
import { published } from "../../schema/documents.ts";
import { swaggerUi, waysToShow } from "../../schema/pages.ts";
import { serve } from "../../schema/serve.ts";

const SCRIPT = fileURLToPath(new URL("../../../scripts/schema/pull.ts", import.meta.url));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "oplead-command-"));
});
afterAll(() => rm(folder, { recursive: true }));

function run(args: string[]) {
  const tsx = import.meta.resolve("tsx");
  return new Promise<{ status: unknown; stdout: string; stderr: string }>((resolve) => {
    const options = { cwd: folder };
    execFile(process.execPath, ["--import", tsx, SCRIPT, "--check", ...args], options, (error, stdout, stderr) => {
      resolve({ status: error === null ? 0 : error.code, stdout, stderr });
    });
  });
}

async function runHere(args: string[], env: NodeJS.ProcessEnv = {}) {
  const log = vi.spyOn(console, "log").mockImplementation(() => {});
  try {
    const status = await main(["--check", ...args], env);
    return { status, stdout: log.mock.calls.map((words) => words.join(" ")).join("\n") };
  } finally {
    log.mockRestore();
  }
}

it("schema:check exits with 0 if nothing changed", async () => {
  expect(await run([fileURLToPath(SCHEMA)])).toMatchObject({
    status: 0,
    stdout: expect.stringContaining("Nothing changed"),
  });
});

it("schema:check reads a document behind a login, and exits with 2 if its changes are compatible", async () => {
  const ways = waysToShow(JSON.stringify(published()))["by url"] ?? {};
  const keys: unknown[] = [];
  const site = await serve(
    {
      ...ways,
      "/v1/openapi": (response, headers) => {
        keys.push(headers["x-key"]);
        response.end(JSON.stringify(published()));
      },
    },
    swaggerUi,
  );
  try {
    const env = { OPLEAD_SCHEMA_AUTH: "X-Key: secret-key" };
    const result = await runHere([`${site.origin}/documentation/index.html`], env);
    expect(result).toMatchObject({ status: 2, stdout: expect.stringContaining("Changed and compatible") });
    expect(keys).toEqual(["secret-key"]);
    expect(result.stdout).not.toContain("secret-key");
  } finally {
    await site.close();
  }
});

it("schema:check exits with 3 if the contract is broken, and names the lines", async () => {
  const document = published();
  document.paths["/v1/user"] = document.paths["/v1/users"];
  delete document.paths["/v1/users"];
  await writeFile(join(folder, "moved.json"), JSON.stringify(document));
  const { status, stdout } = await runHere([join(folder, "moved.json")]);
  expect(status).toBe(3);
  expect(stdout).toMatch(
    /Contract broken[\s\S]*`POST \/v1\/users` → `POST \/v1\/user`; see src\/contract\/contract\.ts:\d+/,
  );
  expect(stdout.match(/^- src\/(?!contract\/).*/gm)).toBeNull();
});

it("schema:check exits with 1 if it failed, and says that nothing was overwritten", async () => {
  await writeFile(join(folder, "broken.json"), '{"openapi": "3.0.3", ');
  const committed = await readFile(SCHEMA, "utf8");
  const { status, stderr } = await run(["broken.json"]);
  expect(status).toBe(1);
  expect(stderr).toMatch(/^Failed, nothing was overwritten\. /);
  await expect(runHere(["one", "two"])).rejects.toThrow("Give one address or one file.");
  expect(await readFile(SCHEMA, "utf8")).toBe(committed);
});
