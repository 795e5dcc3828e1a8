import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { decode, encode } from "fast-png";
import { coverage } from "oplead-sdk/coverage";
import { locate } from "oplead-sdk/coverage/france";
import type { Page } from "playwright-core";
import { readNetwork, universe } from "../../examples/dealers.ts";
import { launchChromium } from "../../test/support/chromium.ts";
import { calmPlanPage, refusedPlanPage } from "./samples.ts";

interface Screen {
  // Relative to docs/.
  readonly file: string;
  readonly html: () => Promise<string>;
  readonly width: number;
  readonly height: number;
  // Pixels of the file for each of the page. Default 1.
  readonly scale?: number;
  readonly isDark?: boolean;
  readonly act?: (page: Page) => Promise<void>;
}

export const SCREENS: readonly Screen[] = [
  {
    file: "rules/coverage.png",
    html: async () =>
      (await coverage(readNetwork(), { universe, locate })).render("html", { company: "Dealers of the network" }),
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
  { file: "run/plan-fr.png", html: () => refusedPlanPage("fr"), width: 1100, height: 620 },
  { file: "run/plan.png", html: calmPlanPage, width: 1100, height: 750, scale: 2 },
  { file: "run/plan-dark.png", html: calmPlanPage, width: 1100, height: 750, scale: 2, isDark: true },
];

export async function photographs(): Promise<[file: string, png: Buffer][]> {
  const folder = await mkdtemp(join(tmpdir(), "oplead-screens-"));
  const browser = await launchChromium();
  try {
    const made: [string, Buffer][] = [];
    for (const { file, html, width, height, scale = 1, isDark = false, act } of SCREENS) {
      const page = await browser.newPage({
        viewport: { width, height },
        deviceScaleFactor: scale,
        colorScheme: isDark ? "dark" : "light",
        reducedMotion: "reduce",
      });
      const path = join(folder, "page.html");
      await writeFile(path, await html());
      await page.goto(pathToFileURL(path).href);
      await act?.(page);
      const screenshot = await page.screenshot();
      made.push([file, withFewColours(screenshot)]);
      await page.close();
    }
    return made;
  } finally {
    await browser.close();
    await rm(folder, { recursive: true, force: true });
  }
}

// 256 colours: a third of the size, with no visible difference.
function withFewColours(screenshot: Buffer): Buffer {
  const { width, height, channels, data } = decode(screenshot);
  const keyAt = (pixel: number): number => {
    const [red = 0, green = 0, blue = 0] = data.subarray(pixel * channels);
    return (red << 16) | (green << 8) | blue;
  };
  const counts = new Map<number, number>();
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    counts.set(keyAt(pixel), (counts.get(keyAt(pixel)) ?? 0) + 1);
  }
  const palette: number[] = [];
  // Only one of several shades of the same edge.
  for (const [colour] of [...counts].sort((one, other) => other[1] - one[1])) {
    if (palette.length < 256 && palette.every((taken) => distance(taken, colour) > 800)) palette.push(colour);
  }
  const nearest = new Map<number, number>();
  for (const colour of counts.keys()) {
    const distances = palette.map((taken) => distance(taken, colour));
    nearest.set(colour, distances.indexOf(Math.min(...distances)));
  }
  const indexes = Uint8Array.from({ length: width * height }, (_, pixel) => nearest.get(keyAt(pixel)) ?? 0);
  const png = encode(
    { width, height, channels: 1, data: indexes, palette: palette.map(parts) },
    { zlib: { level: 9 } },
  );
  return Buffer.from(png);
}

function distance(one: number, other: number): number {
  const [first, second] = [parts(one), parts(other)];
  return first.reduce((sum, part, index) => sum + (part - (second[index] ?? 0)) ** 2, 0);
}

function parts(colour: number): number[] {
  return [colour >> 16, (colour >> 8) & 255, colour & 255];
}
