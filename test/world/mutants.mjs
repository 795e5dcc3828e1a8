// Puts defects into the code, one at a time, and says which exploration finds each, after how many executions, or whether a
// directed world does:
//   node test/world/mutants.mjs [a part of the defect's name, default all] [--fast: without directed worlds]
import { execFile, execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";

const run = promisify(execFile);
const ROOT = resolve(import.meta.dirname ?? ".", "../..");

// name, file, the text that is replaced, its replacement
export const MUTANTS = [
  [
    "JSON makes a gateway's answer Oplead's own",
    "src/transport/answer.ts",
    "data !== null && !OF_GATEWAYS.has(status);",
    "data !== null;",
  ],
  [
    "an attempt that failed leaves no doubt about the ones before it",
    "src/transport/failures.ts",
    "if (mayComeLate) afterLate.add(error);",
    "if (mayComeLate && inDoubt !== inDoubt) afterLate.add(error);",
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
    "return leaseLeftMs !== undefined && leaseLeftMs() !== leaseLeftMs();",
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
    "a user of which each step was forgotten counts as one that was never sent",
    "src/reconcile/reconciler.ts",
    "hasState(this.#entry) || this.#entry.accepted !== undefined;",
    "hasState(this.#entry);",
  ],
  [
    "a refusal is compared with a freed login by the clocks of two machines",
    "src/sync/plan/judge.ts",
    "mayBeBefore(refusal.at, this.#input.ledger.valuesFreedAt);",
    "refusal.at <= this.#input.ledger.valuesFreedAt;",
  ],
  [
    "a gateway's 404 is believed if the question that tells it apart gets no answer",
    "src/client/client-state.ts",
    'if (elsewhere === "json" || elsewhere === "no answer") answer.vouched = false;',
    'if (elsewhere === "json") answer.vouched = false;',
  ],
  [
    "no intent is opened",
    "src/reconcile/reconciler.ts",
    "if (!this.#ledger.endsWithProcess)",
    "if (!this.#ledger.endsWithProcess && at < 0)",
  ],
  [
    "a lost answer leaves no intent",
    "src/reconcile/reconciler.ts",
    "if (mayComeLate(failure)) this.#isLate = true;",
    "if (mayComeLate(failure) && step.length === 0) this.#isLate = true;",
  ],
  [
    "an intent that was found is dropped",
    "src/reconcile/reconciler.ts",
    "const found = this.#found;",
    "const found = this.#found && undefined;",
  ],
  [
    "every intent is settled",
    "src/reconcile/intent.ts",
    "return Math.abs(now - intent.at) > settlesAt(intent, lateMs) - intent.at;",
    "return Math.abs(now - intent.at) > settlesAt(intent, lateMs) - intent.at - 1e12;",
  ],
  [
    "no intent ever settles",
    "src/reconcile/intent.ts",
    "return Math.abs(now - intent.at) > settlesAt(intent, lateMs) - intent.at;",
    "return Math.abs(now - intent.at) > settlesAt(intent, lateMs) - intent.at + 1e12;",
  ],
  [
    "an open intent is timed from its beginning",
    "src/reconcile/intent.ts",
    "return at + lateMs + (open ? LONGEST_MS : 0);",
    "return at + lateMs + (open ? 0 : 0);",
  ],
  [
    "closing forgets that a creation was sent",
    "src/reconcile/intent.ts",
    "creates: found.creates && { ...found.creates, at: now }",
    "creates: undefined",
  ],
  [
    "another process creates a user at once whose creation may come",
    "src/reconcile/intent.ts",
    "if (id !== undefined || !creates ||",
    "if (id !== undefined || !creates || creates.at > 0 ||",
  ],
  [
    "a creation is timed by the clock of another machine",
    "src/reconcile/intent.ts",
    "clock.now() + settings.settleMs :",
    "clock.now() + settings.settleMs - Math.max(0, now - creates.at) :",
  ],
  [
    "a user that another machine has just created counts as old",
    "src/reconcile/intent.ts",
    "if (entry?.id === undefined || !mayBeBefore(now, entry.at)) return;",
    "if (entry?.id === undefined || !mayBeBefore(now + RECENT_MS, entry.at)) return;",
  ],
  [
    "an intent waits for rules that the source no longer gives",
    "src/reconcile/reconciler.ts",
    "return this.#isSettled && this.#hasSent(",
    "return this.#isSettled && Object.keys(this.#entry.rules).every((name) => this.#hasSent(name as RuleName)) && this.#hasSent(",
  ],
  [
    "a user that is sent once more gives up no login",
    "src/reconcile/compare.ts",
    "const otherwise = entry.intent === undefined ? false : undefined;",
    "const otherwise = entry.intent === undefined ? false : false;",
  ],
  [
    "a PUT alone makes an intent that creates",
    "src/reconcile/reconciler.ts",
    "return this.#isLate ? { at: now, creates: left?.creates } : left;",
    "return this.#isLate ? { at: now, creates: { at: now } } : left;",
  ],
  [
    "a conflict is forgotten",
    "src/reconcile/reconciler.ts",
    "if (hasSent) await this.#noteConflict();",
    "if (hasSent && attempt > 99) await this.#noteConflict();",
  ],
  [
    "closing without an outcome reads what another process has written",
    "src/reconcile/reconciler.ts",
    "if (!hasOutcome) await this.#writer.tryWrite(next, true);",
    "if (!hasOutcome) (await this.#writer.tryWrite(next, true)) || (await this.#writer.read());",
  ],
  [
    "people whose numbers were exchanged are not told apart",
    "src/sync/plan/twins.ts",
    "if (start < 0) continue;",
    "if (start < chain.length) continue;",
  ],
  [
    "a stale record closes no ring of exchanged numbers",
    "src/sync/plan/twins.ts",
    'typeof state === "string" && state !== "unchanged"',
    'typeof state === "string" && state === "unchanged"',
  ],
  [
    "the day of an unchanged user never comes",
    "src/sync/plan/refresh.ts",
    "return age < 0 || age > sinceTurn;",
    "return age < 0 && age > sinceTurn;",
  ],
  [
    "a second run of a day confirms others",
    "src/sync/plan/prepare-plan.ts",
    "dayOf(info.refreshedAt) === dayOf(plannedAt)",
    "dayOf(info.refreshedAt) > dayOf(plannedAt)",
  ],
  [
    "a move forgets the intent",
    "src/reconcile/move-users.ts",
    "movedTo: undefined,\n    movedFrom",
    "intent: undefined,\n    movedTo: undefined,\n    movedFrom",
  ],
  [
    "a conflict is noted under the number that the user had before a move",
    "src/reconcile/reconciler.ts",
    "if (stored.movedTo !== undefined) return undefined;",
    'if (stored.movedTo === "") return undefined;',
  ],
  [
    "an intent that a killed process left open is not closed",
    "src/reconcile/intent.ts",
    "return found.open ?",
    "return found.open && found.at > now ?",
  ],
  [
    "a lost creation is not noted",
    "src/reconcile/reconciler.ts",
    "if (this.#isCreationLost) return { at",
    "if (this.#isCreationLost && now < 0) return { at",
  ],
  [
    "an open intent does not say that it may create",
    "src/reconcile/reconciler.ts",
    "const creates = id === undefined ?",
    'const creates = id === "" ?',
  ],
  [
    "an intent is opened once for all attempts",
    "src/reconcile/reconciler.ts",
    "this.#openedAt = undefined;\n    this.#found",
    "this.#found",
  ],
  [
    "an intent ends although a step failed",
    "src/reconcile/reconciler.ts",
    'return this.#isSettled && this.#hasSent("user") &&',
    'return this.#isSettled || this.#hasSent("user") &&',
  ],
];

const ALIASES = {
  "#send": "src/transport/send-node.ts",
  "#sha256": "src/core/sha256-node.ts",
  "#parts": "src/parts.ts",
  "#probe": "src/probe/index.ts",
};

// Explorations in a bundle of their own: starting the tests takes longer than most mutants last.
async function explore([, file, from, to], at) {
  const outfile = join(ROOT, `node_modules/.cache/mutants/${at}.mjs`);
  const path = join(ROOT, file);
  const mutate = (build) =>
    build.onLoad({ filter: /\.ts$/ }, ({ path: loaded }) =>
      loaded === path ? { contents: readFileSync(path, "utf8").replace(from, to), loader: "ts" } : undefined,
    );
  await build({
    ...{
      entryPoints: [join(ROOT, "test/every/run.ts")],
      outfile,
      bundle: true,
      packages: "external",
      logLevel: "error",
    },
    ...{ platform: "node", format: "esm", target: "node20" },
    alias: Object.fromEntries(Object.entries(ALIASES).map(([name, source]) => [name, join(ROOT, source)])),
    plugins: [{ name: "mutant", setup: mutate }],
  });
  const { stdout } = await run("node", [outfile], { cwd: ROOT, maxBuffer: 1e8 });
  const all = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const before = all.slice(0, -1).reduce((sum, { executions }) => sum + executions, 0);
  const { title, found, story } = all.at(-1);
  return found && `${title} | ${before + found} | ${story.at(-1)}`;
}

function direct([, file, from, to]) {
  const copy = mkdtempSync(join(tmpdir(), "oplead-mutant-"));
  execFileSync("git", ["clone", "--quiet", ROOT, copy]);
  symlinkSync(join(ROOT, "node_modules"), join(copy, "node_modules"));
  const text = readFileSync(join(copy, file), "utf8");
  writeFileSync(join(copy, file), text.replace(from, to));
  const directed = spawnSync("npm", ["run", "test:world", "--", "directed"], { cwd: copy, encoding: "utf8" });
  return directed.status === 0 ? undefined : "a directed world | |";
}

if (process.argv[1]?.endsWith("mutants.mjs")) {
  const [, , part = "", ...flags] = process.argv;
  const left = MUTANTS.filter(([name]) => name.includes(part)).entries();
  const next = async () => {
    for (const [at, mutant] of left) {
      const found = (await explore(mutant, at)) ?? (flags.includes("--fast") ? undefined : direct(mutant));
      console.log(`| ${mutant[0]} | ${found ?? "NOT FOUND | |"} |`);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, next));
}
