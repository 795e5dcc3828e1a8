// No file or host outside of the source is touched.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import ts from "typescript";
import { afterEach, expect, it } from "vitest";
import { renderTypes } from "../../scripts/generate.ts";
import { readDocument } from "../../scripts/schema/document.ts";
import { platformTypes } from "../../scripts/schema/platform-types.ts";
import { openReader, publicName } from "../../scripts/schema/read-source.ts";
import { viewOf } from "../../scripts/schema/view.ts";
import { HOSTILE } from "../support/hostile-texts.ts";
import { published, TEXT } from "./documents.ts";
import { type Route, type Site, serve } from "./serve.ts";

const sites: Site[] = [];
afterEach(async () => {
  for (const site of sites.splice(0)) await site.close();
});

async function open(routes: Record<string, Route>) {
  const site = await serve(routes);
  sites.push(site);
  return site;
}

const LIMITS = { maxBytes: 100_000, timeoutMs: 10_000 };

async function read(site: Site, path = "/doc", auth?: string, limits = LIMITS) {
  const reader = openReader(site.origin + path, auth, limits);
  return reader.read(reader.start);
}

async function readAsDocument(text: string, more: Record<string, Route> = {}) {
  const site = await open({ "/doc": text, ...more });
  const reader = openReader(`${site.origin}/doc`, undefined, LIMITS);
  const source = await reader.read(reader.start);
  return readDocument(source.text, source.url, reader);
}

const withSchemas = (schemas: object) => ({
  openapi: "3.0.3",
  info: { title: "small", version: "1" },
  paths: {},
  components: { schemas },
});

it("a source that is too big is not read to its end", async () => {
  let sent = 0;
  const site = await open({
    "/doc": (response) => {
      const more = () => {
        sent += 10_000;
        if (sent < 10_000_000 && !response.destroyed) response.write("x".repeat(10_000), () => setImmediate(more));
        else response.end();
      };
      more();
    },
  });
  await expect(read(site, "/doc", undefined, LIMITS)).rejects.toThrow(/bigger than/);
  expect(sent).toBeLessThan(10_000_000);
});

it("the size of a source is that of its unpacked bytes", async () => {
  const packed = gzipSync("x".repeat(5_000_000));
  expect(packed.length).toBeLessThan(LIMITS.maxBytes);
  const site = await open({
    "/doc": (response) => response.writeHead(200, { "content-encoding": "gzip" }).end(packed),
  });
  await expect(read(site)).rejects.toThrow(/bigger than/);
});

it("a source that stops sending is given up in time", async () => {
  const site = await open({ "/doc": (response) => void response.write("{") });
  await expect(read(site, "/doc", undefined, { ...LIMITS, timeoutMs: 400 })).rejects.toThrow(/longer than 0.4 s/);
});

it("a redirect to another host is not followed", async () => {
  const other = await open({ "/doc": "{}" });
  const site = await open({
    "/doc": (response) => response.writeHead(302, { location: `${other.origin}/doc` }).end(),
  });
  await expect(read(site, "/doc", "X-KEY: secret")).rejects.toThrow(/another host/);
  expect(other.asked).toEqual([]);
});

it("the reader follows redirects on one host with the header for the source, up to a limit", async () => {
  let key: unknown;
  const site = await open({
    "/doc": (response) => response.writeHead(301, { location: "there" }).end(),
    "/there": (response, headers) => {
      key = headers["x-key"];
      response.end("{}");
    },
    "/circle": (response) => response.writeHead(302, { location: "/circle" }).end(),
  });
  expect((await read(site, "/doc", "X-KEY: secret")).text).toBe("{}");
  expect(key).toBe("secret");
  await expect(read(site, "/circle")).rejects.toThrow(/redirects more than 5 times/);
});

it("the error for a source behind a login names the variable to set, and not its value", async () => {
  const site = await open({ "/doc": (response) => response.writeHead(401).end() });
  await expect(read(site)).rejects.toThrow(/401.*OPLEAD_SCHEMA_AUTH/);
  expect(() => openReader(site.origin, "just-a-secret")).toThrow(/^(?!.*just-a-secret).*header line/);
});

it("the public name of a source has no credentials, query or folders", () => {
  expect(publicName(new URL("https://user:pass@example.com/doc?token=1#x"))).toBe("https://example.com/doc");
  expect(publicName(pathToFileURL("/somewhere/private/doc.json"))).toBe("doc.json");
});

const withReference = (reference: string) => JSON.stringify(withSchemas({ Address: { $ref: reference } }));

it("a reference to another host is refused, and that host is not asked", async () => {
  const other = await open({ "/address.json": "{}" });
  await expect(readAsDocument(withReference(`${other.origin}/address.json`))).rejects.toThrow(/leads to another host/);
  expect(other.asked).toEqual([]);
});

it("a reference to a file of the same host is followed, and one from there to another host is not", async () => {
  const address = { type: "object", properties: { town: { type: "string" } } };
  const files = { "/address.json": JSON.stringify(address) };
  const { yaml } = await readAsDocument(withReference("address.json"), files);
  expect(yaml).toContain("town:");
  const other = await open({ "/evil.json": "{}" });
  const evil = { "/address.json": JSON.stringify({ $ref: `${other.origin}/evil.json` }) };
  await expect(readAsDocument(withReference("address.json"), evil)).rejects.toThrow(/another host/);
  expect(other.asked).toEqual([]);
});

it("a reference in a file cannot leave the file's folder", async () => {
  const folder = await mkdtemp(join(tmpdir(), "oplead-hostile-"));
  try {
    await writeFile(join(folder, "secret.json"), '{"type":"string","description":"secret"}');
    await mkdir(join(folder, "inside"));
    const file = join(folder, "inside", "doc.json");
    await writeFile(file, withReference("../secret.json"));
    const reader = openReader(file, undefined);
    const { text, url } = await reader.read(reader.start);
    await expect(readDocument(text, url, reader)).rejects.toThrow(/outside the folder/);
  } finally {
    await rm(folder, { recursive: true });
  }
});

it.each([
  ["broken JSON", '{"openapi": "3.0.3", ', /broken JSON/],
  ["neither JSON nor YAML", "a: b: c: [", /neither JSON nor YAML/],
  ["JSON, but no OpenAPI document", '{"hello": "world"}', /not an OpenAPI document/],
  ["a list", "- 1\n- 2", /not an OpenAPI document/],
  ["empty", "", /not an OpenAPI document/],
  ["of a version to come", '{"openapi": "4.0.0"}', /OpenAPI 4.0.0 is not supported/],
  ["not valid", '{"openapi": "3.0.3", "info": {}, "paths": {}}', /not valid[\s\S]*give the file/],
])("a document that is %s is refused with a reason", async (_what, text, words) => {
  await expect(readAsDocument(text)).rejects.toThrow(words);
});

it("a document that grows exponentially by YAML aliases is refused early", async () => {
  const lines = ["openapi: 3.0.3", "a0: &a0 [x, x, x, x, x, x, x, x, x]"];
  for (let level = 1; level < 12; level += 1) {
    lines.push(
      `a${level}: &a${level} [${Array(9)
        .fill(`*a${level - 1}`)
        .join(", ")}]`,
    );
  }
  await expect(readAsDocument(lines.join("\n"))).rejects.toThrow(/alias/i);
});

it.each(["OpenAPI 3.0.3", "OpenAPI 3.1.0", "Swagger 2.0"])(
  "a document in %s whose schemas nest `allOf` 24 levels, each twice, is read",
  async (dialect) => {
    const place = dialect === "Swagger 2.0" ? "definitions" : "components/schemas";
    const levels = Array.from({ length: 24 }, (_, level) => {
      const deeper = { $ref: `#/${place}/Level${level + 1}` };
      return [`Level${level}`, { allOf: [deeper, deeper, { properties: { [`field${level}`]: { type: "string" } } }] }];
    });
    const schemas = { ...Object.fromEntries(levels), Level24: { type: "object" } };
    const { info, paths } = withSchemas({});
    const document =
      dialect === "Swagger 2.0"
        ? { swagger: "2.0", info, paths, definitions: schemas }
        : { ...withSchemas(schemas), openapi: dialect.slice(8) };
    const { document: read } = await readAsDocument(JSON.stringify(document));
    expect([...viewOf({ $ref: "#/components/schemas/Level0" }, read).fields.keys()]).toHaveLength(24);
    expect(await renderTypes(read as never)).toContain("Level24");
  },
);

it.each(["#/components/schemas/Gone", "#/components/schemas/Address/properties/gone"])(
  "a document with a reference to %s, which it does not have, is refused",
  async (reference) => {
    const schemas = { Address: { type: "object", properties: {} }, User: { $ref: reference } };
    await expect(readAsDocument(JSON.stringify(withSchemas(schemas)))).rejects.toThrow(/not valid.*\bgone\b/i);
  },
);

it("a document that is nested too deeply is refused", async () => {
  const deep = `${'{"x":'.repeat(2_000)}1${"}".repeat(2_000)}`;
  await expect(readAsDocument(`{"openapi":"3.0.3","x-deep":${deep}}`)).rejects.toThrow(/nested more than/);
});

it("types of a hostile document hold only declarations: no text leaves its comment or quotation marks", async () => {
  const document = published();
  document.info = { title: HOSTILE.join(""), version: HOSTILE.join("") };
  const { properties } = document.components.schemas.UserFields;
  for (const text of [...HOSTILE, HOSTILE.join("")]) {
    properties[`x${text}`] = { type: "string", enum: [text, `${text}2`], description: text };
  }
  const folder = await mkdtemp(join(tmpdir(), "hostile-"));
  await writeFile(join(folder, "doc.json"), JSON.stringify(document));
  const { text: made } = await platformTypes(join(folder, "doc.json"), undefined, TEXT);
  await rm(folder, { recursive: true });
  const { outputText, diagnostics } = ts.transpileModule(made, {
    reportDiagnostics: true,
    compilerOptions: { target: ts.ScriptTarget.ESNext, removeComments: true },
  });
  expect(diagnostics).toEqual([]);
  // Left are the settings, whose names come from the document.
  const [, platform = ""] = /^export const platform = (\{[\s\S]*\});$/.exec(outputText.trim()) ?? [];
  expect(JSON.parse(platform).customFields).toEqual(expect.arrayContaining([`x${HOSTILE[0]}`]));
  expect(made.split("\n")[0]).not.toMatch(/[\u2028\u2029]|\*\//);
});
