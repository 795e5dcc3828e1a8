/** Ten pages of the built site, as people with a screen reader, a phone or a dark theme have them. `npm run docs:build` comes first. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import axe from "axe-core";
import type { Browser, BrowserContextOptions } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchChromium } from "../../support/chromium.ts";
import { type StaticServer, serveFolder } from "../../support/static-server.ts";

const dist = fileURLToPath(new URL("../../../docs/.vitepress/dist", import.meta.url));
const PAGES = [
  "/",
  "/start/command",
  "/start/sdk",
  "/guides/coverage",
  "/guides/webhook",
  "/explain/upsert",
  "/operate/when-to-act",
  "/reference/options",
  "/reference/api/oplead-sdk/sync/",
  "/fr/demarrage-rapide",
];
const TAGS = { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"] } satisfies axe.RunOnly;
/** A dark theme changes colours only. */
const COLOURS = { type: "rule", values: ["color-contrast"] } satisfies axe.RunOnly;
const WAYS: readonly (readonly [name: string, options: BrowserContextOptions, runOnly: axe.RunOnly])[] = [
  ["a desktop", { viewport: { width: 1440, height: 900 }, colorScheme: "light" }, TAGS],
  ["a phone", { viewport: { width: 390, height: 844 }, colorScheme: "light", isMobile: true, hasTouch: true }, TAGS],
  ["a dark desktop", { viewport: { width: 1440, height: 900 }, colorScheme: "dark" }, COLOURS],
];

let browser: Browser;
let server: StaticServer;

beforeAll(async () => {
  if (!existsSync(join(dist, "index.html")))
    throw new Error("There is no site to open: run `npm run docs:build` first.");
  server = await serveFolder(dist);
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
});

test.each(WAYS)("axe has nothing to say about ten pages on %s", async (_, options, runOnly) => {
  const context = await browser.newContext({ ...options, reducedMotion: "reduce" });
  const page = await context.newPage();
  const violations: string[] = [];
  for (const path of PAGES) {
    await page.goto(server.url + path, { waitUntil: "load" });
    await page.evaluate(axe.source);
    const found = await page.evaluate(async (runOnly) => {
      const { violations } = await (globalThis as unknown as { axe: typeof axe }).axe.run(document, {
        runOnly,
        resultTypes: ["violations"],
        // An experimental rule: it takes the keys that open the search, which are shown in its button, for a part of its name.
        ...(runOnly.type === "tag" && { rules: { "label-content-name-mismatch": { enabled: false } } }),
      });
      return violations.flatMap(({ id, nodes }) =>
        nodes.slice(0, 3).map(({ target, failureSummary }) => `${id} ${target} ${failureSummary}`),
      );
    }, runOnly);
    violations.push(...found.map((text) => `${path} ${text}`));
  }
  await context.close();
  expect(violations).toEqual([]);
});
