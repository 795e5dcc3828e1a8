import { isOpleadError, type Oplead, type OpleadIssue } from "oplead-sdk";
import type { OpleadConfig } from "oplead-sdk/config";
import { checkSourceUser } from "oplead-sdk/sync";
import { errorKind } from "../../core/errors.ts";
import { DOCUMENTED_ADDRESS } from "../../core/names.ts";
import { isLoopback } from "../../core/run-time.ts";
import { EVERYTHING, openRecords } from "../../core/values.ts";
import { type Given, type Text, textWith } from "../../locales/coded.ts";
import { tellRecord } from "../../locales/en/core.ts";
import { type DOCTOR_ANSWERS, DOCTOR_FIXES, tellDoctorAnswer } from "../../locales/en/doctor.ts";
import { type MappingFacts, mappingOf } from "../../sync/plan/mapping.ts";
import { type Told, told } from "../say.ts";
import { recordSourceOf } from "../workspace/read-users.ts";

type AnswerCode = keyof typeof DOCTOR_ANSWERS;

export interface Check {
  readonly about: Told;
  readonly state: "ok" | "warning" | "broken" | "skipped";
  readonly code: AnswerCode;
  readonly parameters: unknown;
  readonly message: string;
  readonly fix?: string | undefined;
}

const REMEDIES: { readonly [Code in AnswerCode]?: Text } = DOCTOR_FIXES;

type Answer = <Code extends AnswerCode>(code: Code, ...given: Given<typeof DOCTOR_ANSWERS, Code>) => Check;

export function answersOf(about: Told): Readonly<Record<Check["state"], Answer>> {
  const by = (state: Check["state"]): Answer => {
    return (code, ...given) => {
      const answer = tellDoctorAnswer(code, ...given);
      const remedy = REMEDIES[code];
      return { about, state, ...answer, fix: remedy && textWith(remedy, answer.parameters) };
    };
  };
  return { ok: by("ok"), warning: by("warning"), broken: by("broken"), skipped: by("skipped") };
}

function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message.split("\n")[0] : undefined) ?? "it failed";
}

export function failureOf(error: unknown) {
  if (!isOpleadError(error)) return { code: errorKind(error), reason: reasonOf(error) };
  const { code, status, issues: [issue] = [] } = error;
  if (!issue) return { code, status, reason: reasonOf(error) };
  // `invalid_options` lists its problems from the second line on.
  const reason = code === "invalid_options" ? `${issue.path} ${issue.message}`.trim() : reasonOf(error);
  return { code: issue.code, status, reason, details: issue.parameters, place: issue.path || undefined };
}

// A clock that is further off breaks signatures of webhooks.
const TOLERATED_MS = 60_000;

export function addressChecks(url: URL): Check[] {
  return [hostCheck(url), ...proxyChecks(url)];
}

function hostCheck({ hostname: host, protocol, origin }: URL): Check {
  const { ok, warning, broken } = answersOf(told("check_base_url"));
  if (isLoopback(host)) return ok("address_here", { origin });
  if (protocol === "http:") return broken("address_plain_http", { origin });
  if (host === "leadimport.oplead.com") return broken("address_of_lead_import", { host });
  if (host === new URL(DOCUMENTED_ADDRESS).hostname) return ok("address_fits", { origin });
  return warning(/(?:^|\.)oplead\.com$/.test(host) ? "address_not_documented" : "address_not_oplead", { host });
}

// Node uses proxies of the environment only with NODE_USE_ENV_PROXY.
function proxyChecks({ protocol }: URL): Check[] {
  const { ok, warning } = answersOf(told("check_proxy"));
  const variables = protocol === "https:" ? ["HTTPS_PROXY", "https_proxy"] : ["HTTP_PROXY", "http_proxy"];
  const variable = variables.find((name) => process.env[name]);
  if (variable === undefined) return [];
  return [
    process.env.NODE_USE_ENV_PROXY === "1" ? ok("proxy_used", { variable }) : warning("proxy_ignored", { variable }),
  ];
}

export async function answerChecks(oplead: Oplead, map: OpleadConfig["map"], signal: AbortSignal): Promise<Check[]> {
  const { ok, warning, broken } = answersOf(told("check_oplead"));
  try {
    const profiles = await oplead.listUserProfiles({ signal });
    if (profiles.length === 0) return [warning("oplead_without_profiles")];
    const known = profiles.map(({ code }) => code);
    const unknown = (mappingOf(map)?.codesOf("profile.code") ?? []).filter((code) => !known.includes(code));
    const answer = ok("oplead_answers", { profiles: known.slice(0, 10) });
    if (unknown.length === 0) return [answer];
    const field = answersOf(told("check_field", { field: "profile.code" }));
    return [answer, field.warning("profiles_unknown", { profiles: unknown })];
  } catch (error) {
    if (!isOpleadError(error)) throw error;
    return [broken("oplead_fails", failureOf(error))];
  }
}

// Any answer has a `Date` header, so no token is needed.
export async function clockCheck(url: URL | undefined): Promise<Check> {
  const { ok, skipped, warning } = answersOf(told("check_clock"));
  const offMs = url ? await clockOffset(url) : Number.NaN;
  if (Number.isNaN(offMs)) return skipped("clock_unknown");
  if (Math.abs(offMs) <= TOLERATED_MS) return ok("clock_agrees");
  return warning("clock_differs", { seconds: Math.round(offMs / 1000) });
}

async function clockOffset(url: URL): Promise<number> {
  try {
    const response = await fetch(url, { method: "HEAD", redirect: "manual", signal: AbortSignal.timeout(10_000) });
    return Date.now() - Date.parse(response.headers.get("date") ?? "");
  } catch {
    return Number.NaN;
  }
}

// `load` names the package literally, for bundlers.
export async function packageCheck(
  name: string,
  version: string,
  user: string,
  load: () => Promise<unknown>,
  isNeeded = false,
): Promise<Check> {
  const { ok, warning, broken } = answersOf(told("check_package", { name }));
  try {
    await load();
    return ok("package_installed");
  } catch {
    return (isNeeded ? broken : warning)("package_missing", { name, version, user });
  }
}

export async function queueChecks(oplead: Oplead, { queue, ledger }: OpleadConfig): Promise<Check[]> {
  if (queue === undefined) return [];
  const { broken, warning } = answersOf(told("check_ledger"));
  const isObject = typeof ledger === "object";
  const alone = isObject && ledger.lease ? [] : [(isObject ? warning : broken)("ledger_not_shared")];
  return [...alone, ...(await queueOwnChecks(oplead, queue))];
}

async function queueOwnChecks(oplead: Oplead, queue: NonNullable<OpleadConfig["queue"]>): Promise<Check[]> {
  const packages = await Promise.all([
    packageCheck("bullmq", "6", "the queue", () => import("bullmq")),
    packageCheck("ioredis", "5", "the queue", () => import("ioredis")),
  ]);
  if (packages.some(({ state }) => state !== "ok")) return packages;
  return [...packages, await redisCheck(oplead, queue)];
}

async function redisCheck(oplead: Oplead, options: NonNullable<OpleadConfig["queue"]>): Promise<Check> {
  const { ok, broken, warning } = answersOf(told("check_queue"));
  try {
    const { userQueue } = await import("oplead-sdk/bullmq");
    const queue = userQueue(oplead, options);
    await queue.status().finally(() => queue.close());
    const { encryptionKey, storeUsers } = options;
    return storeUsers !== false && encryptionKey === false ? warning("queue_in_clear") : ok("queue_answers");
  } catch (error) {
    return broken("queue_fails", failureOf(error));
  }
}

// Records that a check reads: the first page of a REST source usually has that many.
const LOOKED_AT = 20;

export async function sourceChecks(config: OpleadConfig, signal: AbortSignal): Promise<Check[]> {
  const { source, map } = config;
  if (source === undefined || map === undefined) return [];
  const { ok, warning, broken } = answersOf(told("check_source"));
  const { title } = recordSourceOf(config) ?? {};
  const found = { records: 0, reasons: [] as RecordProblem[] };
  const mapping = mappingOf(map);
  const reading = await mapping?.open();
  try {
    for await (const record of (await openRecords(source, EVERYTHING)).records) {
      if (found.records === LOOKED_AT || signal.aborted) break;
      if (found.records === 0) reading?.begin(record);
      found.records += 1;
      found.reasons.push(...(await problemsOf(record, { ...config, map: reading?.map ?? map })));
    }
  } catch (error) {
    // The message of a parser may quote a record.
    if (!isOpleadError(error)) return [broken("source_throws", { error: errorKind(error) })];
    return [broken("source_fails", failureOf(error))];
  }
  const { records, reasons } = found;
  const [reason] = reasons;
  if (records === 0) return [warning("source_empty", { title })];
  const suspected = (recordSourceOf(config)?.warnings() ?? []).filter((issue) => !mapping?.answers(issue));
  const warnings = suspected.map(({ code, message, parameters }) =>
    warning("source_warns", { code, reason: message, details: parameters }),
  );
  const fields = reading ? mappingChecks(reading.explain()) : [];
  if (reason === undefined) return [ok("source_reads", { title, records }), ...warnings, ...fields];
  return [
    warning("records_invalid", { invalid: reasons.length, records, path: reason.issue?.path || undefined, ...reason }),
    ...warnings,
    ...fields,
  ];
}

function mappingChecks({ fields, unused }: MappingFacts): Check[] {
  const checks = fields.map(({ field, column = "", by, example = { from: "", to: "" } }) =>
    answersOf(told("check_field", { field })).ok(`field_of_${by}`, { column, ...example }),
  );
  if (unused.length === 0) return checks;
  return [...checks, answersOf(told("check_columns")).skipped("columns_unused", { columns: unused })];
}

interface RecordProblem {
  readonly reason: string;
  readonly row: number | string | undefined;
  readonly issue: OpleadIssue | undefined;
}

async function problemsOf(
  record: unknown,
  { map, client = {}, rowOf, source }: OpleadConfig,
): Promise<RecordProblem[]> {
  const { numericAccountNumbers, customFields } = client.platform ?? {};
  const row = (rowOf ?? recordSourceOf({ source })?.rowOf)?.(record);
  const where = row === undefined ? "" : `row ${row}: `;
  try {
    const user = await map?.(record);
    const [found] = user ? checkSourceUser(user, { numericAccountNumbers, customFields }) : [];
    if (!found) return [];
    const issue = { ...found, path: found.path || "user" };
    return [{ reason: `${where}${issue.path} ${issue.message}`, row, issue }];
  } catch (error) {
    const failure = tellRecord("map_failed", { error: errorKind(error), at: undefined });
    const thrown = isOpleadError(error) ? error.issues : [{ path: "", ...failure }];
    const [issue] = thrown ?? [];
    const reason = `${where}${issue ? `${issue.path} ${issue.message}`.trim() : reasonOf(error)}`;
    return [{ reason, row, issue }];
  }
}
