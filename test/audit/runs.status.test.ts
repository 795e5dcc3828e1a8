import { join } from "node:path";
import { expect, it } from "vitest";
import { type NewAuditLine, openAudit } from "../../src/audit/audit-file.ts";
import type { AuditOrigin, RunEndedLine, UserLine } from "../../src/audit/line.ts";
import { auditStatus } from "../../src/audit/runs.ts";
import { folderWith } from "../support/folder.ts";

const HOUR = 3_600_000;
const platform = { baseUrl: "https://api.example" };

async function story() {
  const file = join(await folderWith({}), "audit.jsonl");
  let hour = 0;
  const audit = openAudit(file, { now: () => hour * HOUR });
  const at = (when: number, line: NewAuditLine) => {
    hour = when;
    audit.write(line);
  };
  const begin = (when: number, run: string, origin: AuditOrigin = "sync", baseUrl = platform.baseUrl) =>
    at(when, {
      event: "run_started",
      run,
      origin,
      platform: { baseUrl },
      ...{ operator: "eve", host: "h", packageVersion: "1" },
    });
  const end = (when: number, run: string, more: Partial<Omit<RunEndedLine, "event">> = {}) => {
    const nothing = { testMode: false, counts: {}, requests: 0, durationMs: 0, findings: [] };
    at(when, { event: "run_ended", run, origin: "sync", status: "complete", exitCode: 0, ...nothing, ...more });
  };
  const user = (when: number, run: string, outcome: UserLine["outcome"]) => {
    const nothing = { fields: [], rules: [], failed: [], requestIds: [], testMode: false };
    at(when, { event: "user", run, origin: "sync", accountNumber: "E-1", outcome, ...nothing });
  };
  const ask = (when: number, more = {}) => auditStatus(file, { platform, now: () => when * HOUR, ...more });
  return { begin, user, end, ask };
}

it("the status of an audit names the last run, night and complete night, with their ages", async () => {
  const { begin, end, ask } = await story();
  expect(ask(1)).toMatchObject({
    last: undefined,
    lastNight: undefined,
    lastComplete: undefined,
    open: [],
    tooOld: false,
  });
  const facts = {
    newProblems: 1,
    knownProblems: 2,
    problems: { held: { new: 1, known: 2 } },
    leaversDue: 3,
    entries: 40,
  };
  begin(1, "a");
  end(2, "a", facts);
  begin(3, "b");
  end(4, "b", { status: "refused", exitCode: 3, code: "sync_refused" });
  begin(5, "c", "retry");
  end(6, "c", { origin: "retry" });
  begin(7, "d");
  const status = ask(8);
  expect(status.last).toMatchObject({ run: "c", status: "complete", ageMs: 2 * HOUR });
  expect(status.lastNight).toMatchObject({
    run: "b",
    status: "refused",
    code: "sync_refused",
    exitCode: 3,
    ageMs: 4 * HOUR,
  });
  expect(status.lastComplete).toMatchObject({ run: "a", beganAt: "1970-01-01T01:00:00.000Z", ageMs: 6 * HOUR });
  expect(status.open).toEqual([{ run: "d", beganAt: "1970-01-01T07:00:00.000Z", counts: {} }]);
  expect(status).toMatchObject(facts);
});

it('the status of an audit is "too old" if the last real nightly run is too long ago', async () => {
  const { begin, end, ask } = await story();
  const maxAgeMs = 26 * HOUR;
  expect(ask(0, { maxAgeMs }).tooOld).toBe(true);
  begin(0, "a");
  end(1, "a", { status: "failed", exitCode: 1 });
  expect([ask(27, { maxAgeMs }).tooOld, ask(28, { maxAgeMs }).tooOld]).toEqual([false, true]);
  begin(20, "b", "test");
  end(21, "b", { origin: "test", testMode: true });
  begin(20, "c", "apply");
  end(21, "c", { origin: "apply", counts: { created: 1 }, part: true });
  begin(20, "d", "retry");
  end(21, "d", { origin: "retry" });
  begin(20, "e");
  end(21, "e", { status: "killed", exitCode: undefined });
  begin(20, "f", "sync", "https://staging.example");
  end(21, "f");
  expect(ask(28, { maxAgeMs })).toMatchObject({ tooOld: true, lastNight: { run: "a" }, lastComplete: undefined });
  expect(ask(28, { maxAgeMs, platform: undefined })).toMatchObject({ tooOld: false, lastNight: { run: "f" } });
});

it("a night that sent all sendable users counts as complete, even if some rows are always wrong", async () => {
  const { begin, end, ask } = await story();
  const night = (hour: number, run: string, more: Parameters<typeof end>[2]) => {
    begin(hour, run);
    end(hour, run, more);
    return ask(hour).lastComplete?.run;
  };
  expect(night(1, "a", { status: "partial", exitCode: 4, counts: { failed: 1 } })).toBeUndefined();
  expect(night(2, "b", { status: "partial", exitCode: 5, counts: { invalid: 2 } })).toBe("b");
  expect(night(3, "c", { status: "partial", exitCode: 0, counts: { invalid: 2 } })).toBe("c");
  // --ignore-known gives 0 although a user fails again.
  expect(night(4, "d", { status: "partial", exitCode: 0, counts: { failed: 1 } })).toBe("c");
  expect(night(5, "e", { status: "stopped", exitCode: 1, counts: { created: 2 } })).toBe("c");
});

it("the users of a run that has not ended are counted from their audit lines", async () => {
  const { begin, user, end, ask } = await story();
  begin(1, "a");
  user(1, "a", "created");
  user(1, "a", "created");
  user(1, "a", "failed");
  expect(ask(2).open).toEqual([{ run: "a", beganAt: "1970-01-01T01:00:00.000Z", counts: { created: 2, failed: 1 } }]);
  end(2, "a", { counts: { created: 3 } });
  expect(ask(2)).toMatchObject({ open: [], last: { counts: { created: 3 } } });
});
