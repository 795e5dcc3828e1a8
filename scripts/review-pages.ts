/**
 * Photographs the pages for a person who reviews their look: each at two widths, dark, and as a PDF for print. Needs Chromium.
 *
 *     npx tsx scripts/review-pages.ts FOLDER
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { launchChromium } from "../test/support/chromium.ts";
import { coveragePage, refusedPlanPage, reportPage } from "./pictures/samples.ts";

const PAGES = {
  plan: () => refusedPlanPage("fr"),
  report: () => reportPage("fr"),
  coverage: () => coveragePage("fr"),
};

const VIEWS = [
  { name: "1280", viewport: { width: 1280, height: 900 } },
  { name: "390", viewport: { width: 390, height: 844 } },
  { name: "dark", viewport: { width: 1280, height: 900 }, colorScheme: "dark" },
] as const;

const folder = resolve(process.argv[2] ?? "review");
const wanted = process.argv.slice(3);
await mkdir(folder, { recursive: true });
const browser = await launchChromium();
for (const [name, html] of Object.entries(PAGES)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const file = join(folder, `${name}.html`);
  await writeFile(file, await html());
  for (const { name: view, ...options } of VIEWS) {
    const page = await browser.newPage({ ...options, reducedMotion: "reduce" });
    await page.goto(pathToFileURL(file).href);
    await page.screenshot({ path: join(folder, `${name}-${view}.png`), fullPage: true });
    if (view === "1280") {
      const pdf = await page.pdf({ format: "A4" });
      await writeFile(join(folder, `${name}.pdf`), pdf);
      const sheets = pdf.toString("latin1").match(/\/Type\s*\/Page[^s]/g)?.length;
      const height = await page.evaluate("document.documentElement.scrollHeight");
      console.log(`${name}: ${String(height)} px high, ${sheets} sheets of A4`);
    }
    await page.close();
  }
}
await browser.close();
