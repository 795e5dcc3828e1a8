import { isOpleadError } from "oplead-sdk";
import type { OpleadConfig } from "oplead-sdk/config";
import { checkSourceUser } from "oplead-sdk/sync";
import { errorKind } from "../../base/error-code.ts";
import { EVERYTHING, openRecords } from "../../base/records.ts";
import { told } from "../texts/say.ts";
import { recordSourceOf } from "../workspace/read-users.ts";
import { answersOf, type Check, reasonOf } from "./check.ts";

/** As many records as are looked at: of a REST source its first page has them. */
const LOOKED_AT = 20;

/** Reads the first records of the source, maps and checks them. Sends nothing. */
export async function sourceChecks(config: OpleadConfig, signal: AbortSignal): Promise<Check[]> {
  const { source, map } = config;
  if (source === undefined || map === undefined) return [];
  const { ok, warning, broken } = answersOf(told("check_source"));
  const { title } = recordSourceOf(config) ?? {};
  const found = { records: 0, reasons: [] as string[] };
  try {
    for await (const record of (await openRecords(source, EVERYTHING)).records) {
      if (found.records === LOOKED_AT || signal.aborted) break;
      found.records += 1;
      found.reasons.push(...(await problemsOf(record, config)));
    }
  } catch (error) {
    // The words of a parser may quote a record.
    if (!isOpleadError(error)) return [broken("source_fails", { code: "source_failed", reason: errorKind(error) })];
    const [{ code, parameters: details } = { code: error.code, parameters: undefined }] = error.issues ?? [];
    return [broken("source_fails", { code, reason: reasonOf(error), details })];
  }
  const { records, reasons } = found;
  const [reason] = reasons;
  if (records === 0) return [warning("source_empty", { title })];
  const warnings = (recordSourceOf(config)?.warnings() ?? []).map(({ code, message, parameters }) =>
    warning("source_warns", { code, reason: message, details: parameters }),
  );
  if (reason === undefined) return [ok("source_reads", { title, records }), ...warnings];
  return [warning("records_invalid", { invalid: reasons.length, records, reason }), ...warnings];
}

/** The first problem of a record; none if it can be sent. */
async function problemsOf(record: unknown, { map, client = {}, rowOf, source }: OpleadConfig): Promise<string[]> {
  const { numericAccountNumbers, customFields } = client;
  const row = (rowOf ?? recordSourceOf({ source })?.rowOf)?.(record);
  const where = row === undefined ? "" : `row ${row}: `;
  try {
    const user = await map?.(record);
    const [issue] = user ? checkSourceUser(user, { numericAccountNumbers, customFields }) : [];
    return issue ? [`${where}${issue.path} ${issue.message}`] : [];
  } catch (error) {
    return [`${where}${isOpleadError(error) ? reasonOf(error) : `map threw ${errorKind(error)}`}`];
  }
}
