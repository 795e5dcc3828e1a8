import { showIdentity } from "../core/redact.ts";
import type { TextsLike } from "../locales/coded.ts";
import { ALERTS } from "../locales/en/report.ts";
import { ALERTS_FR } from "../locales/fr/report.ts";
import { localTime } from "../locales/grammar.ts";
import { isProblem, toDealWith } from "../sync/findings.ts";
import { LANGUAGES, type Language } from "../sync/language.ts";
import { failureIssue } from "../sync/overview/failed-overview.ts";
import { type Item, isProblemRow, nameOf } from "../sync/overview/overview.ts";
import { reportOverview, stillOpen } from "../sync/overview/plan-overview.ts";
import { refusalIn } from "../sync/overview/refusal.ts";
import type { FailedReport } from "../sync/types/failed-report.ts";
import type { Finding } from "../sync/types/findings.ts";
import type { Explained, ReportLanguage, SyncReport } from "../sync/types/report.ts";
import type { AlertMessage, AlertReason, NotifyOptions } from "./options.ts";

export interface Night {
  readonly night: Exclude<AlertMessage["night"], "sample" | "leavers">;
  // 2 if the run failed, was refused or stopped, or no user arrived.
  readonly level: 1 | 2;
  readonly reasons: readonly AlertReason[];
  // Undefined without a report.
  readonly runId: string | undefined;
  // Hash of a refused plan.
  readonly plan?: string | undefined;
}

// Undefined if nothing is wrong: exit code 0 hides problems that are known.
export function nightOf(ended: SyncReport | FailedReport, name: ReportLanguage): Night | undefined {
  const language = LANGUAGES[name];
  const alerts = ALERT_TEXTS[name];
  const aborted = { code: "aborted", message: alerts.aborted };
  if ("reason" in ended) {
    const { code } = ended.reason;
    const isAborted = ABORTED.has(code);
    const night = isAborted ? "stopped" : ended.status;
    const reasons = isAborted ? [aborted] : failureReasons(ended, name);
    return { night, level: 2, reasons: shown(reasons, name), runId: undefined, plan: ended.hash };
  }
  const { status, stopReason, exitCode, runId } = ended;
  if (status === "stopped" || status === "aborted" || status === "paused") {
    const reason = stopReason ? { code: stopReason.code, message: language.told(stopReason) } : aborted;
    const isPaused = status === "paused";
    const night = isPaused ? status : "stopped";
    return { night, level: isPaused ? 1 : 2, reasons: shown([reason], name), runId };
  }
  if (exitCode === 0 && !ended.findings.some(isProblem)) return undefined;
  const nothing = exitCode === 1 ? [{ code: "nothing_arrived", message: alerts.nothing_arrived }] : [];
  // The only warning that changes an exit code.
  const others = ended.warnings.filter(({ code }) => code === "on_missing_failed");
  const told = others.map((one) => ({ code: one.code, message: language.told(one) }));
  const [fresh, known] = [false, true].map((isKnown) => {
    return ended.findings.filter((one) => isProblem(one) && (one.isNew === false) === isKnown);
  }) as [Finding[], Finding[]];
  const still = known.length === 0 ? [] : [{ code: "known", message: stillOpen(ended, language) }];
  const rows = [...rowReasons(ended, fresh, name), ...still, ...rowReasons(ended, known, name)];
  const reasons = shown([...nothing, ...rows, ...told], name);
  const hasFailed = exitCode === 1;
  return { night: hasFailed ? "failed" : "rows", level: hasFailed ? 2 : 1, reasons, runId };
}

export interface LeaverNews {
  readonly fresh: readonly AlertReason[];
  readonly open: readonly AlertReason[];
}

export function leaverNews(ended: SyncReport | FailedReport, name: ReportLanguage): LeaverNews {
  if (!("findings" in ended)) return { fresh: [], open: [] };
  const all = toDealWith(ended.findings);
  const waves = ended.warnings.filter(({ code }) => code === "many_left");
  const told = waves.map((one) => ({ code: one.code, message: LANGUAGES[name].told(one) }));
  return {
    fresh: shown(
      [
        ...leaverReasons(
          all.filter(({ isNew }) => isNew),
          name,
        ),
        ...told,
      ],
      name,
    ),
    open: shown(leaverReasons(all, name), name),
  };
}

function leaverReasons(leavers: readonly Finding<"leaver">[], name: ReportLanguage): AlertReason[] {
  const alerts = ALERT_TEXTS[name];
  const due = leavers.filter(({ state }) => state === "due").map(({ accountNumber }) => showIdentity(accountNumber));
  return [
    ...leavers.flatMap(({ accountNumber, team }) => {
      if (!team) return [];
      return { code: "manager_left", message: alerts.manager_left({ name: showIdentity(accountNumber), team }) };
    }),
    ...(due.length === 0
      ? []
      : [{ code: "leaver_due", message: alerts.leavers_due({ names: due.slice(0, 5), count: due.length }) }]),
  ];
}

const REASONS_TOLD = 6;
// The error of a source may be long.
const LONGEST = 400;

const ABORTED: ReadonlySet<string> = new Set(["aborted", "interrupted"]);

const ALERT_TEXTS: Readonly<Record<ReportLanguage, TextsLike<typeof ALERTS>>> = {
  en: ALERTS,
  fr: ALERTS_FR,
};

// Findings of the guard, else issues, else the message.
function failureReasons({ reason, plan }: FailedReport, name: ReportLanguage): AlertReason[] {
  const language = LANGUAGES[name];
  const { reasons, isTranslated } = language;
  const alerts = ALERT_TEXTS[name];
  const { code, message, issues = [], findings = [] } = reason;
  if (findings.length > 0) {
    const { consequences, reasons: why } = refusalIn(plan, findings, name);
    return [
      ...consequences.map((message) => ({ code, message })),
      ...why.map(({ finding, text }) => ({ code: finding.code, message: text })),
    ];
  }
  // The message of a foreign code may hold personal data.
  if (!Object.hasOwn(reasons, code)) return [{ code, message: alerts.no_report({ code }) }];
  const known = reasons[code as "source_failed"];
  if (issues.length === 0) {
    const [line = ""] = message.split("\n", 1);
    return [{ code, message: `${known} ${isTranslated ? `« ${line} »` : line}` }];
  }
  // In issues of a failed source, the path is that of the file.
  return issues.map((one) => {
    const isPart = code === "source_failed" && one.path !== "";
    const said = failureIssue(one, language);
    const detail = isPart ? alerts.part({ part: one.path, detail: said }) : `${one.path} ${said}`.trim();
    // `oplead help` explains the code of the error, not of the issue.
    return { code: code === "ledger_unavailable" ? code : one.code, message: `${known} ${detail}` };
  });
}

function rowReasons(report: SyncReport, findings: readonly Finding[], name: ReportLanguage): AlertReason[] {
  const alerts = ALERT_TEXTS[name];
  const groups = new Map<string, { readonly row: Explained; readonly names: Set<string> }>();
  const items = reportOverview({ ...report, findings }, { language: name }).sections.flatMap((one) => [...one.items]);
  const told = items.flatMap((item) =>
    item.rows.filter(isProblemRow).map((row) => [personOf(row, item, LANGUAGES[name]), row] as const),
  );
  for (const [who, row] of told) {
    // An error in `map` may quote personal data. Messages of duplicates name rows, so no two are equal.
    const reason = hasForeignWords(row)
      ? alerts.record_failed
      : row.code === "duplicate"
        ? alerts.duplicate
        : row.code === "possible_twin"
          ? alerts.twin
          : row.reason;
    const group = groups.get(reason) ?? { row: { ...row, reason }, names: new Set() };
    groups.set(reason, group);
    group.names.add(who);
  }
  return [...groups.values()]
    .sort((a, b) => b.names.size - a.names.size)
    .map(({ row, names }) => {
      const parameters = { reason: row.reason, names: [...names].slice(0, 5), count: names.size };
      return { code: row.code, message: alerts.rows(parameters) };
    });
}

function personOf({ accountNumber, row }: Explained, item: Item, { overview }: Language): string {
  const isOfOne = item.rows.every((one) => isProblemRow(one) && one.accountNumber === accountNumber);
  if (isOfOne) return nameOf(item);
  const place = typeof row === "number" ? overview.row({ number: row }) : row;
  return nameOf({ ...item, name: accountNumber && showIdentity(accountNumber), place });
}

function hasForeignWords({ code }: Explained): boolean {
  return code === "map_failed" || code === "record_error";
}

function shown(reasons: readonly AlertReason[], name: ReportLanguage): AlertReason[] {
  const lines = reasons
    .slice(0, REASONS_TOLD)
    .map(({ code, message }) => ({ code: plain(code), message: line(message) }));
  const more = reasons.length - lines.length;
  return more === 0 ? lines : [...lines, { code: "more", message: ALERT_TEXTS[name].more({ count: more }) }];
}

function line(text: string): string {
  const one = text.replace(/[\p{Cc}\u2028\u2029]+/gu, " ").replace(/[^\s@"'(]+@[^\s@"',)]+/g, "[not shown]");
  if (one.length > LONGEST) return `${one.slice(0, LONGEST - 1)}…`;
  return /[.!?](?: »)?$/.test(one) ? one : `${one}.`;
}

// A code of another form may be personal data.
function plain(code: string): string {
  return /^\w{1,60}$/.test(code) ? code : "unexpected";
}

const COMMANDS: Readonly<Record<AlertMessage["night"], string>> = {
  refused: "npx oplead-sdk plan",
  stopped: "npx oplead-sdk doctor",
  failed: "npx oplead-sdk doctor",
  rows: "npx oplead-sdk history",
  paused: "npx oplead-sdk status",
  leavers: "npx oplead-sdk leavers",
  sample: "npx oplead-sdk doctor",
};

interface TellableNight extends Pick<AlertMessage, "state" | "night" | "since" | "reasons"> {
  readonly until?: string | undefined;
}

export function messageOf(
  told: TellableNight,
  options: NotifyOptions,
  { runId, plan }: Partial<Pick<Night, "runId" | "plan">> = {},
): AlertMessage {
  const { name, language = "en", target, files = [] } = options;
  const alerts = ALERT_TEXTS[language];
  const { state, night, since, until, reasons } = told;
  const command = [
    COMMANDS[night],
    ...(night === "rows" && runId !== undefined ? [runId] : []),
    ...(target === undefined ? [] : ["--target", target]),
  ].join(" ");
  const title = alerts.titled({ name: name ? `Oplead ${name}` : "Oplead", title: alerts[`title_${night}`], state });
  const times = { since: localTime(since, false), until: until === undefined ? undefined : localTime(until, false) };
  const lines = reasons.map(({ message }) => message);
  const now = [
    ...lines,
    ...(night === "leavers" ? [] : [alerts.times(times)]),
    ...(plan === undefined ? [] : [alerts.plan({ plan })]),
    ...(files.length === 0 ? [] : [alerts.files({ files })]),
    alerts.more_by({ command }),
  ];
  const text = {
    begun: now,
    continues: now,
    over: [alerts.times(times), alerts.why_over, ...lines],
    sample: [alerts.sample],
  }[state].join("\n");
  return { version: 1, state, night, name, since, until, reasons, title, text, command };
}
