import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { transform } from "esbuild";
import { expect, inject, test } from "vitest";
import { TSC } from "../../scripts/compiler.ts";
import { createFakeOplead } from "../../src/testing/index.ts";
import { outsideEnv } from "./toolbox.ts";

const run = promisify(execFile);
const consumers = inject("consumers");
const readme = await readFile(fileURLToPath(new URL("../../README.md", import.meta.url)), "utf8");
const snippets = [...readme.matchAll(/^##? (.+)$|^```[jt]s\n([\s\S]*?)^```$/gm)]
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

const SAYS: Record<string, RegExp> = {
  "oplead-sdk": /^created, recovered, 1 user, 0 duplicates$/,
  "Every night, from a program": /^complete 3 requests$/,
  "When a call fails": /^setRules of DLR-9999[\s\S]*not_found \(404\)[\s\S]*something must change first not_found$/,
};

test("this test knows every snippet of the README", () => {
  expect(snippets.map(({ title }) => title)).toEqual(Object.keys(SAYS));
});

test("all snippets of the README compile in strict TypeScript", async () => {
  for (const { title, code } of snippets) await writeFile(join(consumers, `${fileOf(title)}.mts`), code);
  const flags = ["--noEmit", "--strict", "--exactOptionalPropertyTypes", "--module", "nodenext", "--target", "es2022"];
  const files = snippets.map(({ title }) => `${fileOf(title)}.mts`);
  await run(process.execPath, [TSC, ...flags, "--types", "node", ...files], { cwd: consumers });
});

test.each(snippets)("the README's snippet $title runs, and prints what it should", async ({ title, code }) => {
  const { code: program } = await transform(code, { loader: "ts", format: "esm" });
  await writeFile(join(consumers, `${fileOf(title)}.mjs`), program);
  const fake = createFakeOplead();
  const { url, close } = await fake.listen();
  try {
    const access = { OPLEAD_TOKEN: "fake-token", OPLEAD_BASE_URL: url };
    const env = title === "oplead-sdk" ? { PATH: process.env.PATH } : outsideEnv(access);
    const { stdout, stderr } = await run(process.execPath, [`${fileOf(title)}.mjs`], { cwd: consumers, env });
    expect(stdout.trim()).toMatch(SAYS[title] as RegExp);
    expect(stderr).toBe("");
  } finally {
    await close();
  }
});

test("the README is short, and begins with an installation, ten lines of code and what they print", () => {
  const lines = readme.trimEnd().split("\n");
  expect(lines.length).toBeLessThanOrEqual(110);
  expect(lines.filter((line) => line.length > 400)).toEqual([]);
  const [install, first = "", output] = [...readme.matchAll(/^```\w+\n([\s\S]*?)^```$/gm)].map(([, code]) => code);
  expect(install).toBe("npm install oplead-sdk\n");
  expect(first.trimEnd().split("\n").length).toBeLessThanOrEqual(10);
  expect(output).toBe("created, recovered, 1 user, 0 duplicates\n");
});

function fileOf(title: string) {
  return `readme-${title.toLowerCase().replaceAll(/\W+/g, "-")}`;
}
