import type { Oplead } from "../client/api.ts";
import { internalsOf } from "../client/client-state.ts";
import { valueAt } from "../core/issues.ts";
import type { LanguageOptions } from "../core/names.ts";
import { showIdentity } from "../core/redact.ts";
import { addMethods } from "../core/values.ts";
import { DIFF } from "../locales/en/words.ts";
import { DIFF_FR } from "../locales/fr/words.ts";
import { innermost, UserFingerprints } from "../reconcile/compare.ts";
import { applyPlan } from "./apply/apply.ts";
import { pausedRun } from "./apply/paused.ts";
import { diffForm, diffLineForm, planForm, printable } from "./forms.ts";
import { readPause } from "./pause.ts";
import type { Change } from "./plan/judge.ts";
import type { OldValues } from "./plan/old-values.ts";
import type { PreparedPlan } from "./plan/planning.ts";
import { preparePlan } from "./plan/prepare-plan.ts";
import { checkDiffOptions, checkDiffTextOptions, checkPlanOptions } from "./read-options.ts";
import { planTextsOf, savedPlan } from "./saved-plan.ts";
import type { ApplyOptions, DiffOptions, MappedRecord, SyncOptions } from "./types/options.ts";
import type { DiffLine, SyncPlan, UserDiff } from "./types/plan.ts";
import type { SyncReport } from "./types/report.ts";

/**
 * Reads the source, compares it with the ledger and returns a plan. Writes nothing. If there are users to send, it
 * reads the profiles from Oplead, and their countries unless `checks` is `false`.
 *
 * ```ts
 * const plan = await planSync(oplead, { source: rows, map: toUser, ledger: fileLedger("./ledger") });
 * console.log(await plan.render("text"));
 * const report = await plan.apply();
 * ```
 *
 * @throws {@link OpleadError} `invalid_options`; `source_failed` if the source throws; `ledger_unavailable`;
 * `ledger_mismatch` if the ledger belongs to another platform; `token_unavailable`; `unauthorized`; `aborted`.
 */
export async function planSync<SourceRecord, Mapped extends MappedRecord = MappedRecord>(
  oplead: Oplead,
  options: SyncOptions<SourceRecord, Mapped>,
): Promise<SyncPlan>;
export async function planSync<SourceRecord>(oplead: Oplead, options: SyncOptions<SourceRecord>): Promise<SyncPlan> {
  checkPlanOptions.planSync(options);
  return createPlan(await preparePlan(oplead, { ...options, ...options.advanced }, "planSync"));
}

/**
 * Makes a plan and applies it, for a scheduled job. The report has the outcome of every user. While runs are paused
 * ({@link pauseRuns}), reads and sends nothing.
 *
 * @throws {@link OpleadError} as {@link planSync}, and {@link SyncGuardError}, whose `plan` can be read, approved and
 * applied.
 */
export async function syncUsers<SourceRecord, Mapped extends MappedRecord = MappedRecord>(
  oplead: Oplead,
  options: SyncOptions<SourceRecord, Mapped>,
): Promise<SyncReport>;
export async function syncUsers<SourceRecord>(oplead: Oplead, options: SyncOptions<SourceRecord>): Promise<SyncReport> {
  checkPlanOptions.syncUsers(options);
  const { ledger, runId = crypto.randomUUID(), now = Date.now } = options;
  internalsOf(oplead);
  // Looks for a pause before it reads the source: a mistake there may be the reason for the pause.
  const pause = oplead.testMode ? undefined : await readPause(ledger, now);
  if (pause) return pausedRun(oplead, pause, runId, now());
  const prepared = await preparePlan(oplead, { ...options, ...options.advanced, runId }, "syncUsers");
  return applyPlan(createPlan(prepared), prepared, {}, true);
}

function createPlan(prepared: PreparedPlan): SyncPlan {
  const { facts, changes, refreshes, hashes, old, options } = prepared;
  let byAccount: ReadonlyMap<string, Change> | undefined;
  const methods = {
    apply: async (given: ApplyOptions = {}) => applyPlan(plan, prepared, given),
    diff: (accountNumber: string, given: DiffOptions = {}) => {
      checkDiffOptions(given);
      byAccount ??= new Map(changes.map((change) => [change.planned.accountNumber, change]));
      const change = byAccount.get(accountNumber);
      return change && diffUser(change, given.reveal ?? false, old.get(accountNumber));
    },
    ...planTextsOf(facts, () => plan, options.coverage?.locate),
    toJSON: () =>
      savedPlan(
        facts,
        [...changes, ...refreshes].map(({ planned }, at) => ({ ...planned, hash: hashes[at] ?? "" })),
      ),
  };
  const plan: SyncPlan = addMethods({ ...facts }, methods, () => printable(planForm, facts));
  return plan;
}

function diffUser(
  { planned, content, open, paths, added }: Change,
  reveal: boolean,
  old: OldValues | undefined,
): UserDiff {
  const { accountNumber, kind, id, fieldsUnknown } = planned;
  const all = () => innermost(new UserFingerprints(content.user).paths());
  const sent = (path: string) => (id === undefined || added.has(path) ? "added" : "changed");
  const line = (path: string, change: DiffLine["change"], value: unknown): DiffLine => {
    return { path, change, ...(reveal && change !== "removed" && { value }) };
  };
  const fields: Readonly<Record<string, unknown>> = { ...content.user };
  const lines = [
    ...(paths ?? all()).map((path) => {
      const value = path in fields ? fields[path] : valueAt(fields, path);
      return line(path, value === undefined ? "removed" : sent(path), value);
    }),
    ...(fieldsUnknown && reveal ? all() : []).map((path) => line(path, "unknown", valueAt(fields, path))),
    ...open.rules.map(({ name, toSend }): DiffLine => {
      const path = `rules.${name}`;
      // Rules hold no personal data.
      return { path, change: sent(path), value: toSend.body, ...(old?.has(path) && { was: old.get(path) }) };
    }),
  ];
  const diff = { accountNumber, kind, id, fieldsUnknown, lines };
  const show = () => {
    if (reveal) return { ...diff };
    const shown = lines.map((one) => (one.path.startsWith("rules.") ? one : printable(diffLineForm, one)));
    return { ...printable(diffForm, diff), lines: shown };
  };
  const methods = {
    toString: (options: LanguageOptions = {}) => {
      checkDiffTextOptions(options);
      return diffText(diff, options);
    },
    toJSON: show,
  };
  return addMethods(diff, methods, show);
}

function diffText(
  { accountNumber, kind, fieldsUnknown, lines }: Omit<UserDiff, "toString">,
  { language = "en" }: LanguageOptions,
): string {
  const signs = { added: "+", changed: "~", removed: "-", unknown: "?" };
  return [
    `${showIdentity(accountNumber)} (${kind})`,
    ...(fieldsUnknown ? [`  ${(language === "fr" ? DIFF_FR : DIFF).fields_unknown}`] : []),
    ...lines.map((line) => {
      const values = [line.was, line.value].filter((value) => value !== undefined);
      const text = values.length === 0 ? "" : `: ${values.map((value) => JSON.stringify(value)).join(" → ")}`;
      return `  ${signs[line.change]} ${line.path}${text}`;
    }),
  ].join("\n");
}
