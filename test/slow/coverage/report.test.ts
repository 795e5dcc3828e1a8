import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import axe from "axe-core";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { franceCountry, locate } from "../../../src/coverage/france.ts";
import { type CoverageUser, coverage } from "../../../src/coverage/index.ts";
import { geographical } from "../../../src/rules/geographical.ts";
import { launchChromium } from "../../support/chromium.ts";

function dealer(
  accountNumber: string,
  zipCode: string,
  rules: CoverageUser["rules"],
  company = "Garage",
): CoverageUser {
  return { user: { accountNumber, company, address: { zipCode, country: { code: "FR" } } }, rules };
}

const cars = [{ range: { code: "RNG_CARS" } }] as const;
const users = [
  dealer("BREST", "29200", { maxDistance: 40, competences: [...cars, { range: { code: "RNG_VANS" } }] }),
  dealer(
    "RENNES",
    "35000",
    { geographical: geographical().county("FR", "35"), competences: cars },
    "<img src=x onerror=document.title='hit'>",
  ),
  dealer("PARIS", "75001", { geographical: geographical().country("FR"), competences: cars, profileTypes: ["pro"] }),
  {
    ...dealer("constructor", "06000", { geographical: geographical().county("FR", "06") }),
    user: { accountNumber: "constructor" },
  },
  dealer("NOWHERE", "29200", { geographical: geographical().county("FR", "13"), maxDistance: 20 }),
];

describe("the report in a browser", () => {
  let browser: Browser;
  let folder: string;
  let address: string;

  beforeAll(async () => {
    browser = await launchChromium();
    folder = await mkdtemp(join(tmpdir(), "oplead-report-"));
    const universe = { countries: [franceCountry()], ranges: ["RNG_CARS", "RNG_VANS"], requestTypes: [] };
    const file = join(folder, "report.html");
    await writeFile(file, await (await coverage(users, { universe, locate })).render("html", { names: true }));
    address = pathToFileURL(file).href;
  });

  afterAll(async () => {
    await browser?.close();
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  async function withPage(act: (page: Page) => Promise<void>, options: BrowserContextOptions = {}): Promise<void> {
    const context = await browser.newContext(options);
    const complaints: string[] = [];
    const page = await context.newPage();
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("request", (request) => {
      if (request.url() !== address) complaints.push(`request: ${request.url()}`);
    });
    await page.goto(address);
    await act(page);
    await context.close();
    expect(complaints).toEqual([]);
  }

  const counts = (page: Page) => page.locator(".legend .count").allTextContents();

  it("the report draws every postcode once, also after a reader chose other leads", () =>
    withPage(async (page) => {
      const sum = async () => (await counts(page)).reduce((total, text) => total + Number(text.replace(",", "")), 0);
      expect(await sum()).toBe(6331);
      const before = await counts(page);
      await page.selectOption("#filter-counting", "fewest");
      const fewest = await counts(page);
      await page.selectOption("#filter-range", "RNG_CARS");
      await page.selectOption("#filter-profileType", "pro");
      expect(await sum()).toBe(6331);
      expect(await counts(page)).not.toEqual(fewest);
      expect((await counts(page))[0]).toBe("0");
      expect(await page.locator("#map-text").textContent()).toBe("Every postcode has a user for each of these leads.");
      await page.click("button[type=reset]");
      await expect.poll(() => counts(page)).toEqual(before);
    }));

  it("a place on the map is covered if one of its leads has a user, or on request all of them", () =>
    withPage(async (page) => {
      const without = async () => Number((await counts(page))[0]?.replace(",", ""));
      const text = page.locator("#map-text");
      expect(await without()).toBe(0);
      expect(await text.textContent()).toContain("at least one of these leads");
      await page.selectOption("#filter-counting", "fewest");
      expect(await without()).toBeGreaterThan(100);
      expect(await text.textContent()).toMatch(/: at least one of these leads has no user\.$/);
    }));

  it("a report on France is printed on at most 8 sheets of A4, the map on one of them", () =>
    withPage(async (page) => {
      const printed = await page.pdf({ format: "A4" });
      expect(printed.toString("latin1").match(/\/Type\s*\/Page[^s]/g)?.length).toBeLessThanOrEqual(8);
      await page.emulateMedia({ media: "print" });
      const height = (await page.locator("section.map").boundingBox())?.height ?? 0;
      const sheet = ((297 - 28) / 25.4) * 96;
      expect(height).toBeGreaterThan(0);
      expect(height).toBeLessThan(sheet);
      expect(await page.locator("section.map .legend").isVisible()).toBe(true);
    }));

  it("the report says for a typed postcode who is eligible, or what the nearest users lack", () =>
    withPage(async (page) => {
      await page.locator("#lead-zip").pressSequentially("35000");
      await page.selectOption("#lead-range", "RNG_VANS");
      const result = page.locator("#lead-result");
      expect(await result.locator(".verdict").textContent()).toBe("No user is eligible.");
      expect(await result.textContent()).toContain("To be eligible: handle RNG_VANS");
      await page.selectOption("#lead-range", "RNG_CARS");
      expect(await result.locator(".verdict").textContent()).toBe("Eligible: 2 users.");
      await page.fill("#lead-zip", "99999");
      expect(await result.textContent()).toBe("99999 is not a postcode of FR in this report.");
    }));

  it("the report shows a hostile name as text", () =>
    withPage(async (page) => {
      await page.fill("#lead-zip", "35000");
      expect(await page.locator("#lead-result").textContent()).toContain("RENNES · <img src=x onerror=");
      expect(await page.locator("img").count()).toBe(0);
      expect(await page.title()).toBe("Lead coverage");
    }));

  it("a person can sort the findings of the report with the keyboard, and aria-sort names the order", () =>
    withPage(async (page) => {
      const head = page.locator("#findings th").nth(2);
      await head.locator("button").focus();
      await page.keyboard.press("Enter");
      expect(await head.getAttribute("aria-sort")).toBe("descending");
      await page.keyboard.press("Enter");
      expect(await head.getAttribute("aria-sort")).toBe("ascending");
      const numbers = await page
        .locator("#findings tbody td:nth-child(3)")
        .evaluateAll((cells) => cells.map((cell) => Number((cell as HTMLElement).dataset.value)));
      expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
      await page.selectOption("#kind", "thin");
      const kinds = await page
        .locator("#findings tbody tr:visible")
        .evaluateAll((rows) => rows.map((row) => (row as HTMLElement).dataset.kind));
      expect(new Set(kinds)).toEqual(new Set(["thin"]));
    }));

  it("without scripts the report shows the findings as a table, and nothing that needs a script", () =>
    withPage(
      async (page) => {
        expect(await page.locator("#findings tbody tr").count()).toBeGreaterThan(2);
        expect(await page.locator("form:visible, button:visible").count()).toBe(0);
        expect(await page.locator("#map .dot.one").getAttribute("d")).toContain("h0");
      },
      { javaScriptEnabled: false },
    ));

  it.each([
    ["light", {}],
    ["dark", { colorScheme: "dark" }],
    ["narrow", { viewport: { width: 360, height: 700 } }],
  ] as const)("the report has no serious accessibility problem on a %s screen", (_screen, options) =>
    withPage(async (page) => {
      await page.fill("#lead-zip", "35000");
      // The page's policy allows no other script. The debugger is not limited by it.
      const violations = await page.evaluate(
        `${axe.source}; axe.run().then(({ violations }) => violations.map(({ id, impact, nodes }) => ({ id, impact, html: nodes[0].html })))`,
      );
      expect(
        (violations as { impact: string }[]).filter(({ impact }) => impact === "serious" || impact === "critical"),
      ).toEqual([]);
      expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
    }, options),
  );
});
