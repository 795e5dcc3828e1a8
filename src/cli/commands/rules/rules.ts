import type { Command } from "commander";
import { type Country, type CountryDetails, checkRules, type Oplead, type RuleFinding } from "oplead-sdk";
import type { Context, Subcommands } from "../../command.ts";
import { countriesOf } from "../../coverage/geography.ts";
import { EXIT } from "../../exit.ts";
import { type ConfigFlags, helpNote, subcommand } from "../../shell/flags.ts";
import { counted, messageOf, say } from "../../texts/say.ts";
import { readUsers } from "../../workspace/read-users.ts";
import { inWorkspace } from "../../workspace/workspace.ts";

type Finding = RuleFinding & {
  readonly accountNumber: string | undefined;
  readonly row: number | string | undefined;
};

export function define(command: Command): Subcommands {
  const check = subcommand(command)(
    "check",
    say("compare the rules of all users of the source with the platform's countries, counties and postcodes"),
  );
  helpNote(check, say("Exit codes: 0 no errors; 1 errors were found."));
  return [[check, checkAll]];
}

const checkAll = inWorkspace<ConfigFlags>(
  ["client", "source", "map"],
  async (workspace, context) => {
    const { users, failed } = await readUsers(workspace, context);
    const countries = await referenceOf(workspace.oplead, countriesOf(users.map(({ user }) => user)), context);
    const findings: Finding[] = users.flatMap(({ row, user: { user, rules } }) =>
      rules
        ? checkRules(rules, { countries }).map((finding) => ({ accountNumber: user.accountNumber, row, ...finding }))
        : [],
    );
    const errors = findings.filter(({ severity }) => severity === "error").length;
    const lines = findings.map((finding) => {
      const { accountNumber, row, severity, path } = finding;
      const where = row === undefined ? "" : ` (${say("row {row}", { row: String(row) })})`;
      return `${accountNumber ?? say("(no account number)")}${where}  ${severity}: ${path} ${messageOf(finding)}`;
    });
    const summary = say("{users}, {errors}, {warnings}.", {
      users: counted(users.length, "user"),
      errors: counted(errors, "error"),
      warnings: counted(findings.length - errors, "warning"),
    });
    context.output.result([...lines, summary].join("\n"), { users: users.length, failed, errors, findings });
    return errors > 0 ? EXIT.error : EXIT.success;
  },
  { usesLedger: false },
);

/** All countries by code, and those that the rules name with their counties and postcodes. */
async function referenceOf(
  oplead: Oplead,
  codes: ReadonlySet<string>,
  { interrupts: { signal } }: Context,
): Promise<(Country | CountryDetails)[]> {
  const all = await oplead.listCountries({ signal });
  const known = all.filter(({ code }) => codes.has(code));
  return [...all, ...(await Promise.all(known.map(({ code }) => oplead.getCountry(code, { signal }))))];
}
