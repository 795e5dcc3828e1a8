// Puts defects into a copy of the repository, one at a time, and says after how many worlds each is found:
//   node test/world/mutants.mjs [how many worlds at most, default 5000] [a part of the defect's name, default all]
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const ROOT = resolve(import.meta.dirname ?? ".", "../..");

// name, file, the text that is replaced, its replacement
export const MUTANTS = [
  [
    "a doubt waits for rules that the source no longer gives",
    "src/reconcile/reconciler.ts",
    "if (doubtedAt === undefined || !isAllSent) return;",
    "if (doubtedAt === undefined || !isAllSent || Object.keys(this.#entry.rules).some((name) => !applied.has(name as RuleName))) return;",
  ],
  [
    "JSON makes a gateway's answer Oplead's own",
    "src/transport/answer.ts",
    "data !== null && !OF_GATEWAYS.has(status);",
    "data !== null;",
  ],
  [
    "a kill leaves no doubt",
    "src/reconcile/reconciler.ts",
    "if (!inDoubt && !mayComeLate && !this.#isUnsettled) return undefined;",
    "if (!inDoubt) return undefined;",
  ],
  [
    "there is no doubt",
    "src/reconcile/reconciler.ts",
    "if (!inDoubt && !mayComeLate && !this.#isUnsettled) return undefined;",
    "if (inDoubt || lateUntil < 1e300) return undefined;",
  ],
  [
    "an attempt that failed leaves no doubt about the ones before it",
    "src/transport/failures.ts",
    "if (mayComeLate) afterLate.add(error);",
    "if (mayComeLate && inDoubt !== inDoubt) afterLate.add(error);",
  ],
  [
    "another process creates a user at once whose creation is in doubt",
    "src/reconcile/abandoned-run.ts",
    "if (leftMs <= 0 ||",
    "if (leftMs <= 1e12 ||",
  ],
  [
    "the revision that a plan saw is not checked",
    "src/reconcile/reconciler.ts",
    "let isExpected = expectedRevision === revision ||",
    "let isExpected = expectedRevision === expectedRevision ||",
  ],
  [
    "compare-and-set does not compare",
    "test/world/ledger-store.ts",
    "if (revisionOf(name) !== expected) return false;",
    "if (revisionOf(name) < 0) return false;",
  ],
  [
    "requests are sent after the end of a lease",
    "src/transport/failures.ts",
    "return leaseLeftMs !== undefined && leaseLeftMs() <= 0;",
    "return leaseLeftMs !== undefined && leaseLeftMs() <= -1e12;",
  ],
  [
    "what a killed run may have sent is not put in doubt",
    "src/sync/apply/open-run.ts",
    "for (const accountNumber of queue) {",
    "for (const accountNumber of [...queue].slice(0, 0)) {",
  ],
  [
    "a refusal of a rule is judged by when it is read",
    "src/client/set-rules.ts",
    "isNew = state.recentWrites.createdMsAgo(id) !== undefined;",
    "isNew = false;",
  ],
  ["a POST is repeated without asking", "src/client/upsert.ts", "if (doubt) {", "if (doubt && attempt > 99) {"],
  [
    "a POST comes before the question for the account number",
    "src/client/upsert.ts",
    "if (updated) return { outcome",
    "if (updated && identification === id) return { outcome",
  ],
  [
    "nothing tells that a receiver without leases was killed",
    "src/reconcile/reconcile.ts",
    "const notesAttempt = !call.testMode && !isToldOtherwise;",
    "const notesAttempt = !call.testMode && !isToldOtherwise && call.testMode;",
  ],
  [
    "what people took back after a kill is not put in doubt",
    "src/reconcile/reconciler.ts",
    "this.#isUnsettled = hasState(this.#entry) && ",
    "this.#isUnsettled = !hasState(this.#entry) && ",
  ],
  [
    "a state that another process overtook is tried again",
    "src/reconcile/reconciler.ts",
    "this.#writer.takeOvertaken(entryOf(this.#content)))",
    "this.#writer.takeOvertaken(entryOf(this.#content)) && ATTEMPTS > 1_000)",
  ],
  [
    "a doubt about a creation is timed by the clock of another machine",
    "src/reconcile/abandoned-run.ts",
    "settings.settleMs - (isDoubted ? 0 : killedMsAgo)",
    "settings.settleMs - (isDoubted ? Math.max(0, now - (creationDoubtedAt ?? 0)) : killedMsAgo)",
  ],
  [
    "a user that another machine has just created counts as old",
    "src/reconcile/abandoned-run.ts",
    "now - entry.at > RECENT_MS) return;",
    "now - entry.at > RECENT_MS / 30) return;",
  ],
  [
    "a user of which each step was forgotten counts as one that was never sent",
    "src/reconcile/reconciler.ts",
    "hasState(this.#entry) || this.#entry.accepted !== undefined;",
    "hasState(this.#entry);",
  ],
  [
    "a user in doubt that is sent once more gives up no login",
    "src/reconcile/compare.ts",
    "const otherwise = entry.doubtedAt === undefined ? false : undefined;",
    "const otherwise = entry.doubtedAt === undefined ? false : false;",
  ],
  [
    "a refusal is compared with a freed login by the clocks of two machines",
    "src/sync/plan/judge.ts",
    "mayBeBefore(refusal.at, this.#input.ledger.valuesFreedAt);",
    "refusal.at <= this.#input.ledger.valuesFreedAt;",
  ],
  [
    "an update of a new user in doubt counts as a creation in doubt",
    "src/reconcile/reconciler.ts",
    "creationDoubtedAt: isOfCreation ?",
    "creationDoubtedAt: isOfCreation || doubtedAt > 0 ?",
  ],
  [
    "a run over a ledger without leases does not note new users",
    "src/sync/apply/send.ts",
    "queue === undefined && (change.hasEntry || ledger.noteAtWork === undefined);",
    "queue === undefined;",
  ],
  [
    "a gateway's 404 is believed if the question that tells it apart gets no answer",
    "src/client/client-state.ts",
    'if (elsewhere === "json" || elsewhere === "no answer") answer.vouched = false;',
    'if (elsewhere === "json") answer.vouched = false;',
  ],
  [
    "a move forgets that a killed process may have sent the user",
    "src/reconcile/move-users.ts",
    "isUnsettled(stored, lease?.abandonedMsAgo, now)",
    "isUnsettled(stored, lease && undefined, now)",
  ],
  [
    "the note of a killed run does not follow a user that was moved since",
    "src/sync/apply/open-run.ts",
    "presentNumber(accountNumber, moves)",
    "presentNumber(accountNumber, new Map())",
  ],
];

if (process.argv[1]?.endsWith("mutants.mjs")) {
  const [, , worlds = "5000", part = ""] = process.argv;
  for (const [name, file, from, to] of MUTANTS) {
    if (!name.includes(part)) continue;
    const copy = mkdtempSync(join(tmpdir(), "oplead-mutant-"));
    execFileSync("git", ["clone", "--quiet", ROOT, copy]);
    symlinkSync(join(ROOT, "node_modules"), join(copy, "node_modules"));
    const text = readFileSync(join(copy, file), "utf8");
    if (!text.includes(from)) throw new Error(`${file} does not have: ${from}`);
    writeFileSync(join(copy, file), text.replace(from, to));
    const directed = spawnSync("npm", ["run", "test:world", "--", "directed"], { cwd: copy, encoding: "utf8" });
    if (directed.status !== 0) console.log(`a directed world: ${name}`);
    const env = { ...process.env, WORLDS: worlds, WORLD_FIRST: "true" };
    const run = spawnSync("npm", ["run", "test:world", "--", "worlds"], { cwd: copy, env, encoding: "utf8" });
    const found = [...`${run.stdout}${run.stderr}`.matchAll(/sound: \d+ in this slice, (\d+) in all/g)].map(
      ([, count]) => Number(count),
    );
    if (run.status !== 0 && found.length === 0) throw new Error(run.stderr);
    console.log(found.length === 0 ? `NOT FOUND in ${worlds}: ${name}` : `${Math.min(...found) + 1} worlds: ${name}`);
  }
}
