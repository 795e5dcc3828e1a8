import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { type CountryDetails, isOpleadError, type OpleadIssue } from "oplead-sdk";
import type { CoverageSettings, OpleadConfig } from "oplead-sdk/config";
import {
  type CoverageUser,
  defaultAssumptions,
  type Locate,
  type PolicyContext,
  type PolicyCoverage,
  type PolicyFinding,
  type PolicyUser,
  type SyncPolicy,
} from "oplead-sdk/coverage";
import type { Ledger, LedgerEntry } from "oplead-sdk/sync";
import type { Context } from "../command.ts";
import { CommandError } from "../exit.ts";
import { issueText, messageOf, say, told } from "../say.ts";
import { failureOf } from "../shell/failure.ts";
import { firstLines } from "../shell/output.ts";
import type { Names } from "../workspace/names.ts";
import { type LeftOut, readUsers } from "../workspace/read-users.ts";
import type { Workspace } from "../workspace/workspace.ts";

const { enabledRules: ruleNames } = defaultAssumptions;

export const settingsOf = ({ coverage }: Pick<OpleadConfig, "coverage">): CoverageSettings =>
  typeof coverage === "object" ? coverage : {};

// Without settings: all leads of France with the codes that rules name. `onUsers` gets the users before and after a
// plan.
export async function policiesOf(
  { coverage, policies = [] }: OpleadConfig,
  onUsers?: (users: PolicyContext) => void,
): Promise<{ readonly coverage: PolicyCoverage; readonly policies: readonly SyncPolicy[] } | undefined> {
  if (policies.length === 0 && !coverage) return undefined;
  const { franceCountry, locate } = await import("oplead-sdk/coverage/france");
  const { areaChanges } = await import("oplead-sdk/coverage");
  const { company: _company, areas = areaChanges, ...settings } = settingsOf({ coverage });
  const universe = { countries: [franceCountry()], ...settings.universe };
  const areasOf = (users: PolicyContext) => {
    onUsers?.(users);
    return areas(users);
  };
  return { policies, coverage: { locate, ...settings, areas: areasOf, universe } };
}

interface Judgement {
  readonly policies: number;
  readonly broken: number;
  // Findings that would refuse a plan.
  readonly refusals: readonly PolicyFinding[];
  readonly warnings: readonly PolicyFinding[];
}

export async function judgeUsers(
  { policies = [] }: OpleadConfig,
  users: readonly CoverageUser[],
  segments: ReadonlyMap<string, string>,
  coverage: PolicyCoverage,
  signal: AbortSignal,
): Promise<Judgement | undefined> {
  if (policies.length === 0) return undefined;
  const unchanged = users.flatMap((user) => (user.notCounted ? [] : policyUser(user, segments, coverage)));
  const context = { ...coverage, unchanged, changes: [], isState: true, signal };
  const [refusals, warnings]: [PolicyFinding[], PolicyFinding[]] = [[], []];
  let broken = 0;
  for (const policy of policies) {
    const found = await ask(policy, () => policy.judge(context));
    const refuses = policy.onViolation !== "warn";
    if (refuses && found.length > 0) broken += 1;
    (refuses ? refusals : warnings).push(...found);
  }
  return { policies: policies.length, broken, refusals, warnings };
}

function policyUser(
  given: CoverageUser,
  segments: ReadonlyMap<string, string>,
  { receives }: PolicyCoverage,
): PolicyUser {
  const { user, rules, ...more } = given;
  const { accountNumber = "", address } = user;
  return {
    ...more,
    user: { accountNumber, address },
    rules,
    segment: segments.get(accountNumber),
    receives: typeof receives === "function" ? receives(given) : receives?.includes(user.profile?.code ?? ""),
    unknown: [],
    isPlaceUnknown: false,
    counts: true,
  };
}

// The message of a policy's error may hold personal data.
async function ask<T>({ name }: SyncPolicy, task: () => T | Promise<T>): Promise<T> {
  try {
    return await task();
  } catch (error) {
    if (isOpleadError(error)) throw error;
    const kind = error instanceof Error ? error.name : typeof error;
    throw new CommandError("config", told("policy_failed", { policy: name, error: kind }));
  }
}

export function policyLines(judgement: Judgement | undefined): string[] {
  if (!judgement) return [];
  const { policies, broken, refusals, warnings } = judgement;
  return [
    "",
    say("policies_judged", { policies, broken }),
    ...[...refusals, ...warnings].map((finding) => `  ${messageOf(finding)}`),
  ];
}

// Includes leavers: Oplead has their rules until an administrator has dealt with them.
export async function usersInOplead(
  ledger: Ledger,
  coverage: PolicyCoverage,
  signal: AbortSignal,
): Promise<PolicyContext> {
  const unchanged: PolicyUser[] = [];
  for await (const [accountNumber, entry] of ledger.entries()) {
    signal.throwIfAborted();
    if (entry.id !== undefined) unchanged.push(userOf(accountNumber, entry, coverage));
  }
  return { ...coverage, unchanged, changes: [], isState: true, signal };
}

function userOf(accountNumber: string, entry: LedgerEntry, { receives }: Pick<PolicyCoverage, "receives">): PolicyUser {
  const { rules: hashes, accepted, segment, leaverDone } = entry;
  const kept = ruleNames.flatMap((name) => {
    const rule = accepted?.rules[name];
    return rule && rule.hash === hashes[name] ? [[name, rule.body] as const] : [];
  });
  const { country, zipCode } = accepted ?? {};
  return {
    user: { accountNumber, address: { zipCode, country: country === undefined ? undefined : { code: country } } },
    rules: Object.fromEntries(kept),
    segment,
    receives: receives && entry.receives,
    unknown: ruleNames.filter((name) => hashes[name] !== undefined && !kept.some(([known]) => known === name)),
    isPlaceUnknown: zipCode === undefined,
    counts: leaverDone === undefined,
  };
}

// Users of the source and leavers of the ledger, with the reasons why they do not count.
export async function readNetwork(
  workspace: Workspace,
  context: Context,
): Promise<{ readonly users: CoverageUser[]; readonly leftOut: readonly LeftOut[] }> {
  const { users: read, leftOut } = await readUsers(workspace, context);
  const entries = await readEntries(workspace, context);
  const users = new Map<string, CoverageUser>();
  for (const { row, user, isValid } of read) {
    const { accountNumber } = user.user ?? {};
    const { user: refusal, ...unknown } = entries.get(accountNumber ?? "")?.held ?? {};
    const names = ruleNames.filter((name) => unknown[name]);
    const refused: Pick<CoverageUser, "notCounted" | "unknown"> = refusal
      ? { notCounted: "refused" }
      : { unknown: names };
    if (isValid && accountNumber) users.set(accountNumber, { ...user, row, ...refused });
  }
  for (const { row, accountNumber } of leftOut) {
    if (accountNumber) users.set(accountNumber, { user: { accountNumber }, row, notCounted: "invalid" });
  }
  for (const [accountNumber, entry] of entries) {
    if (entry.id === undefined || entry.leaverDone !== undefined || users.has(accountNumber)) continue;
    users.set(accountNumber, { ...userOf(accountNumber, entry, {}), notCounted: "left" });
  }
  return { users: [...users.values()], leftOut };
}

// Messages that a text shows of each kind; JSON has all.
export const SHOWN = 10;

export function leftOutLines(leftOut: readonly LeftOut[], names: Names): string[] {
  if (leftOut.length === 0) return [];
  const messages = leftOut.map(({ row, accountNumber = say("no_account_number"), issues }) => {
    const why = issues.map((issue) => `${issue.path} ${issueText(issue as OpleadIssue)}`.trimStart());
    const where = row === undefined ? "" : ` (${say("row", { row: String(row) })})`;
    return `  ${names.named(accountNumber)}${where}  ${why.join(say("separator")) || say("map_failed")}`;
  });
  const heading = say("left_out", { count: leftOut.length });
  return ["", heading, ...firstLines(messages, SHOWN)];
}

// A run may have the ledger.
async function readEntries(
  { loaded, ledger }: Workspace,
  { output, interrupts }: Context,
): Promise<Map<string, LedgerEntry>> {
  const { folder, config } = loaded;
  const entries = new Map<string, LedgerEntry>();
  const { ledger: place = "./oplead-ledger" } = config;
  if (typeof place === "string" && !existsSync(resolve(folder, place))) return entries;
  try {
    for await (const [accountNumber, entry] of ledger.entries()) {
      interrupts.signal.throwIfAborted();
      entries.set(accountNumber, entry);
    }
  } catch (error) {
    const { error: failure, said } = failureOf(error, false);
    if (failure.code !== "ledger_unavailable") throw error;
    output.warn(say("ledger_left_out", { message: said }));
  }
  return entries;
}

export function unknownIn({ unchanged, changes }: PolicyContext): number {
  const known = [...unchanged, ...changes.flatMap(({ before }) => before ?? [])];
  return known.filter(({ unknown, isPlaceUnknown }) => unknown.length > 0 || isPlaceUnknown).length;
}

export interface Geography {
  readonly locate: Locate;
  readonly countries: readonly CountryDetails[];
}

type WithRules = Pick<CoverageUser, "rules">;

// Countries of the config, or else France. `online`: the countries that rules name, as the platform has them.
export async function geography(
  workspace: Workspace,
  { output, interrupts }: Context,
  users: readonly WithRules[],
  online = false,
): Promise<Geography> {
  const france = await import("oplead-sdk/coverage/france");
  const { universe, locate = france.locate } = settingsOf(workspace.config);
  const codes = countriesOf(users).add("FR");
  if (online) {
    const { oplead } = workspace;
    const { signal } = interrupts;
    const known = (await oplead.listCountries({ signal })).filter(({ code }) => codes.has(code));
    for (const { code } of known) codes.delete(code);
    if (codes.size > 0) output.warn(say("countries_unknown", { countries: [...codes].join(", ") }));
    return { locate, countries: await Promise.all(known.map(({ code }) => oplead.getCountry(code, { signal }))) };
  }
  const countries = universe?.countries ?? [france.franceCountry()];
  warnOfCountries(users, countries, output);
  return { locate, countries };
}

export function warnOfCountries(
  users: readonly WithRules[],
  countries: readonly CountryDetails[],
  output: Context["output"],
): void {
  const others = [...countriesOf(users)].filter((code) => countries.every((known) => known.code !== code));
  if (others.length === 0) return;
  output.warn(
    say("only_france_known", {
      countries: others.join(", "),
    }),
  );
}

// False if the country has no list of postcodes.
export function isUnknownZip({ countries, locate }: Geography, country: string, zipCode: string): boolean {
  const listed = countries
    .find(({ code }) => code === country)
    ?.counties.flatMap(({ postCodeZips = [] }) => postCodeZips);
  return listed !== undefined && listed.length > 0 && !listed.includes(zipCode) && !locate(zipCode, country);
}

function countriesOf(users: readonly WithRules[]): Set<string> {
  const codes = new Set<string>();
  for (const { rules } of users) {
    const geographical = jsonOf(rules?.geographical) as
      | { handledCountries?: { handledCountry?: { code?: unknown } }[] }
      | undefined;
    for (const { handledCountry } of geographical?.handledCountries ?? []) {
      if (typeof handledCountry?.code === "string") codes.add(handledCountry.code);
    }
  }
  return codes;
}

// A rule in its wire form. The check of users reports a rule that is no JSON.
function jsonOf(rule: unknown): unknown {
  try {
    return rule === undefined ? undefined : JSON.parse(JSON.stringify(rule));
  } catch {
    return undefined;
  }
}
