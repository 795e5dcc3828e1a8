import axe from "axe-core";
import type { BrowserContextOptions } from "playwright-core";
import { expect, test } from "vitest";
import { BuiltSite } from "./built-site.ts";

const PAGES = [
  "/",
  "/start/command",
  "/start/sdk",
  "/rules/coverage",
  "/run/webhook",
  "/reference/guarantees",
  "/operate/monitoring",
  "/reference/options",
  "/reference/api/oplead-sdk/sync/",
  "/fr/demarrage-rapide",
];
const TAGS = { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"] } satisfies axe.RunOnly;
const DARK = ["/", "/start/command", "/run/webhook", "/reference/options"];
const COLOURS = { type: "rule", values: ["color-contrast"] } satisfies axe.RunOnly;
const DESKTOP = { width: 1440, height: 900 };
const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
const WAYS: readonly (readonly [
  name: string,
  options: BrowserContextOptions,
  runOnly: axe.RunOnly,
  pages: string[],
])[] = [
  ["ten pages on a desktop", { viewport: DESKTOP, colorScheme: "light" }, TAGS, PAGES],
  ["ten pages on a phone", { ...PHONE, colorScheme: "light" }, TAGS, PAGES],
  ["four pages on a dark desktop", { viewport: DESKTOP, colorScheme: "dark" }, COLOURS, DARK],
];

const site = new BuiltSite();

test.each(WAYS)("axe finds no accessibility problem on %s", async (_, options, runOnly, pages) => {
  const context = await site.browser.newContext({ ...options, reducedMotion: "reduce" });
  const page = await context.newPage();
  const violations: string[] = [];
  for (const path of pages) {
    await page.goto(site.url + path, { waitUntil: "load" });
    await page.evaluate(axe.source);
    const found = await page.evaluate(async (runOnly) => {
      const { violations } = await (globalThis as unknown as { axe: typeof axe }).axe.run(document, {
        runOnly,
        resultTypes: ["violations"],
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
