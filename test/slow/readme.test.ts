/** The README's snippets, compiled and run as a stranger would: against the installed tarball and a fake Oplead. */
import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { transform } from "esbuild";
import { expect, inject, test } from "vitest";
import { createFakeOplead } from "../../src/testing/index.ts";
import { outsideEnv, tool } from "./toolbox.ts";

const run = promisify(execFile);
const consumers = inject("consumers");
const readme = await readFile(fileURLToPath(new URL("../../README.md", import.meta.url)), "utf8");
const snippets = [...readme.matchAll(/^## (.+)$|^```ts\n([\s\S]*?)^```$/gm)]
  .reduce<{ title: string; code: string }[]>((found, [, title, code]) => {
    if (title !== undefined) found.push({ title, code: "" });
    else if (code !== undefined) {
      const section = found.at(-1);
      if (section && section.code === "") section.code = code;
      else found.push({ title: `${section?.title}, continued`, code });
    }
    return found;
  }, [])
  .filter(({ code }) => code !== "");

/** What each snippet must print: a snippet that runs and says something else is as wrong as one that fails. */
const SAYS: Record<string, RegExp> = {
  "Sixty seconds": /^created \S+ 2 requests \(test mode\)$/,
  Errors: /^unknown to Oplead: updateUser 404$/,
  "Assignment rules": /^applied: geographical, maxDistance, competences, contactProfiles, profileTypes$/,
  "Assignment rules, continued": /"number":"01"[\s\S]*"number":"39"[\s\S]*not on the platform: \[ '99999' \]/,
  "Every other endpoint": /^200 France$/,
  "Batch: every night":
    /^Plan [\s\S]*2 {2}new[\s\S]*needs 6 requests[\s\S]*Plan [\s\S]*needs no requests[\s\S]*complete 6 requests; then complete 0$/,
  "Webhook: in real time":
    /^200 \{"results":\[\{"outcome":"created"\}\],"testMode":false\} 200 \{"results":\[\{"outcome":"duplicate"\}\],"testMode":false\}$/,
  "Testing your integration": /^created true 1 \[\]$/,
  "Testing your integration, continued": /^200 401 1$/,
};

/** What a snippet writes to the standard error output. Those that are not here must write nothing. */
const WARNS: Record<string, RegExp> = {
  // The webhook of the snippet has no logger, so the reason of the 401 goes to the console.
  "Testing your integration, continued": /^(?:oplead-sdk: webhook: refused a request \(401\).*)?$/,
};

test("every snippet is known here", () => {
  expect(snippets.map(({ title }) => title)).toEqual(Object.keys(SAYS));
});

test("all of them compile in strict TypeScript", async () => {
  for (const { title, code } of snippets) await writeFile(join(consumers, `${fileOf(title)}.mts`), code);
  const typescript = await tool("typescript", "5.9.3");
  const compiler = join(typescript, "node_modules/typescript/bin/tsc");
  const flags = ["--noEmit", "--strict", "--exactOptionalPropertyTypes", "--module", "nodenext", "--target", "es2022"];
  const files = snippets.map(({ title }) => `${fileOf(title)}.mts`);
  await run(process.execPath, [compiler, ...flags, "--types", "node", ...files], { cwd: consumers });
});

test.each(snippets)("$title runs, and says what it should", async ({ title, code }) => {
  const { code: program } = await transform(code, { loader: "ts", format: "esm" });
  await writeFile(join(consumers, `${fileOf(title)}.mjs`), program);
  const fake = createFakeOplead();
  const { url, close } = await fake.listen();
  try {
    const env = outsideEnv({ OPLEAD_TOKEN: "fake-token", OPLEAD_BASE_URL: url });
    const { stdout, stderr } = await run(process.execPath, [`${fileOf(title)}.mjs`], { cwd: consumers, env });
    expect(stdout.trim()).toMatch(SAYS[title] as RegExp);
    expect(stderr.trim()).toMatch(WARNS[title] ?? /^$/);
  } finally {
    await close();
  }
});

function fileOf(title: string): string {
  return `readme-${title.toLowerCase().replaceAll(/\W+/g, "-")}`;
}
