import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openAudit } from "../../src/parts.ts";
import type { AuditFile } from "../../src/sync/index.ts";

export interface AuditedLine {
  readonly time: string;
  readonly origin: string;
  readonly run?: string;
  readonly accountNumber: string;
  readonly id?: string;
  readonly outcome: string;
  readonly rules: readonly string[];
}

export class WorldAudit {
  readonly #folder = mkdtempSync(join(tmpdir(), "oplead-world-"));
  readonly #path = join(this.#folder, "audit.jsonl");
  readonly file: AuditFile;
  lines: readonly AuditedLine[] = [];

  constructor(now: () => number) {
    this.file = openAudit(this.#path, { now });
  }

  async end(): Promise<void> {
    await this.file.close();
    const text = existsSync(this.#path) ? readFileSync(this.#path, "utf8") : "";
    this.lines = text.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line) as AuditedLine]));
    rmSync(this.#folder, { recursive: true });
  }
}
