/**
 * Photographs what people see, for a person who reviews its look: each page at two widths, dark, and as a PDF for print; and the
 * built command in terminals of 80 and 120 columns. Needs Chromium and `script` of util-linux.
 *
 *     npx tsx scripts/review-pages.ts FOLDER [plan] [report] [coverage] [terminal]
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { launchChromium } from "../test/support/chromium.ts";
import { coveragePage, refusedPlanPage, reportPage } from "./pictures/samples.ts";
import { terminalPages } from "./pictures/terminal.ts";

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
if (wanted.length === 0 || wanted.includes("terminal")) {
  for (const language of ["en", "fr"] as const) {
    for (const columns of [80, 120]) {
      for (const [name, html] of await terminalPages(language, columns)) {
        const page = await browser.newPage({ viewport: { width: 9 * columns + 40, height: 200 } });
        await page.setContent(html);
        await page.screenshot({ path: join(folder, `terminal-${name}-${language}-${columns}.png`), fullPage: true });
        await page.close();
      }
    }
  }
}
await browser.close();
