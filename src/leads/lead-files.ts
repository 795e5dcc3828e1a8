import { dayFile, daysOf, fileSystem, useAudit } from "../audit/files.ts";
import { lineFile } from "../audit/line-file.ts";
import { TimeSlice } from "../base/time/time-slice.ts";
import { isObject } from "../base/validation/is-object.ts";
import { jsonIn } from "../base/validation/json-in.ts";
import { clock } from "../base/validation/parts.ts";
import { argumentsCheck, options as fields, optionsCheck, text, wholeNumber } from "../base/validation/validate.ts";
import type { ObservedLead } from "../coverage/observed/types.ts";
import { findStoredIssues, type StoredLead, storedLead } from "./stored-lead.ts";

/** Options of {@link leadFiles}. */
export interface LeadFilesOptions {
  /** The folder of the files; it is made if it is missing. */
  readonly folder: string;
  /** After how many days a file is deleted, when the first lead of a day is stored. Default: never. */
  readonly keepDays?: number | undefined;
  /** The clock that decides in which day's file a lead is put, in milliseconds since 1970. Default `Date.now`. */
  readonly now?: (() => number) | undefined;
}

/** Where received leads are kept. */
export interface LeadFiles {
  /** Adds leads. Each is in the file when the function returns. Throws what the system does. */
  readonly store: (leads: readonly StoredLead[]) => void;
  /** Closes the file. The next lead opens it again. */
  readonly close: () => void;
}

/** The leads of a folder. */
export interface ReadLeads {
  /** For `calibrate`, each delivery once. */
  readonly leads: readonly ObservedLead[];
  /** Where each of them is: `"leads.2026-03-12.jsonl:14"`. */
  readonly places: readonly string[];
  /** Lines that are no lead, for example because a process was killed while it wrote. */
  readonly damaged: readonly string[];
  /** How many leads were left out, because their delivery was stored before. */
  readonly repeated: number;
}

const PRIVATE = 0o700;

const checkOptions = /* @__PURE__ */ optionsCheck<unknown>("leadFiles", () =>
  fields({ keepDays: wholeNumber(1, 36_500), now: clock() }, { folder: text() }),
);
const checkArguments = /* @__PURE__ */ argumentsCheck("readLeadFiles", () => ({ folder: text() }));

const fileIn = (folder: string): string => `${folder.replace(/[/\\]+$/, "")}/leads.jsonl`;

/**
 * Keeps received leads in a folder: a file of JSON lines for each day (UTC), readable by its owner only. Several processes may share it.
 *
 * @throws {@link OpleadError} `invalid_options`; `audit_unavailable` where there are no files.
 * @experimental
 */
export function leadFiles(options: LeadFilesOptions): LeadFiles {
  checkOptions(options);
  const { folder, keepDays, now = Date.now } = options;
  fileSystem().mkdirSync(folder, { recursive: true, mode: PRIVATE });
  const lines = lineFile(fileIn(folder), { byDay: true, keepDays, now });
  return {
    store: (leads) => {
      const time = new Date(now()).toISOString();
      // Copied once more, for leads that did not come through the webhook.
      for (const lead of leads) lines.append(time, { version: 1, ...storedLead(lead, lead.delivery) });
    },
    close: lines.close,
  };
}

/**
 * Reads the leads that {@link leadFiles} has kept, for `calibrate`. A line that was cut off is told, and the rest is read.
 *
 * @throws {@link OpleadError} `invalid_input`; `audit_unavailable` if a file cannot be read.
 * @experimental
 */
export async function readLeadFiles(folder: string): Promise<ReadLeads> {
  checkArguments({ folder });
  const { readFileSync, readdirSync } = fileSystem();
  const file = fileIn(folder);
  const slice = new TimeSlice();
  const leads: ObservedLead[] = [];
  const places: string[] = [];
  const damaged: string[] = [];
  const seen = new Set<string>();
  let repeated = 0;
  useAudit(folder, "read", () => readdirSync(folder));
  for (const day of daysOf(file)) {
    const path = dayFile(file, day);
    const name = dayFile("leads.jsonl", day);
    for (const [index, line] of useAudit(path, "read", () => readFileSync(path, "utf8"))
      .split("\n")
      .entries()) {
      if (slice.isOver) await slice.next();
      if (line === "") continue;
      const lead = parsed(line);
      const place = `${name}:${index + 1}`;
      if (!lead) damaged.push(place);
      else if (lead.delivery !== undefined && seen.has(lead.delivery)) repeated += 1;
      else {
        if (lead.delivery !== undefined) seen.add(lead.delivery);
        const { delivery: _, ...observed } = storedLead(lead);
        leads.push(observed);
        places.push(place);
      }
    }
  }
  return { leads, places, damaged, repeated };
}

function parsed(line: string): StoredLead | undefined {
  const value = jsonIn(line);
  if (!isObject(value) || value.version !== 1 || findStoredIssues(value).length > 0) return undefined;
  return value as unknown as StoredLead; // checked
}
