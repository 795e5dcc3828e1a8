import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll } from "vitest";
import { launchChromium } from "../../support/chromium.ts";
import { type StaticServer, serveFolder } from "../../support/static-server.ts";

// `npm run docs:build` comes first.
export class BuiltSite {
  readonly dist = fileURLToPath(new URL("../../../docs/.vitepress/dist", import.meta.url));
  browser!: Browser;
  #server!: StaticServer;

  constructor() {
    beforeAll(async () => {
      if (!existsSync(join(this.dist, "index.html")))
        throw new Error("There is no site to open: run `npm run docs:build` first.");
      this.#server = await serveFolder(this.dist);
      this.browser = await launchChromium();
    });
    afterAll(async () => {
      await this.browser?.close();
      await this.#server?.close();
    });
  }

  get url(): string {
    return this.#server.url;
  }
}
