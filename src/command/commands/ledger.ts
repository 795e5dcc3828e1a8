import { existsSync, statSync } from "node:fs";
import type { Command } from "commander";
import { isOpleadError } from "oplead-sdk";
import { csvSource } from "oplead-sdk/config";
import { forgetUser, importIds, type Ledger, type LedgerEntry, type Move, moveUsers } from "oplead-sdk/sync";
import { answerIn, arrivalOf, fieldIn, forgetAudit } from "#parts";
import { errorCode } from "../../core/errors.ts";
import { csvLine } from "../../core/page.ts";
import { day } from "../../locales/en/words.ts";
import { localTime } from "../../locales/grammar.ts";
import type { Context, Subcommands } from "../command.ts";
import { CommandError, EXIT } from "../exit.ts";
import { exportLedger, importLedger, isLedgerFile, nameOf } from "../run/ledger-file.ts";
import { auditPath, platformOf } from "../run/trace.ts";
import { languageName, say, shownDay, told } from "../say.ts";
import { type ConfigFlags, subcommand } from "../shell/program.ts";
import { readUsers } from "../workspace/read-users.ts";
import { inWorkspace, type Workspace } from "../workspace/workspace.ts";

interface ListFlags extends ConfigFlags {
  readonly held?: boolean;
}

interface ExportFlags extends ConfigFlags {
  readonly full?: string;
}

export function define(command: Command): Subcommands {
  const sub = subcommand(command);
  return [
    [sub("list", say("ledger_list_summary")).option("--held", say("ledger_list_held")), list],
    [sub("get <account>", say("ledger_get_summary")), get],
    [sub("forget <account...>", say("ledger_forget_summary")), forget],
    [sub("export", say("ledger_export_summary")).option("--full <file>", say("ledger_export_full")), exportIds],
    [sub("import <file>", say("ledger_import_summary")), importFile],
    [
      sub("move [from] [to]", say("ledger_move_summary"))
        .option("--file <file>", say("ledger_move_file"))
        .option("--no-check", say("ledger_move_no_check")),
      move,
    ],
    [sub("adopt", say("ledger_adopt_summary")), adopt],
  ];
}

const list = inWorkspace<ListFlags>([], async ({ ledger }, context, _args, flags) => {
  const entries: (LedgerEntry & { readonly accountNumber: string })[] = [];
  for await (const [accountNumber, entry] of ledger.entries()) {
    if (isForgotten(entry)) continue;
    if (flags.held && Object.keys(entry.held ?? {}).length === 0) continue;
    entries.push({ accountNumber, ...entry });
  }
  const lines = entries.map(line);
  context.output.result(lines.length === 0 ? say("no_users") : lines.join("\n"), entries);
  return EXIT.success;
});

const get = inWorkspace<ConfigFlags>([], async ({ ledger, config }, context, [account = ""]) => {
  const entry = await ledger.get(account);
  if (!entry || (isForgotten(entry) && !entry.intent))
    throw new CommandError("not_found", told("no_ledger_entry", { users: [account] }));
  const intent = arrivalOf(entry, config.client?.platform?.lateMs);
  const arriving =
    intent === undefined ? [] : [say("may_arrive", { at: localTime(intent.at), until: localTime(intent.until) })];
  context.output.result([details(account, entry), ...arriving].join("\n"), { accountNumber: account, ...entry });
  return EXIT.success;
});

// Changes the audit first: if it cannot be written, the command can be repeated.
const forget = inWorkspace<ConfigFlags>([], async ({ ledger, loaded }, context, accounts) => {
  const audit = auditPath(loaded);
  const known: string[] = [];
  let auditLines = 0;
  if (audit !== undefined) {
    for (const account of accounts) auditLines += forgetAudit(audit, account);
  }
  for (const account of accounts) {
    if (await forgetUser(ledger, account)) known.push(account);
  }
  const unknown = accounts.filter((account) => !known.includes(account));
  if (unknown.length > 0) context.output.warn(say("no_ledger_entry", { users: unknown }));
  context.output.result(say("forgotten", { count: known.length, lines: auditLines }), {
    forgotten: known,
    unknown,
    auditLines,
  });
  return known.length + auditLines === 0 ? EXIT.error : EXIT.success;
});

const exportIds = inWorkspace<ExportFlags>([], async ({ ledger }, context, _args, { full: file }) => {
  if (file !== undefined) {
    const entries = await withExport(file, () => exportLedger(ledger, file));
    context.output.result(say("ledger_exported", { count: entries, file }), { file, entries });
    return EXIT.success;
  }
  const pairs: { accountNumber: string; id: string }[] = [];
  for await (const [accountNumber, { id }] of ledger.entries()) {
    if (id !== undefined) pairs.push({ accountNumber, id });
  }
  const lines = ["accountNumber,id", ...pairs.map(({ accountNumber, id }) => csvLine([accountNumber, id]))];
  context.output.result(lines.join("\n"), pairs);
  return EXIT.success;
});

async function withExport<T>(file: string, task: () => Promise<T>): Promise<T> {
  try {
    return await task();
  } catch (error) {
    if (isOpleadError(error)) throw error;
    const failure = told("file_not_written", { file });
    throw new CommandError("write", told("failed_with_code", { failure, code: String(errorCode(error)) }));
  }
}

const importFile = inWorkspace<ConfigFlags>([], async ({ ledger, loaded }, { output }, [file = ""]) => {
  if (isLedgerFile(file)) {
    const entries = await importLedger(ledger, file, platformOf(loaded));
    output.result(say("ledger_imported", { count: entries }), { entries });
    return EXIT.success;
  }
  const [account, idColumn] = await columnsOf(file, ["accountNumber", "account"], ["id", "opleadId", "userId"]);
  const source = csvSource(file, { columns: [account, idColumn] });
  const pairs: [accountNumber: string, id: string][] = [];
  for await (const row of source()) {
    const [accountNumber = "", id = ""] = [row[account], row[idColumn]];
    if (accountNumber === "" || id === "") {
      throw new CommandError(
        "import",
        told("import_row_incomplete", {
          file: source.title,
          row: String(source.rowOf(row)),
        }),
      );
    }
    pairs.push([accountNumber, id]);
  }
  const result = await importIds(ledger, pairs);
  const { imported, kept, conflicts } = result;
  if (conflicts.length > 0) output.warn(say("import_conflicts", { users: conflicts }));
  output.result(say("imported", { imported, kept }), result);
  return EXIT.success;
});

interface MoveFlags extends ConfigFlags {
  readonly file?: string;
  readonly check?: boolean;
}

const move = inWorkspace<MoveFlags>([], async (workspace, context, args, { file, check = true }) => {
  const { ledger } = workspace;
  const { output } = context;
  const checked = (moves: readonly Move[]) => (check ? refuseMovesInSource(workspace, context, moves) : undefined);
  if (args.length !== (file === undefined ? 2 : 0)) {
    throw new CommandError("usage", told("move_needs_numbers"));
  }
  const [from = "", to = ""] = args;
  if (file === undefined) await checked([[from, to]]);
  const result = await (file === undefined ? moveUsers(ledger, [[from, to]]) : moveFile(ledger, file, checked));
  const { moved, before, unknown, occupied } = result;
  for (const [from, to] of unknown) output.warn(say("move_without_id", { from, to }));
  for (const [from, to] of occupied) output.warn(say("move_conflict", { from, to }));
  output.result(say("moved", { moved, before }), result);
  return unknown.length + occupied.length > 0 ? EXIT.error : EXIT.success;
});

// A number that is still in the source belongs to another person. The move would give that person the user in Oplead.
async function refuseMovesInSource(workspace: Workspace, context: Context, moves: readonly Move[]): Promise<void> {
  const { config, ledger } = workspace;
  if (config.source === undefined || config.map === undefined) return;
  const open: string[] = [];
  for (const [from] of moves) if (from !== "" && (await ledger.get(from))?.id !== undefined) open.push(from);
  if (open.length === 0) return;
  const { users, leftOut } = await readUsers(workspace, context);
  const present = new Set([
    ...users.map(({ user }) => user.user.accountNumber),
    ...leftOut.map((one) => one.accountNumber),
  ]);
  const found = open.filter((from) => present.has(from));
  if (found.length === 0) return;
  throw new CommandError("move_in_source", told("move_still_in_source", { users: found }), EXIT.error, {
    users: found,
  });
}

async function moveFile(
  ledger: Ledger,
  file: string,
  checked: (moves: readonly Move[]) => Promise<void> | undefined,
): Promise<Awaited<ReturnType<typeof moveUsers>>> {
  const [fromColumn, toColumn] = await columnsOf(file, ["from", "old"], ["to", "new"]);
  const source = csvSource(file, { columns: [fromColumn, toColumn] });
  const [moves, rows]: [Move[], (number | string | undefined)[]] = [[], []];
  for await (const row of source()) {
    moves.push([row[fromColumn] ?? "", row[toColumn] ?? ""]);
    rows.push(source.rowOf(row));
  }
  await checked(moves);
  try {
    return await moveUsers(ledger, moves);
  } catch (error) {
    if (!isOpleadError(error) || error.issues === undefined) throw error;
    const problems = error.issues.map(({ path, message }) => {
      return `  ${source.title}, ${path.replace(/^\[(\d+)\]\./, (_place, at) => `row ${rows[Number(at)]}: `)} ${message}`;
    });
    throw new CommandError("import", ["Nothing was moved.", ...problems].join("\n"));
  }
}

// `Account number` and `ACCOUNT_NUMBER` name the same column.
const plain = (name: string): string => name.toLowerCase().replace(/[^a-z]/g, "");

// The header of a pipe is not looked at: a pipe can be read only once.
async function columnsOf(file: string, ...wanted: readonly [Names, Names]): Promise<readonly [string, string]> {
  const isPipe = existsSync(file) && !statSync(file).isFile();
  const { value: first = {} } = isPipe ? {} : await csvSource(file)()[Symbol.asyncIterator]().next();
  const named = (names: Names) => Object.keys(first).find((name) => names.some((one) => plain(one) === plain(name)));
  const [one, other] = wanted;
  return [named(one) ?? one[0], named(other) ?? other[0]];
}

type Names = readonly [string, ...string[]];

const adopt = inWorkspace<ConfigFlags>([], async ({ oplead, ledger, loaded }, context) => {
  if (oplead.testMode) throw new CommandError("usage", told("ledger_in_test_mode"));
  // Throws, and leaves the ledger as it is, if Oplead does not answer at the configured address.
  await oplead.listUserProfiles({ signal: context.interrupts.signal });
  const [before, platform] = [(await ledger.getInfo())?.platform, platformOf(loaded)];
  // Noted problems and the time of the last reading stay.
  await ledger.setInfo({ platform });
  const names = { platform: nameOf(platform), before: before && nameOf(before) };
  context.output.result(
    names.before === undefined || names.before === names.platform
      ? say("ledger_adopted", { platform: names.platform })
      : say("ledger_adopted_from", { ...names, before: names.before }),
    { platform: platform?.baseUrl, before: before?.baseUrl },
  );
  return EXIT.success;
});

function isForgotten({ id, user, held, damaged }: LedgerEntry): boolean {
  return id === undefined && user === undefined && held === undefined && !damaged;
}

function line({ accountNumber, ...entry }: LedgerEntry & { accountNumber: string }): string {
  return [accountNumber, entry.id ?? say("entry_without_id"), ...states(entry)].join("  ");
}

function states({ held = {}, missingSince, damaged }: LedgerEntry): string[] {
  return [
    ...Object.entries(held).map(([step, { code, status, at }]) =>
      say("entry_held", {
        failure: answerIn(languageName(), { step, code, status }),
        day: shownDay(day(at)),
      }),
    ),
    ...(missingSince === undefined ? [] : [say("leaver_since", { day: shownDay(day(missingSince)) })]),
    ...(damaged ? [say("entry_damaged")] : []),
  ];
}

function details(accountNumber: string, entry: LedgerEntry): string {
  const rules = Object.keys(entry.rules).map((rule) => fieldIn(languageName(), rule));
  return [
    accountNumber,
    say("entry_id", { id: entry.id ?? say("entry_id_none") }),
    say("entry_written", { time: localTime(entry.at) }),
    say("entry_rules", { rules: rules.length === 0 ? say("none") : rules.join(", ") }),
    ...(entry.version === undefined ? [] : [say("entry_version", { version: String(entry.version) })]),
    ...states(entry).map((state) => `  ${state}`),
  ].join("\n");
}
