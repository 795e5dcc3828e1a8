import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, it, onTestFinished } from "vitest";
import { oneLine, printable } from "../../scripts/printable.ts";
import { compare } from "../../scripts/schema/compare.ts";
import { toYaml } from "../../scripts/schema/normalise.ts";
import { PLACES, pull } from "../../scripts/schema/pull.ts";
import { report } from "../../scripts/schema/report.ts";
import { published } from "./documents.ts";

// Sets the terminal's title, clears its last line, turns the direction of writing.
const EVIL = "\u001b]0;owned\u0007\u001b[2K\r1\u202e\u009b";
const RAW = /[^\P{Cc}\n]|[\u202a-\u202e]/u;

it("control characters, and characters that turn the direction of writing, are printed as escapes", () => {
  expect(oneLine(`a${EVIL}é\n😀\t`)).toBe("a\\u001b]0;owned\\u0007\\u001b[2K\\u000d1\\u202e\\u009bé\\u000a😀\\u0009");
  expect(printable("a\nb\r\n")).toBe("a\nb\\u000d\n");
});

it("the output of the script that pulls the schema has no control characters of the version", async () => {
  const folder = await mkdtemp(join(tmpdir(), "oplead-printable-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, "document.yaml");
  const document = published();
  document.info.version = `7${EVIL}\n# Nothing changed`;
  await writeFile(file, toYaml(document));
  const { words, outcome } = await pull({ source: file, places: { ...PLACES, schema: pathToFileURL(file) } });
  expect(outcome).toBe("unchanged");
  expect(words).toContain("version 7\\u001b]0;owned");
  expect(words).not.toMatch(RAW);
  expect(words).not.toMatch(/^# Nothing/m);
});

it("a report holds no control characters and no line breaks from the document's names", () => {
  const document = published();
  const user = document.components.schemas.UserFields;
  user.properties[`x${EVIL}\n## Confirmed`] = { type: "string" };
  document.paths[`/v1/${EVIL}`] = document.paths["/v1/users"];
  const findings = compare(published(), document);
  const words = report({ outcome: "broken", findings, problems: [EVIL], complaints: [] });
  expect(words).toContain("owned");
  expect(words).not.toMatch(RAW);
  expect(words).not.toMatch(/^## Confirmed$/m);
});
