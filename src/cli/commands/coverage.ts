import { type Command, InvalidArgumentError } from "commander";
import { type CoverageResult, coverage, type FindingKind } from "oplead-sdk/coverage";
import type { Action } from "../command.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { geography } from "../run/locate.ts";
import { readUsers } from "../run/read-users.ts";
import { openSession } from "../run/session.ts";
import type { Context } from "../shell/context.ts";
import { type ConfigFlags, configFlags, numberIn } from "../shell/flags.ts";

interface CoverageFlags extends ConfigFlags {
  readonly html?: string;
  readonly names?: boolean;
  readonly failOn?: readonly FindingKind[];
  readonly overlapAbove?: number;
}

const KINDS: readonly FindingKind[] = ["gap", "thin", "overlap", "dead", "subsumed", "unreachable"];

export function define(command: Command): Action {
  configFlags(command)
    .option("--html <file>", "also write a report with a map")
    .option("--names", "show names in the report, not account numbers only")
    .option("--fail-on <kinds>", `end with 1 if there are such findings: ${KINDS.join(", ")}`, kinds)
    .option("--overlap-above <number>", "more eligible users than this are an overlap", numberIn(1, 1e6))
    .addHelpText("after", "\nSends nothing: it reads the source and compares the rules with the map of France.");
  return findCoverage as Action;
}

const findCoverage = async (context: Context, _args: readonly string[], flags: CoverageFlags): Promise<ExitCode> => {
  const session = await openSession(context, flags, "coverage", ["source", "map"]);
  try {
    const { users } = await readUsers(session, context);
    const { locate, countries } = await geography();
    const { overlapAbove, failOn = [] } = flags;
    const result = coverage(
      users.map(({ user }) => user),
      { universe: { countries }, locate, overlapAbove },
    );
    const failing = result.findings.filter(({ kind, certain }) => certain && failOn.includes(kind)).length;
    context.output.result(textOf(result, users.length), { users: users.length, failing, ...jsonOf(result) });
    return failing > 0 ? EXIT.error : EXIT.success;
  } finally {
    await session.close();
  }
};

/** A text shows so many findings of a kind; `--json` and the HTML report have all. */
const SHOWN = 10;

function textOf({ findings, assumptions }: CoverageResult, users: number): string {
  const lines = [`${users} users, ${findings.length} findings.`];
  for (const kind of KINDS) {
    const found = findings.filter((finding) => finding.kind === kind);
    if (found.length === 0) continue;
    lines.push(
      "",
      `${kind} (${found.length})`,
      ...found.slice(0, SHOWN).map(({ message, certain }) => `  ${certain ? "" : "perhaps: "}${message}`),
    );
    if (found.length > SHOWN) lines.push(`  and ${found.length - SHOWN} more`);
  }
  return [...lines, "", `Assumptions: ${assumptions.join(", ")}`].join("\n");
}

function jsonOf({ assumptions, findings }: CoverageResult): object {
  return { assumptions, findings };
}

function kinds(text: string): FindingKind[] {
  const given = text.split(",").map((kind) => kind.trim());
  const unknown = given.filter((kind) => !(KINDS as readonly string[]).includes(kind));
  if (unknown.length > 0) throw new InvalidArgumentError(`There are ${KINDS.join(", ")}.`);
  return given as FindingKind[];
}
