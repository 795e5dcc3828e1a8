import type { Oplead } from "../../client/api.ts";
import { tellStop } from "../../locales/en/sync.ts";
import type { RunsPause } from "../pause.ts";
import { createReport } from "../report/create-report.ts";
import type { StopReason } from "../types/messages.ts";
import { isoTime } from "../types/records.ts";
import type { ReportFacts, SyncReport } from "../types/report.ts";
import { emptyResult } from "./outcomes.ts";
import { logRun } from "./tell-run.ts";

export function whyPaused({ by, since, until }: RunsPause): StopReason {
  return tellStop("runs_paused", { by, since, until });
}

function pausedFacts(pause: RunsPause, runId: string, now: number): ReportFacts {
  const { counts, newEntries: _, noted: __, ...result } = emptyResult();
  return {
    ...result,
    runId,
    status: "paused",
    exitCode: 0,
    newProblems: 0,
    knownProblems: 0,
    problems: {},
    stopReason: whyPaused(pause),
    testMode: false,
    hash: "",
    startedAt: isoTime(now),
    durationMs: 0,
    counts: {
      ...counts,
      skipped: 0,
      unverifiable: 0,
      invalid: 0,
      duplicate: 0,
      twin: 0,
      notSelected: 0,
      notApproved: 0,
    },
    part: false,
    refusals: [],
    moves: [],
    throttledMs: 0,
    warnings: [],
    ledgerMark: undefined,
  };
}

export function pausedRun(oplead: Oplead, pause: RunsPause, runId: string, now: number): SyncReport {
  const facts = pausedFacts(pause, runId, now);
  logRun(oplead, facts);
  return createReport(facts);
}

export function pausedReport(pause: RunsPause, runId: string = crypto.randomUUID()): SyncReport {
  return createReport(pausedFacts(pause, runId, Date.now()));
}
