import { among } from "../../src/sync/findings.ts";
import type { AuditedLine } from "./audit.ts";
import type { Violation } from "./oracle.ts";
import type { Sent } from "./platform.ts";
import type { Run, World } from "./world.ts";

const WRITTEN = new Set(["created", "updated", "refreshed", "incomplete"]);
const COUNTED = ["created", "updated", "refreshed", "incomplete", "failed"] as const;

function untrue(text: string, person?: string): Violation {
  return { property: "report and audit are true", people: person === undefined ? undefined : [person], text };
}

export function reported(world: World): Violation[] {
  return world.runs.flatMap((run) => [...numbersOf(run), ...outcomesOf(run, world), ...failuresOf(run, world)]);
}

// Another writer makes users stale or failed that have arrived.
// A process that stood still may write after its lease has passed to another one, which then begins the user again.
function isAlone(process: string, { store, platform }: World, person: string | undefined): boolean {
  const hasStood = platform.sent.some(
    (sent) => sent.process.stillUntil > 0 && (sent.process.name === process || sent.person === person),
  );
  return store.kind === "file" || (store.kind === "lease" && !hasStood);
}

function numbersOf({ process, report, requests, questions, outcomes }: Run): Violation[] {
  if (!report) return [];
  const found: Violation[] = [];
  if (report.requests < requests || report.requests > requests + questions) {
    found.push(untrue(`${process} says ${report.requests} requests, and sent ${requests} and ${questions} questions`));
  }
  for (const outcome of COUNTED) {
    const told = outcomes.filter((each) => each.outcome === outcome).length;
    if (report.counts[outcome] !== told) {
      found.push(untrue(`${process} counts ${report.counts[outcome]} ${outcome}, and told of ${told}`));
    }
  }
  return found;
}

function outcomesOf({ process, report, outcomes }: Run, world: World): Violation[] {
  const { platform } = world;
  const found: Violation[] = [];
  const own = platform.commits.filter((commit) => commit.process === process);
  const told = new Set<string | undefined>();
  for (const { accountNumber, outcome } of outcomes) {
    if (!WRITTEN.has(outcome)) continue;
    const person = world.nameOf(accountNumber);
    told.add(person);
    if (own.some((commit) => world.nameOf(commit.accountNumber) === person)) continue;
    found.push(untrue(`${process} says ${outcome} of ${accountNumber}`, person));
  }
  if (!report) return found;
  for (const { step, person } of acknowledged(process, world)) {
    if (!told.has(person) && isAlone(process, world, person))
      found.push(untrue(`${process} was told that ${step} of ${person} has arrived, and does not say it`, person));
  }
  return found;
}

function failuresOf({ process, report }: Run, world: World): Violation[] {
  const { platform, nameOf } = world;
  return (among(report?.findings ?? [], "failed") ?? []).flatMap(({ accountNumber, step, code }) => {
    const person = nameOf(accountNumber);
    // The ledger failed, so Oplead may have the user all the same.
    if (code.startsWith("ledger_") || !isAlone(process, world, person)) return [];
    const path = step.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    const last = platform.sent.findLast(
      (sent) => sent.process.name === process && sent.person === person && sent.step === path,
    );
    const hasArrived = last !== undefined && isAcknowledged(last);
    return hasArrived
      ? [untrue(`${process} says that ${step} of ${person} failed (${code}), and it arrived`, person)]
      : [];
  });
}

function acknowledged(process: string, { platform }: World): Sent[] {
  return platform.sent.filter((sent) => sent.process.name === process && isAcknowledged(sent));
}

function isAcknowledged({ status }: Sent): boolean {
  return status !== undefined && status < 300;
}

// The outcomes of each run, and a line for each user that any process wrote.
export function audited({ runs, platform, audit, nameOf }: World): Violation[] {
  const found: Violation[] = [];
  for (const { process, outcomes } of runs) {
    const lines = audit.lines.filter(({ run }) => run === process).map(textOf);
    const told = outcomes.map(textOf);
    if (lines.join() !== told.join()) found.push(untrue(`${process} told ${told}, and the audit has ${lines}`));
  }
  for (const { time, origin, accountNumber, id, outcome } of audit.lines) {
    if (!WRITTEN.has(outcome)) continue;
    if (platform.commits.some((each) => each.id === id && each.at <= Date.parse(time))) continue;
    found.push(
      untrue(`the audit has ${origin}: ${outcome} of ${accountNumber} (${id}) at ${time}`, nameOf(accountNumber)),
    );
  }
  return found;
}

function textOf({ accountNumber, outcome }: Pick<AuditedLine, "accountNumber" | "outcome">): string {
  return `${accountNumber} ${outcome}`;
}

// Ticks last until the person is back, a copy replaces the ledger, or a move says that the person is elsewhere.
export function leaversTold({ people, runs, store, ticks, restoredAt, leftAt, nameOf }: World): Violation[] {
  const report = runs.at(-1)?.report;
  if (!report) return [];
  const property = "leavers are told until they are ticked off";
  return [...store.entries].flatMap(([accountNumber, { id }]) => {
    const person = nameOf(accountNumber) ?? "";
    const hasLeft = people.all.some(({ name, isPresent }) => name === person && !isPresent);
    if (id === undefined || !hasLeft) return [];
    const leaver = among(report.findings, "leaver").find((each) => each.accountNumber === accountNumber);
    const text = `${person} has left, and the last report says ${leaver?.state ?? "nothing"}`;
    if (!leaver) return [{ property, people: [person], text }];
    const own = ticks.filter((each) => each.accountNumber === accountNumber);
    // Perhaps back for some hours between two nights, unnoticed.
    if (leaver.state === "done") return own.length > 0 ? [] : [{ property, people: [person], text }];
    const since = Math.max(leftAt.get(person) ?? 0, ...restoredAt);
    return own.some(({ at }) => at > since) ? [{ property, people: [person], text }] : [];
  });
}
