import { afterEach, expect, it } from "vitest";
import { stringify } from "yaml";
import { readDocument } from "../../scripts/schema/document.ts";
import { openReader } from "../../scripts/schema/read-source.ts";
import { findDocument, looksLikePage } from "../../scripts/schema/swagger-ui.ts";
import { inOpenApi31, inSwagger2, type Loose, published } from "./documents.ts";
import { swaggerUi, waysToShow } from "./pages.ts";
import { type Route, type Site, serve } from "./serve.ts";

let site: Site;
afterEach(() => site.close());

async function behind(routes: Record<string, Route>) {
  site = await serve(routes, swaggerUi);
  const reader = openReader(`${site.origin}/documentation/index.html`, undefined);
  const page = await reader.read(reader.start);
  expect(looksLikePage(page.text)).toBe(true);
  const found = await findDocument(page, reader);
  if ("document" in found) return { written: found.document, url: page.url, reader };
  const { text, url } = await reader.read(found.url);
  return { written: text, url, reader };
}

async function readBehind(routes: Record<string, Route>) {
  const { written } = await behind(routes);
  return typeof written === "string" ? JSON.parse(written) : written;
}

const DIALECTS: [string, () => Loose][] = [
  ["OpenAPI 3.0.3", () => published()],
  ["OpenAPI 3.1.0", () => inOpenApi31()],
  ["Swagger 2.0", () => inSwagger2()],
];

const ways = Object.keys(waysToShow(""));
it.each(ways)("the address of the document is found in a page that shows the document %s", async (way) => {
  expect(await readBehind(waysToShow(JSON.stringify(published()))[way] ?? {})).toEqual(published());
  expect(site.asked).not.toContain("/v0/openapi");
});

it.each(DIALECTS)("a page leads to its document in %s, as JSON and as YAML", async (dialect, make) => {
  const texts = [JSON.stringify(make()), stringify(make())];
  const read = [];
  for (const text of texts) {
    const { written, url, reader } = await behind(waysToShow(text)["by url"] ?? {});
    read.push(await readDocument(written, url, reader));
    await site.close();
  }
  expect(read[0]?.dialect).toBe(dialect);
  expect(read[0]?.yaml).toBe(read[1]?.yaml);
  expect(Object.keys(read[0]?.document.paths as object)).toEqual(Object.keys(published().paths).sort());
});

it("if a page names no document, the message says what to do", async () => {
  const routes = { "/documentation/index.html": "<!doctype html><html><body>Hello</body></html>" };
  await expect(readBehind(routes)).rejects.toThrow(/names no OpenAPI document.*network tab/);
});

it("if a page names an address on another host, such as the pet store's, no request goes there", async () => {
  await expect(readBehind({})).rejects.toThrow(/petstore\.swagger\.io.*another host/);
});

it("the scripts of a page are not run", async () => {
  const script = `
      globalThis.ranAScript = true; process.exit(7); while (true) {}
      throw new Error("ran"); new Function("globalThis.ranAScript = true")();
      SwaggerUIBundle({ url: (globalThis.ranAScript = true, "/evil"), get spec() { globalThis.ranAScript = true; } });
      const swagger = { url: "/v1/openapi" };`;
  const document = await readBehind({
    ...waysToShow(JSON.stringify(published()))["by url"],
    "/documentation/swagger-initializer.js": script,
  });
  expect(document.openapi).toBe("3.0.3");
  expect(globalThis).not.toHaveProperty("ranAScript");
  expect(site.asked).not.toContain("/evil");
});

it("scripts on other hosts are not fetched, and the settings in the page itself are used", async () => {
  const tags =
    '<script src="https://tracker.invalid/t.js"></script><script>SwaggerUIBundle({url:"/v1/openapi"})</script>';
  const document = await readBehind({
    "/documentation/index.html": `<html>${tags}</html>`,
    "/v1/openapi": JSON.stringify(published()),
  });
  expect(document.openapi).toBe("3.0.3");
});

it("a page with brackets nested too deeply is refused, and the process goes on", async () => {
  const script = `<script>SwaggerUIBundle({spec: ${"[".repeat(200_000)}</script>`;
  await expect(readBehind({ "/documentation/index.html": `<html>${script}</html>` })).rejects.toThrow(
    /nested too deeply/,
  );
});
