import { join } from "node:path";
import { expect, it } from "vitest";
import { provenancePage } from "../../scripts/docs/provenance.ts";
import { probedText } from "../../scripts/schema/pull.ts";
import { createOplead } from "../../src/index.ts";
import { probePlatform } from "../../src/probe/index.ts";
import { createFakeOplead } from "../../src/testing/index.ts";
import { folderWith } from "../support/folder.ts";

const schema = new URL("../../schema/oplead.openapi.yaml", import.meta.url).pathname;

it("the script that pulls the schema tells what a probe confirmed and what it left undecided, and the page about provenance shows what the probe confirmed", async () => {
  const fake = createFakeOplead({ ids: "uuid" });
  const oplead = createOplead({ token: "fake-token", fetch: fake.fetch, rateLimit: false });
  const facts = await probePlatform(oplead, { lagMs: 0 });
  const folder = await folderWith({ "platform-facts.json": JSON.stringify(facts) });
  const file = join(folder, "platform-facts.json");
  const text = probedText(file) ?? "";
  expect(text).toMatch(/^A probe asked https:\/\/api\.oplead\.com on \d{4}-\d\d-\d\d:$/m);
  expect(text).toMatch(/^ {2}confirmed: .*\bauth\b/m);
  expect(text).toMatch(/^ {2}undecided: .*\bpartialUpdate\b/m);
  expect(provenancePage(schema, file)).toMatch(/^\| `auth` +\| confirmed/m);
  expect(provenancePage(schema)).not.toContain("| `auth`");
});

it("without a probe, the script that pulls the schema mentions no probe", () => {
  expect(probedText("no-such-file.json")).toBeUndefined();
});
