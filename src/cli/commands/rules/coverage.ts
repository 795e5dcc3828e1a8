import { writeFileSync } from "node:fs";
import { type Command, InvalidArgumentError } from "commander";
import {
  type CoverageResult,
  coverage,
  coverageReport,
  type FindingKind,
  type Replay,
  replay,
} from "oplead-sdk/coverage";
import { errorCode } from "../../../error-code.ts";
import type { Action } from "../../command.ts";
import { CoveredUsers } from "../../coverage/covered-users.ts";
import { readLeads } from "../../coverage/leads.ts";
import { geography } from "../../coverage/locate.ts";
import { EXIT, type ExitCode } from "../../exit-codes.ts";
import { readUsers, uniqueUsers } from "../../session/read-users.ts";
import { openSession } from "../../session/session.ts";
import { CommandError } from "../../shell/command-error.ts";
import type { Context } from "../../shell/context.ts";
import { counted } from "../../shell/counted.ts";
import { type ConfigFlags, configFlags, numberIn } from "../../shell/flags.ts";
import { helpNote } from "../../shell/help-note.ts";

interface CoverageFlags extends ConfigFlags {
  readonly html?: string;
  readonly names?: boolean;
  readonly failOn?: readonly FindingKind[];
  readonly leads?: string;
  readonly overlapAbove?: number;
  readonly online?: boolean;
}

const KINDS: readonly FindingKind[] = ["gap", "thin", "overlap", "dead", "subsumed", "unreachable"];

export function define(command: Command): Action {
  configFlags(command)
    .option("--html <file>", "also write a report with a map")
    .option("--names", "show names in the report, not account numbers only")
    .option("--fail-on <kinds>", `end with 1 if there are such findings: ${KINDS.join(", ")}`, kinds)
    .option("--leads <file>", "say which leads of a CSV or JSON file reach other users than before the last run")
    .option("--overlap-above <number>", "more eligible users than this are an overlap", numberIn(1, 1e6))
    .option("--online", "read the countries from Oplead instead of the map of France in this package");
  helpNote(command, "Sends no user: it reads the source and compares the rules with the map.");
  return findCoverage;
}

const findCoverage = async (context: Context, _args: readonly string[], flags: CoverageFlags): Promise<ExitCode> => {
  const { html, names = false, overlapAbove, failOn = [], leads, online = false } = flags;
  const session = await openSession(
    context,
    flags,
    "coverage",
    online ? ["client", "source", "map"] : ["source", "map"],
  );
  try {
    const users = uniqueUsers((await readUsers(session, context)).users);
    const { locate, countries } = await geography(session, context, users, online);
    const options = { universe: { countries }, locate, overlapAbove };
    const result = coverage(users, options);
    const before = leads === undefined ? undefined : new CoveredUsers(session.loaded).before();
    if (leads !== undefined && !before)
      context.output.warn(
        "There is no oplead-coverage.json of a run with coverage: true: the leads are compared with themselves.",
      );
    const replayed =
      leads === undefined
        ? undefined
        : replay(await readLeads(leads), before ? coverage(before, options) : result, result);
    if (html !== undefined) write(html, coverageReport(result, { names }));
    const failing = result.findings.filter(({ kind, certain }) => certain && failOn.includes(kind)).length;
    const { assumptions, findings } = result;
    context.output.result([textOf(result, users.length), ...leadLines(replayed)].join("\n"), {
      users: users.length,
      failing,
      assumptions,
      findings,
      replay: replayed,
    });
    if (html !== undefined) context.output.note(`Written: ${html}`);
    return failing > 0 ? EXIT.error : EXIT.success;
  } finally {
    await session.close();
  }
};

/** A text shows so many findings of a kind; `--json` and the HTML report have all. */
const SHOWN = 10;

function textOf({ findings, assumptions }: CoverageResult, users: number): string {
  const lines = [`${counted(users, "user")}, ${counted(findings.length, "finding")}.`];
  for (const kind of KINDS) {
    const found = findings.filter((finding) => finding.kind === kind);
    if (found.length === 0) continue;
    const shown = found.slice(0, SHOWN).map(({ message, certain }) => `  ${certain ? "" : "perhaps: "}${message}`);
    lines.push("", `${kind} (${found.length})`, ...shown);
    if (found.length > SHOWN) lines.push(`  and ${found.length - SHOWN} more`);
  }
  return [...lines, "", `Assumptions: ${assumptions.join(", ")}`].join("\n");
}

function leadLines(replayed: Replay | undefined): string[] {
  if (!replayed) return [];
  const { summary, changes, unreached } = replayed;
  const more = changes.length > SHOWN ? [`  and ${changes.length - SHOWN} more`] : [];
  return [
    "",
    `Leads: ${summary}`,
    `  without an eligible user: ${unreached.after}`,
    ...changes.slice(0, SHOWN).map(({ message }) => `  ${message}`),
    ...more,
  ];
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new CommandError("report", `The report could not be written to ${file} (${errorCode(error)}).`);
  }
}

function kinds(text: string): FindingKind[] {
  return text.split(",").map((given) => {
    const known = KINDS.find((kind) => kind === given.trim());
    if (known) return known;
    throw new InvalidArgumentError(`There are ${KINDS.join(", ")}.`);
  });
}
