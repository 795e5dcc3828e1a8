import type { OpleadIssue } from "../../errors.ts";
import type { SyncStep } from "../../ledger/ledger.ts";
import type { DuplicateUser, HeldUser, InvalidRecord, SourcePosition, SuspiciousRecord } from "../records.ts";
import type { RejectedRow, ReportFacts, ReportLanguage, SyncFailure, SyncSkip } from "../report.ts";
import { day } from "../text.ts";
import { GUIDANCE, guidanceFor, guidanceOf } from "./advice.ts";
import { frenchIssue } from "./french-issues.ts";
import type { Wording } from "./language.ts";
import { wordsOf } from "./oplead-words.ts";

/** Every problem of a run, one row each, in the order of the source where it is known. */
export function rejectedRows(report: ReportFacts, language: ReportLanguage): RejectedRow[] {
  const { failures, held, invalid, duplicates, skipped, suspicious } = report;
  const rows = [
    ...failures.map((failure) => failureRow(failure, language)),
    ...held.map((user) => heldRow(user, language)),
    ...invalid.flatMap((record) => invalidRows(record, language)),
    ...duplicates.flatMap((user) => duplicateRows(user, language)),
    ...skipped.map((skip) => skippedRow(skip, language)),
    ...suspicious.flatMap((record) => suspiciousRows(record, language)),
  ];
  return rows.sort((a, b) => placeOf(a.row) - placeOf(b.row));
}

const EMPTY = {
  ...{ row: undefined, accountNumber: undefined, step: undefined, field: undefined, opleadAnswer: undefined },
  ...{ code: undefined, status: undefined, since: undefined, requestId: undefined },
};

function failureRow(failure: SyncFailure, language: ReportLanguage): RejectedRow {
  const { accountNumber, step, code, status, requestId, held, error } = failure;
  return {
    ...EMPTY,
    ...{ row: rowOf(failure), accountNumber, problem: held ? "held" : "failed", step, code, status, requestId },
    ...inLanguage(guidanceOf(error, step), language),
    opleadAnswer: wordsOf(error) || undefined,
  };
}

const REFUSED_BEFORE: Wording = {
  en: "It was refused before and has not changed since.",
  fr: "Le refus date d'une exécution précédente et rien n'a changé depuis.",
};

function heldRow(user: HeldUser, language: ReportLanguage): RejectedRow {
  const { accountNumber, step, code, status, since } = user;
  const { reason, advice } = inLanguage(guidanceFor(code, step, status), language);
  return {
    ...EMPTY,
    ...{ row: rowOf(user), accountNumber, problem: "held", step, code, status, advice, since: day(since) },
    reason: `${reason} ${REFUSED_BEFORE[language]}`,
  };
}

function invalidRows(record: InvalidRecord, language: ReportLanguage): RejectedRow[] {
  const advice = GUIDANCE.invalid_input.advice[language];
  return record.issues.map((issue) => ({
    ...EMPTY,
    ...{ row: rowOf(record), accountNumber: record.accountNumber, problem: "invalid", code: "invalid_input", advice },
    ...inField(issue, language),
  }));
}

const LOOK_AT_IT: Wording = {
  en: "Check the field in the source, and correct it if it is wrong.",
  fr: "Vérifiez ce champ dans la source et corrigez-le s'il est faux.",
};

function suspiciousRows(record: SuspiciousRecord, language: ReportLanguage): RejectedRow[] {
  return record.issues.map((issue) => ({
    ...EMPTY,
    ...{ row: rowOf(record), accountNumber: record.accountNumber, problem: "suspicious", advice: LOOK_AT_IT[language] },
    ...inField(issue, language),
  }));
}

function inField({ path, message }: OpleadIssue, language: ReportLanguage): Pick<RejectedRow, "field" | "reason"> {
  const text = language === "fr" ? frenchIssue(message) : message;
  return path === "" ? { field: undefined, reason: text } : { field: path, reason: `${path} ${text}` };
}

function duplicateRows(user: DuplicateUser, language: ReportLanguage): RejectedRow[] {
  const { accountNumber, records } = user;
  const { rows = [] } = user as Partial<{ rows: readonly SourcePosition["row"][] }>;
  const places = records.map((record, index) => rowOf({ record, row: rows[index] }));
  const list = places.join(", ");
  const reason = {
    en: `Rows ${list} have the same account number and different content.`,
    fr: `Les lignes ${list} ont le même numéro de compte et un contenu différent.`,
  };
  const advice = {
    en: "Keep the row that is right, and remove or correct the others.",
    fr: "Gardez la ligne juste ; supprimez ou corrigez les autres.",
  };
  return places.map((row) => ({
    ...EMPTY,
    ...{ row, accountNumber, problem: "duplicate", reason: reason[language], advice: advice[language] },
  }));
}

function skippedRow(skip: SyncSkip, language: ReportLanguage): RejectedRow {
  const { accountNumber, reason, parent } = skip;
  return {
    ...EMPTY,
    ...{ row: rowOf(skip), accountNumber, problem: "skipped" },
    ...inLanguage(reason === "parent" ? parentMissing(parent ?? "") : RUN_ENDED[reason], language),
  };
}

function parentMissing(parent: string): { reason: Wording; advice: Wording } {
  return {
    reason: { en: `Its parent ${parent} is not in Oplead.`, fr: `Son parent ${parent} n'est pas dans Oplead.` },
    advice: {
      en: "Correct the parent; the user is sent after it.",
      fr: "Corrigez le parent ; l'utilisateur est envoyé après lui.",
    },
  };
}

const NEXT_RUN: Wording = {
  en: "Nothing to correct; the next run sends it.",
  fr: "Rien à corriger ; la prochaine exécution l'envoie.",
};

const RUN_ENDED = {
  stopped: {
    reason: { en: "The run stopped before its turn.", fr: "L'exécution s'est arrêtée avant son tour." },
    advice: NEXT_RUN,
  },
  aborted: {
    reason: { en: "The run was aborted before its turn.", fr: "L'exécution a été interrompue avant son tour." },
    advice: NEXT_RUN,
  },
} as const;

function inLanguage(guidance: { reason: Wording; advice: Wording }, language: ReportLanguage) {
  return { reason: guidance.reason[language], advice: guidance.advice[language] };
}

/** The first row of a spreadsheet is the header, and people count from 1. */
const FIRST_ROW = 2;

function rowOf(position: object): RejectedRow["row"] {
  const { record, row } = position as Partial<SourcePosition>;
  return row ?? (record === undefined ? undefined : record + FIRST_ROW);
}

/** Rows with a name instead of a number keep their order, after the numbered ones. */
function placeOf(row: RejectedRow["row"]): number {
  return typeof row === "number" ? row : Number.MAX_SAFE_INTEGER;
}

/** The name of a step in the report. */
export function stepName(step: SyncStep, language: ReportLanguage): string {
  if (step === "user") return { en: "user", fr: "utilisateur" }[language];
  return { en: `rule ${step}`, fr: `règle ${step}` }[language];
}
