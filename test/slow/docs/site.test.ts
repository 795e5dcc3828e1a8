// `npm run docs:build` comes first.
import { existsSync } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { join, posix } from "node:path";
import { expect, test } from "vitest";
import { CHECKS } from "../../../scripts/docs/errors.ts";
import type { OpleadErrorCode } from "../../../src/core/names.ts";
import { BuiltSite } from "./built-site.ts";

const site = new BuiltSite();

test.each([
  ["/", "oplead-sdk"],
  ["/start/command", "Quick start with the command"],
  ["/operate/runbook", "Runbook"],
  ["/reference/options", "Options"],
  ["/explain/performance", "Performance"],
  ["/reference/api/oplead-sdk/sync/", "oplead-sdk/sync"],
  ["/fr/demarrage-rapide", "Démarrage rapide"],
  ["/fr/", "Pour les administrateurs"],
  ["/fr/garde-fou", "Le garde-fou a refusé le plan"],
])("the page %s of the site opens without an error in the console", async (path, title) => {
  const page = await site.browser.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("response", (response) => {
    if (response.status() >= 400) complaints.push(`${response.status()} ${response.url()}`);
  });
  page.on("request", (request) => {
    if (!request.url().startsWith(site.url)) complaints.push(`a request left the site: ${request.url()}`);
  });
  await page.goto(site.url + path, { waitUntil: "networkidle" });
  expect(await page.title()).toContain(title);
  expect(complaints).toEqual([]);
  await page.close();
});

test("no page, and no script of a page, is larger than 150 kB, except those of the API", async () => {
  const files = await readdir(site.dist, { recursive: true });
  const pages = files.filter(
    (file) => /\.html$|\.md\.[\w-]+(?:\.lean)?\.js$/.test(file) && !/reference[/_]api/.test(file),
  );
  const sizes = await Promise.all(
    pages.map(async (file) => ({ file, kB: (await stat(join(site.dist, file))).size / 1000 })),
  );
  expect(sizes.length).toBeGreaterThan(100);
  expect(sizes.filter(({ kB }) => kB > 150)).toEqual([]);
});

test("the address of a page that has moved leads to its new place, with the same section", async () => {
  const page = await site.browser.newPage();
  await page.goto(`${site.url}/operate/guard#a-ledger-that-is-not-there`);
  await page.waitForURL(`${site.url}/run/guard#a-ledger-that-is-not-there`);
  expect(await page.locator("h1").textContent()).toContain("The guard");
  await page.close();
});

test.each(["/start/sdk", "/sources/leavers", "/rules/assignment-rules", "/run/webhook", "/run/plan"])(
  "the page %s shows types in its samples",
  async (path) => {
    expect(await readFile(join(site.dist, `${path}.html`), "utf8")).toContain("twoslash-hover");
  },
);

test("the French page has French menus, and the menu of languages leads there and back", async () => {
  const page = await site.browser.newPage();
  await page.goto(`${site.url}/rules/coverage`, { waitUntil: "networkidle" });
  const languages = page.locator(".VPNavBarTranslations");
  await languages.hover();
  await languages.getByRole("link", { name: "Français" }).click();
  await page.locator("h1", { hasText: "Pour les administrateurs" }).waitFor({ timeout: 10_000 });
  expect(await page.locator("html").getAttribute("lang")).toBe("fr");
  expect(await page.locator(".VPNavBarSearch").textContent()).toContain("Rechercher");
  expect(await page.locator(".VPDocAside").textContent()).toContain("Sur cette page");
  expect(await languages.getByRole("link", { name: "English", includeHidden: true }).getAttribute("href")).toBe("/");
  await page.close();
});

test("no table or sample makes a page wider than a phone", async () => {
  const page = await site.browser.newPage({ viewport: { width: 390, height: 844 } });
  for (const path of [
    "/",
    "/reference/options",
    "/reference/command",
    "/reference/provenance",
    "/explain/performance",
    "/run/webhook",
  ]) {
    await page.goto(site.url + path);
    const { width, tables } = await page.evaluate(() => ({
      width: document.documentElement.scrollWidth,
      // Tables of two columns become lists; only wider ones may scroll.
      tables: [...document.querySelectorAll("table")].filter(
        (table) => table.querySelectorAll("th").length < 3 && table.scrollWidth > table.clientWidth + 1,
      ).length,
    }));
    expect({ path, width, tables }).toEqual({ path, width: 390, tables: 0 });
  }
  await page.close();
});

test("the section that error.docs names exists in the site, for every code", async () => {
  const html = await readFile(join(site.dist, "operate/runbook.html"), "utf8");
  const anchors = new Set([...html.matchAll(/<h2 id="([^"]+)"/g)].map(([, id]) => id));
  for (const code of Object.keys(CHECKS) as OpleadErrorCode[]) {
    expect(anchors).toContain(code);
  }
});

test("every link, picture and section that a page of the site names exists", async () => {
  const files = (await readdir(site.dist, { recursive: true })).map((file) => file.replaceAll("\\", "/"));
  const known = new Set(files);
  const pages = new Map<string, string>();
  for (const file of files)
    if (file.endsWith(".html") && file !== "404.html") pages.set(file, await readFile(join(site.dist, file), "utf8"));
  const sections = new Map(
    [...pages].map(([file, html]) => [file, new Set([...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id))]),
  );
  const dead: string[] = [];
  for (const [file, html] of pages) {
    for (const [, address = ""] of new Set(html.matchAll(/ (?:href|src)="([^"]+)"/g))) {
      if (/^(?:[a-z]+:|\/\/)/.test(address)) continue;
      const [path = "", section] = decodeURI(address.replaceAll("&amp;", "&")).split("#");
      const target = path === "" ? file : posix.join(path.startsWith("/") ? "." : posix.dirname(file), path);
      const found = [target, `${target}.html`, posix.join(target, "index.html")].find(
        (each) => known.has(each) && !each.endsWith("/"),
      );
      const isThere =
        found !== undefined &&
        (section === undefined || section === "" || !pages.has(found) || sections.get(found)?.has(section));
      if (!isThere) dead.push(`${file}: ${address}`);
    }
  }
  expect(pages.size).toBeGreaterThan(450);
  expect(dead).toEqual([]);
});

test("llms.txt describes every guide and every exported function, and leads to their Markdown", async () => {
  const list = await readFile(join(site.dist, "llms.txt"), "utf8");
  const lines = [...list.matchAll(/^- \[([^\]]+)\]\((\/[^)]+)\)(?:: (.+))?$/gm)];
  expect(lines.length).toBeGreaterThan(380);
  for (const [, , link = ""] of lines) expect(existsSync(join(site.dist, link)), link).toBe(true);
  const described = new Map(lines.map(([, title, , description]) => [title, description]));
  expect(described.get("A nightly batch")).toMatch(/^Sync users every night from your own program/);
  expect(described.get("planSync")).toBe("Reads the source, compares it with the ledger and returns a plan.");
  expect(
    lines.filter(
      ([, , link, description]) => description === undefined && !/changelog|interfaces\/paths/.test(link ?? ""),
    ),
  ).toEqual([]);
});

test("llms-full.txt has the text of every guide, without the marks that only tests read", async () => {
  const all = await readFile(join(site.dist, "llms-full.txt"), "utf8");
  expect(all).toContain("## ledger_mismatch");
  expect(all).toContain("# The nightly batch");
  expect(all).not.toMatch(/<!-- (?:prints|first|executed)/);
});
