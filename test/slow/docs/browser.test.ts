import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { launchChromium } from "../../support/chromium.ts";
import { type StaticServer, serveFolder } from "../../support/static-server.ts";
import { listPages } from "./pages.ts";
import { type ReaderFolders, readerFolders } from "./reader-folder.ts";

let folders: ReaderFolders;
let server: StaticServer;
let browser: Browser;

beforeAll(async () => {
  folders = await readerFolders(inject("consumers"));
  const folder = await folders.create("browser");
  const blocks = (await listPages()).find(({ path }) => path === "test/fake.md")?.blocks ?? [];
  const user = blocks.find(({ file }) => file === "user.mjs");
  const example = blocks.find(({ code }) => code.includes("setupWorker"));
  if (!user || !example) throw new Error("docs/test/fake.md has no example for the browser.");
  const site = join(folder, "public");
  await mkdir(site);
  await writeFile(join(folder, "user.mjs"), user.code);
  await writeFile(join(folder, "page.mjs"), example.code);
  await writeFile(
    join(site, "index.html"),
    '<!doctype html><link rel="icon" href="data:,"><script type="module" src="/page.js"></script>',
  );
  await copyFile(join(folder, "node_modules/msw/lib/mockServiceWorker.js"), join(site, "mockServiceWorker.js"));
  await build({
    entryPoints: [join(folder, "page.mjs")],
    outfile: join(site, "page.js"),
    bundle: true,
    format: "esm",
    platform: "browser",
    logLevel: "silent",
  });
  server = await serveFolder(site);
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
  await folders?.remove();
});

test("a page whose service worker has the handlers creates a user, and nothing leaves the machine", async () => {
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => {
    // The browser reports the fake's 404 before the creation.
    const isExpected = message.location().url.startsWith("https://api.oplead.com/v1/users/");
    if (message.type() === "error" && !isExpected) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(server.url);
  await page
    .waitForFunction(() => document.title !== "", undefined, { timeout: 600_000 })
    .catch((error: Error) => complaints.push(error.message));
  expect(complaints).toEqual([]);
  expect(await page.title()).toBe("created 1");
});
