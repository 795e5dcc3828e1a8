import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import axe from "axe-core";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { locate } from "../../../../src/coverage/france.ts";
import { policyFinding } from "../../../../src/coverage/index.ts";
import { planPage } from "../../../../src/sync/pages/plan-page.ts";
import { reportPage } from "../../../../src/sync/pages/report-page.ts";
import { createReport } from "../../../../src/sync/report/create-report.ts";
import { savedPlan } from "../../../../src/sync/saved-plan.ts";
import type { SavedChange } from "../../../../src/sync/types/plan.ts";
import { launchChromium } from "../../../support/chromium.ts";
import { fullPlan } from "../../../support/full-plan.ts";
import { fullReport } from "../../../support/full-report.ts";

const hostile = "</script><img src=x onerror=document.title='hit'>";
const FIELDS = [["email", "login"], ["address"], ["phone", hostile]];

function planOf(users: number) {
  const changes = Array.from({ length: users }, (_, index) => ({
    ...{ record: index, row: index + 2, accountNumber: `DLR-${index}`, kind: index % 50 ? "changed" : "new" },
    ...{ id: String(index), movedFrom: undefined, fields: FIELDS[index % 3], rules: index % 5 ? [] : ["geographical"] },
    ...{ fieldsUnknown: false, doubted: false, after: undefined, hash: "h", segment: index % 2 ? "Nord" : "Sud" },
  }));
  return savedPlan(fullPlan, changes as unknown as SavedChange[]);
}

const finding = policyFinding({
  ...{ policy: "cover", problem: "uncovered", country: "FR", zipCodes: ["29200"], counties: ["Finistère"], limit: 1 },
  causes: [{ accountNumber: "BREST", effects: [{ kind: "left" }], postcodes: 1 }],
});
const { checksum: _checksum, version: _version, ...facts } = planOf(5);
const area = {
  country: "FR",
  county: "29",
  name: hostile,
  zipCodes: ["29000", "29200"],
  places: 2,
  inhabitants: 84_000,
};
const withAreas = savedPlan(
  {
    ...facts,
    refusals: Array.from({ length: 9 }, () => finding),
    areas: (["lost", "gained"] as const).map((kind) => ({ ...area, kind, certain: kind === "lost", kinds: [hostile] })),
    limits: [{ option: "maxChanged", users: 9, most: 4, among: 20, segment: hostile }],
  },
  facts.changes,
);

const withManyKinds = savedPlan(
  {
    ...facts,
    limits: ["maxNew", "maxChanged", "maxMoved", "maxMissing"].flatMap((option) =>
      [undefined, "Nord", "Sud", "Est", "Ouest"].map((segment) => {
        return { option: option as "maxNew", users: 9, most: 4, among: 20, segment };
      }),
    ),
    areas: Array.from({ length: 100 }, (_, index) => {
      return { ...area, county: String(index), kind: "lost" as const, certain: true, kinds: [] };
    }),
    findings: Array.from({ length: 60 }, (_, index) => {
      const issue = { path: `custom${index}`, code: "white_space" as const, parameters: {}, message: "is wrong" };
      return { kind: "suspicious" as const, record: index, row: index, accountNumber: `S-${index}`, issues: [issue] };
    }),
  },
  planOf(10_000).changes.map((change, index) => ({ ...change, fields: [`custom${index % 60}`] })),
);

let browser: Browser;
let folder: string;

beforeAll(async () => {
  browser = await launchChromium();
  folder = await mkdtemp(join(tmpdir(), "oplead-pages-"));
  await writeFile(join(folder, "plan.html"), await planPage(planOf(500)));
  await writeFile(join(folder, "plan-fr.html"), await planPage(planOf(5), { language: "fr" }));
  await writeFile(join(folder, "areas.html"), await planPage(withAreas, { language: "fr", locate }));
  await writeFile(join(folder, "large.html"), await planPage(planOf(20_000)));
  await writeFile(join(folder, "many-kinds.html"), await planPage(withManyKinds, { language: "fr", locate }));
  await writeFile(join(folder, "report.html"), await reportPage(createReport(fullReport), { language: "fr" }));
});

afterAll(async () => {
  await browser?.close();
  if (folder) await rm(folder, { recursive: true, force: true });
});

async function withPage(file: string, act: (page: Page) => Promise<void>, options: BrowserContextOptions = {}) {
  const context = await browser.newContext(options);
  const address = pathToFileURL(join(folder, file)).href;
  const complaints: string[] = [];
  const page = await context.newPage();
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("request", (request) => {
    if (!request.url().startsWith(address)) complaints.push(`request: ${request.url()}`);
  });
  await page.goto(address);
  await act(page);
  await context.close();
  expect(complaints).toEqual([]);
}

const shown = (page: Page) => page.locator("details.group:not([hidden])");

it.each(["plan.html", "plan-fr.html", "areas.html", "report.html"])(
  "axe finds no accessibility problem on the page %s, in light colours, and in dark colours on a phone",
  async (file) => {
    const phone = { width: 390, height: 844 };
    for (const options of [{}, { colorScheme: "dark", viewport: phone }] as const) {
      await withPage(
        file,
        async (page) => {
          // The page's policy blocks scripts, but not the debugger.
          await page.evaluate(axe.source);
          const { violations } = await page.evaluate(() => (globalThis as unknown as { axe: typeof axe }).axe.run());
          expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
          const width = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
          expect(width).toBeLessThanOrEqual(0);
        },
        options,
      );
    }
  },
);

it("a search for one of 500 users opens the user's group, and an empty search closes the group again", () =>
  withPage("plan.html", async (page) => {
    const open = () => page.locator("details.group[open]").count();
    const before = await open();
    await page.fill("#search", "dlr-499");
    expect(await shown(page).count()).toBe(1);
    expect(await page.getByText("DLR-499", { exact: true }).isVisible()).toBe(true);
    expect(await shown(page).locator(".count").textContent()).toBe("1 / 134");
    await page.fill("#search", "nobody");
    expect(await page.locator("#no-match").isVisible()).toBe(true);
    await page.fill("#search", "");
    expect(await open()).toBe(before);
  }));

it("a page can be used by keyboard: the skip link, the filters, and a group by Enter", () =>
  withPage("plan.html", async (page) => {
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.className)).toBe("skip");
    await page.keyboard.press("Enter");
    await page.locator("#search").focus();
    await page.keyboard.type("dlr-49");
    const summary = shown(page).locator("summary").first();
    await summary.focus();
    const isOpen = () =>
      shown(page)
        .first()
        .evaluate((group) => (group as HTMLDetailsElement).open);
    const before = await isOpen();
    await page.keyboard.press("Enter");
    expect(await isOpen()).toBe(!before);
  }));

it("a page of 20,000 changes opens, is searched, and lays out only what is on the screen", () =>
  withPage("large.html", async (page) => {
    await page.click('a[href="#kind-changed"]');
    expect(await page.locator("li").count()).toBeGreaterThan(20_000);
    const skipped = await page
      .locator("#kind-changed .entries.long")
      .last()
      .evaluate((list) => !list.firstElementChild?.checkVisibility({ contentVisibilityAuto: true }));
    expect(skipped).toBe(true);
    await page.fill("#search", "dlr-19999");
    expect(await page.getByText("DLR-19999", { exact: true }).isVisible()).toBe(true);
  }));

it("a group opens with 200 entries, and shows 200 more each time that a reader asks for more", () =>
  withPage("large.html", async (page) => {
    const group = page.locator("#kind-changed");
    await group.locator("summary").first().click();
    const visible = () =>
      group.evaluate((list) => [...list.querySelectorAll("li")].filter((item) => item.checkVisibility()).length);
    expect(await visible()).toBe(200);
    const more = group.locator(".chunk > summary:visible");
    expect(await more.allTextContents()).toEqual([expect.stringMatching(/^Show 200 more \([\d,]+ left\)$/)]);
    await more.click();
    expect(await visible()).toBe(400);
    expect(await more.count()).toBe(1);
  }));

it("a page is printed with its closed lists and without its filters, and is as before afterwards", () =>
  withPage("plan.html", async (page) => {
    const open = () => page.locator("details[open]").count();
    const before = await open();
    await page.emulateMedia({ media: "print" });
    expect(await page.locator("#filters").isVisible()).toBe(false);
    expect(await page.locator(".verdict").isVisible()).toBe(true);
    const printed = await page.pdf();
    // 500 entries in three columns need more than one sheet.
    expect(printed.toString("latin1").match(/\/Type\s*\/Page[^s]/g)?.length).toBeGreaterThan(3);
    expect(await open()).toBe(before);
  }));

it("a page can be read without a script", () =>
  withPage(
    "plan.html",
    async (page) => {
      expect(await page.locator("#filters").isVisible()).toBe(false);
      await page.locator("#kind-changed summary").click();
      expect(await page.locator("#kind-changed li").first().isVisible()).toBe(true);
    },
    { javaScriptEnabled: false },
  ));
