import { internalsOf } from "../../client/client-state.ts";
import { isOpleadError } from "../../core/errors.ts";
import { fnv1a } from "../../core/hash.ts";
import { showIdentity } from "../../core/redact.ts";
import { type LedgerInfo, useLedger } from "../../ledger/ledger.ts";
import { type LedgerMark, markOf, nextRun } from "../../ledger/notes.ts";
import { tellWarning } from "../../locales/en/sync.ts";
import { changeEntry } from "../../reconcile/change-entry.ts";
import { isKnown } from "../../reconcile/entry-writer.ts";
import { isSettled } from "../../reconcile/intent.ts";
import { type Move, moveUsers } from "../../reconcile/move-users.ts";
import { noteMissing, notePresence } from "../../reconcile/presence.ts";
import { writingKey } from "../../reconcile/tell.ts";
import { among, isProblem, toDealWith } from "../findings.ts";
import { KeptApproval } from "../plan/approval.ts";
import type { GuardBasis } from "../plan/guard.ts";
import { nameOf, positionOf } from "../plan/map-record.ts";
import { readTo } from "../plan/read-source.ts";
import { type Lacking, recordHashOf } from "../plan/source-users.ts";
import { usersAmong } from "../show.ts";
import type { Finding } from "../types/findings.ts";
import type { GuardFinding, StopReason, SyncWarning } from "../types/messages.ts";
import type { RunResult } from "./outcomes.ts";
import type { Approved } from "./permit.ts";
import type { Run } from "./run.ts";
import { whyLedgerFailed } from "./store-failed.ts";

export interface Noted {
  readonly warnings: readonly SyncWarning[];
  readonly ledgerMark?: LedgerMark | undefined;
  readonly onMissingFailed?: boolean | undefined;
  // A write to the ledger failed. The next run notes what is missing.
  readonly failure?: StopReason | undefined;
}

// Writes before a run: what the approval covers, whether the next run must read everything, the day's refresh, and the
// moves.
export async function noteBegin(
  run: Run,
  guard: GuardBasis,
  approved: Approved,
  refusals: readonly GuardFinding[],
): Promise<void> {
  const { options, ledger, plan, selection } = run;
  const { only, limit, ledgerMark: mark } = options;
  const isSending = selection.changes.length > 0;
  const isTrial = only !== undefined || limit !== undefined;
  const isLost = refusals.some(({ code }) => code === "ledger_shrunk");
  if (refusals.length > 0 && isSending && !isTrial && (isLost || isFirstNight(guard))) {
    await keepApproval(run, {
      plan: typeof approved === "object" ? approved.hash : plan.hash,
      at: options.now(),
      mark: mark && { runs: mark.runs, lastRunId: mark.lastRunId },
      lost: refusals.find((finding) => finding.code === "ledger_shrunk")?.parameters ?? guard.figures.lossApproved,
    });
  }
  if (options.sourceFile !== undefined && isSending) await readAllNext(run);
  // Before the first of them: a run that is killed leaves the others to the next day. A user that a run changes on its
  // day has its turn then, and no second one that day.
  const { reading, plannedAt } = run.notes;
  const isNight = options.refreshAfterDays !== undefined && reading.isFull && isSending && !isTrial;
  if (isNight || selection.refreshes.length > 0) await useLedger(() => ledger.setInfo({ refreshedAt: plannedAt }));
  await moveUsers(ledger, movesOf(run));
}

// The ledger keeps the approval of a first night, or of its continuation. A file, or a source of changes only, does not
// continue it: the approval of the whole source is kept already.
function isFirstNight({ figures }: GuardBasis): boolean {
  if (figures.approved) return !figures.incremental;
  return figures.accepted === 0 || figures.runs === undefined;
}

// Keeps the approval in case the run is interrupted. If the ledger cannot keep it, the run goes on.
async function keepApproval(
  { oplead, ledger, selection }: Run,
  about: Parameters<typeof KeptApproval.keep>[2],
): Promise<void> {
  let code = "too_long";
  try {
    if (await KeptApproval.keep(ledger, selection.changes, about)) return;
  } catch (error) {
    if (!isOpleadError(error) || !error.code.startsWith("ledger_")) throw error;
    code = error.code;
  }
  const { plan } = about;
  const text = `oplead-sdk: the ledger cannot keep the approval of plan ${plan} (${code}); if the run is interrupted, the next one needs another approval`;
  internalsOf(oplead).transport.settings.logger?.warn(text, { event: "approval_not_kept", code, plan });
}

// After a run with a file, the next run reads everything: a source of changes would not give these users again.
async function readAllNext({ ledger }: Run): Promise<void> {
  await useLedger(async () => {
    const info = await ledger.getInfo();
    if (info?.fullyReadAt !== undefined) await ledger.setInfo({ fullyReadAt: 0 });
  });
}

// If another user gets the new number meanwhile, the user counts as stale.
function movesOf({ plan, selection: { changes, isPartial } }: Run): Move[] {
  const sent = isPartial ? new Set(changes.map(({ planned }) => planned.accountNumber)) : undefined;
  return plan.moves.flatMap(({ from, to, problem }) =>
    problem || sent?.has(to) === false ? [] : [[from, to] as const],
  );
}

export async function noteRun(run: Run, sent: RunResult, problems: Problems): Promise<Noted> {
  const { options, selection } = run;
  if (run.testMode) return { warnings: [] };
  const isOver = (): boolean =>
    sent.stopReason !== undefined || [options.signal, options.drain].some((signal) => signal?.aborted);
  let warnings: SyncWarning[] = [];
  try {
    await notePresences(run, sent.noted, isOver);
    if (selection.isPartial) return { warnings };
    await endIntents(run);
    warnings = await tellMissing(run, isOver);
    const onMissingFailed = warnings.length > 0;
    if (isOver()) return { warnings, onMissingFailed };
    const ledgerMark = await noteEnd(run, sent, problems, !onMissingFailed, warnings);
    return { warnings, onMissingFailed, ledgerMark };
  } catch (error) {
    // Throwing this error would lose the report of the sent users.
    if (!isOpleadError(error)) throw error;
    return { warnings, failure: whyLedgerFailed(error) };
  }
}

// Notes several users at a time: a ledger on a disk writes them together.
async function notePresences(
  { oplead, options, ledger, notes, selection }: Run,
  noted: ReadonlySet<string>,
  isOver: () => boolean,
): Promise<void> {
  const { present } = notes;
  const { changes, refreshes, isPartial } = selection;
  // A partial run notes the facts of its own users only.
  const sent = isPartial ? new Set([...changes, ...refreshes].map(({ planned }) => planned.accountNumber)) : undefined;
  const hasFingerprints = present.some(({ lacking }) => lacking?.key !== undefined);
  const key = hasFingerprints ? (await writingKey(ledger, internalsOf(oplead), false)).key : undefined;
  const queue = present.values();
  const note = async (): Promise<void> => {
    // The tasks share `queue`: each takes the next user.
    for (const { accountNumber, version, lacking, kept } of queue) {
      if (isOver()) return;
      if (noted.has(accountNumber) && !lacking) continue;
      // Fingerprints by an older key are useless.
      const learned = lacking?.key === undefined || lacking.key === key ? lacking : withoutFingerprints(lacking);
      await notePresence(
        ledger,
        accountNumber,
        version,
        learned,
        sent?.has(accountNumber) === false ? undefined : kept,
      );
    }
  };
  await Promise.all(Array.from({ length: options.concurrency }, note));
}

// A failed creation leaves an entry with only an intent. It tells nothing once it is settled. A creation that was
// sent may turn up.
async function endIntents({ oplead, options, ledger, notes }: Run): Promise<void> {
  const { lateMs } = internalsOf(oplead).transport.settings;
  for (const accountNumber of notes.unknown) {
    await changeEntry(ledger, accountNumber, (entry) => {
      const { intent } = entry ?? {};
      const isOver = intent && !intent.creates?.sent && isSettled(intent, options.now(), lateMs);
      return entry && isOver && !isKnown(entry) ? { ...entry, intent: undefined } : undefined;
    });
  }
}

function withoutFingerprints({ user, revision, accepted }: Lacking): Lacking {
  return { user, revision, ...(accepted && { accepted }) };
}

// A run that ends early leaves the other leavers to the next run.
async function tellMissing({ oplead, options, ledger, notes }: Run, isOver: () => boolean): Promise<SyncWarning[]> {
  const { onMissing } = options;
  const { logger } = internalsOf(oplead).transport.settings;
  const failed: string[] = [];
  const errors = new Set<string>();
  for (const { accountNumber, id, missingSince, certain, state } of notes.missing) {
    if (isOver()) break;
    const entry = await useLedger(() => ledger.get(accountNumber));
    // Skips a leaver that another run has reported or a webhook has sent.
    const isTold = entry?.missingSince !== undefined && !entry.missingUntold;
    if (!entry || isTold || entry.at > notes.plannedAt) continue;
    let hasTold = certain;
    try {
      if (certain) await onMissing?.({ accountNumber, id, missingSince, certain, due: state === "due" });
    } catch (error) {
      hasTold = false;
      failed.push(accountNumber);
      errors.add(thrownText(error));
      // The error's message may hold personal data: it is only logged.
      const words = error instanceof Error ? `: ${error.message}` : "";
      logger?.warn(`oplead-sdk: onMissing threw ${thrownText(error)}${words}`, {
        event: "callback_failed",
        callback: "onMissing",
        accountNumber: showIdentity(accountNumber),
      });
    }
    await noteMissing(ledger, accountNumber, Date.parse(missingSince), hasTold);
  }
  return failed.length === 0 ? [] : [tellWarning("on_missing_failed", { ...usersAmong(failed), errors: [...errors] })];
}

function thrownText(error: unknown): string {
  const at = positionOf(error);
  return `${nameOf(error)}${at === undefined ? "" : ` at ${at}`}`;
}

// A run that did not reach its end notes nothing, so that it may be continued at once.
async function noteEnd(
  run: Run,
  sent: RunResult,
  problems: Problems,
  areLeaversTold: boolean,
  warnings: SyncWarning[],
): Promise<LedgerMark | undefined> {
  const { runId, options, ledger, plan, notes, selection } = run;
  const { reading, unidentified, sourceAt } = notes;
  const entries = notes.entries + sent.newEntries;
  const thrown = among(plan.findings, "invalid").filter(({ error }) => error !== undefined);
  // The next run must read these records again: a service that `map` asks may be back, or its code repaired.
  const hasMapFailed = thrown.some(({ issues }) => issues.some(({ code }) => code === "map_failed"));
  const areWaiting = notes.areLeftOut || among(plan.findings, "duplicate").length > 0 || thrown.length > 0;
  // The next reading must give these users again: another program may have sent an older state.
  const isGivenWay = among(sent.findings, "skipped", "waiting", "stale").length > 0;
  const isOpen = isGivenWay || hasMapFailed || among(sent.findings, "failed").some(({ held }) => !held);
  return useLedger(async () => {
    const lastRunAt = selection.changes.length > 0 ? options.now() : undefined;
    const info = await ledger.getInfo();
    const read = readTo(reading, info, { isOpen, areWaiting, areLeaversTold });
    if (reading.isTracked && info && read.readAt === undefined) warnings.push(tellWarning("read_again"));
    // The approval stays if the source had no users, or users wait for corrections.
    if (!isOpen && !areWaiting && reading.isFull && entries > 0) await KeptApproval.end(ledger);
    const learned: { -readonly [Name in keyof LedgerInfo]: LedgerInfo[Name] } = { ...nextRun(info, runId), entries };
    if (read.readAt !== undefined) learned.readAt = read.readAt;
    if (read.fullyReadAt !== undefined) learned.fullyReadAt = read.fullyReadAt;
    if (notes.isSourceRead) learned.problems = String(problems);
    if (sourceAt !== undefined) learned.sourceAt = sourceAt;
    if (unidentified !== undefined) learned.unidentified = unidentified;
    if (lastRunAt !== undefined) learned.lastRunAt = lastRunAt;
    await ledger.setInfo(learned);
    return markOf(await ledger.getInfo());
  });
}

// Characters of a key: beside 10,000 known problems, one new problem in 200,000 looks known.
const LENGTH = 6;

// Problems kept at most: a store may limit a value to 64 kB.
const MOST = 10_000;

export class Problems {
  readonly #known: ReadonlySet<string>;
  readonly #planned: readonly Finding[];
  readonly #sent: readonly Finding[];
  readonly #left: readonly Finding[];

  constructor(planned: readonly Finding[], sent: readonly Finding[], before = "") {
    this.#known = new Set(before.match(/.{6}/g));
    this.#planned = planned.filter(isProblem);
    this.#sent = sent.filter(isProblem);
    this.#left = toDealWith(planned);
  }

  isNew(one: Finding): boolean | undefined {
    const key = keyOf(one);
    return key === undefined ? undefined : !this.#known.has(key);
  }

  // `hasArrived`: at least one step of a user has arrived.
  exitCode(hasArrived: boolean, ignoreKnown = false): 0 | 1 | 4 | 5 {
    const counts = (one: Finding): boolean => !(ignoreKnown && this.isNew(one) === false);
    const missed = among(this.#sent, "failed", "waiting");
    // Refused content is a fault of the record, not of the run. Known failures count here: an outage may last.
    if (!hasArrived && missed.some((one) => one.kind === "failed" && !one.held)) return 1;
    if (missed.some(counts)) return 4;
    return [...this.#planned, ...among(this.#sent, "held")].some(counts) ? 5 : 0;
  }

  // Problems without room count as new next time.
  toString(): string {
    const keys = new Set([...this.#sent, ...this.#planned, ...this.#left].flatMap((one) => keyOf(one) ?? []));
    return [...keys].slice(0, MOST).join("");
  }
}

// The key has no time or attempts: a refusal and the step held next night are one problem. Undefined for the end of a
// run, and for what is no problem.
function keyOf(one: Finding): string | undefined {
  const { kind, accountNumber = "" } = one;
  switch (kind) {
    case "failed":
    case "held":
      return keyFrom(accountNumber, one.step, one.code);
    case "waiting":
      return keyFrom(accountNumber, "parent");
    case "duplicate":
    case "twin":
      return keyFrom(accountNumber, kind);
    case "invalid": {
      const codes = one.issues.map(({ path, code }) => `${path} ${code}`).sort();
      return keyFrom(one.accountNumber ?? recordHashOf(one), ...codes);
    }
    case "leaver":
      return toDealWith([one]).length === 0 ? undefined : keyFrom(accountNumber, kind, one.state);
    default:
      return undefined;
  }
}

function keyFrom(...parts: readonly string[]): string {
  return (fnv1a(parts.join("\n")) % 36 ** LENGTH).toString(36).padStart(LENGTH, "0");
}
