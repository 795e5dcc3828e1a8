/** docs/webhook.md does what it says: its example prints what it shows, and each recipe receives deliveries. */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createFakeOplead } from "../../src/testing/index.ts";
import type { UserWebhookOptions } from "../../src/webhook/index.ts";
import { unusedPort } from "../support/servers.ts";
import { secret } from "../support/webhook.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const page = await readFile(join(root, "docs/webhook.md"), "utf8");
let folder = "";

/** The code blocks that a comment names as a file or a recipe. */
const blocks = new Map(
  [...page.matchAll(/^<!-- (?:file|recipe): ([\w.]+) -->\n```ts\n([\s\S]*?)^```$/gm)].map(
    ([, name = "", code = ""]) => [name.includes(".") ? name : `${name}.ts`, code],
  ),
);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "oplead-docs-"));
  await symlink(join(root, "node_modules"), join(folder, "node_modules"));
  await writeFile(join(folder, "package.json"), '{ "type": "module" }');
  await writeFile(join(folder, "drive.ts"), await readFile(join(root, "test/support/drive-recipe.ts"), "utf8"));
  for (const [name, code] of blocks) await writeFile(join(folder, name), code);
});
afterAll(() => rm(folder, { recursive: true }));

/** Runs a file of the folder as a program. */
async function run(args: string[], env: Record<string, string> = {}): Promise<string> {
  const tsx = join(root, "node_modules/tsx/dist/cli.mjs");
  const all = [tsx, "--tsconfig", join(root, "tsconfig.json"), ...args];
  const options = { cwd: folder, env: { ...process.env, ...env } };
  return (await promisify(execFile)(process.execPath, all, options)).stdout;
}

it("the example of docs/webhook.md prints what the page shows", { timeout: 60_000 }, async () => {
  expect(await run(["try.ts"])).toBe(/^```text\n([\s\S]*?)^```$/m.exec(page)?.[1]);
});

it.each(["node", "express", "fastify", "hono", "next", "cloudflare", "lambda"])(
  "the %s recipe of docs/webhook.md accepts a genuine delivery and refuses a forged one",
  { timeout: 60_000 },
  async (recipe) => {
    const fake = createFakeOplead();
    const { url, close } = await fake.listen();
    try {
      const env = { OPLEAD_TOKEN: "fake-token", OPLEAD_BASE_URL: url, WEBHOOK_SECRET: secret };
      const printed = await run(["drive.ts", recipe], { ...env, PORT: String(await unusedPort()) });
      expect(printed).toBe("200 created\n401 invalid_signature\n200 duplicate\n");
      expect(fake.users.map(({ accountNumber }) => accountNumber)).toEqual(["E-17"]);
    } finally {
      await close();
    }
  },
);

it("docs/webhook.md lists every option of createUserWebhook", () => {
  const options: Record<keyof UserWebhookOptions, true> = {
    verify: true,
    map: true,
    ledger: true,
    adoptPlatform: true,
    deliver: true,
    deliveries: true,
    deliveryId: true,
    onRejected: true,
    rejectedStatus: true,
    onOutcome: true,
    maxBodyBytes: true,
    maxPendingBytes: true,
    respondWithinMs: true,
    logger: true,
    now: true,
  };
  const section = /^## Options$([\s\S]*?)^## /m.exec(page)?.[1] ?? "";
  expect([...section.matchAll(/^\| `(\w+)` +\|/gm)].map(([, name]) => name)).toEqual(Object.keys(options));
});
