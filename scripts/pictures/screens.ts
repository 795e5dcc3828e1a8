/** Pages that the package makes, photographed in Chromium. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { coverage, coverageReport } from "oplead-sdk/coverage";
import { locate } from "oplead-sdk/coverage/france";
import type { Page } from "playwright-core";
import { readNetwork, universe } from "../../examples/network.ts";
import { launchChromium } from "../../test/support/chromium.ts";
import { samplePlanPage } from "./plan.ts";
import { withFewColours } from "./png.ts";

interface Screen {
  /** Relative to docs/. */
  readonly file: string;
  readonly html: () => Promise<string>;
  readonly width: number;
  readonly height: number;
  /** What a reader does before the photograph. */
  readonly act?: (page: Page) => Promise<void>;
}

export const SCREENS: readonly Screen[] = [
  {
    file: "guides/coverage.png",
    html: async () =>
      coverageReport(await coverage(readNetwork(), { universe, locate }), { title: "Dealers of the network" }),
    width: 1100,
    height: 760,
    act: async (page) => {
      await page.getByRole("textbox", { name: "Postcode" }).fill("29900");
      await page.locator(".legend").waitFor();
      await page.getByRole("heading", { name: "Eligible users by postcode" }).evaluate((heading) => {
        window.scrollBy(0, heading.getBoundingClientRect().top - 36);
      });
    },
  },
  { file: "operate/plan.png", html: samplePlanPage, width: 1100, height: 650 },
];

/** Photographs the pages, and gives each as the content of a PNG file. */
export async function photographs(): Promise<[file: string, png: Buffer][]> {
  const folder = await mkdtemp(join(tmpdir(), "oplead-screens-"));
  const browser = await launchChromium();
  try {
    const made: [string, Buffer][] = [];
    for (const { file, html, width, height, act } of SCREENS) {
      const page = await browser.newPage({ viewport: { width, height }, reducedMotion: "reduce" });
      const path = join(folder, "page.html");
      await writeFile(path, await html());
      await page.goto(pathToFileURL(path).href);
      await act?.(page);
      const screenshot = await page.screenshot();
      // The policy of a page may forbid to show it pictures.
      await page.goto("about:blank");
      made.push([file, await withFewColours(page, screenshot)]);
      await page.close();
    }
    return made;
  } finally {
    await browser.close();
    await rm(folder, { recursive: true, force: true });
  }
}
