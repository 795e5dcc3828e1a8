import type { Violation } from "./oracle.ts";
import { contentOf } from "./people.ts";
import type { Sent } from "./platform.ts";
import type { State, World } from "./world.ts";

function isArrived({ status }: Sent): boolean {
  return status !== undefined && status < 300;
}

// Twice, and once more after a conflict with another user.
const RUN_TRIES = 3;
// Of one attempt: docs/reference/guarantees.md.
const UPDATE = 17 * 4;
const RULE = 12 * 4;
const QUESTIONS = 16 * 4;
const CREATION = UPDATE + QUESTIONS + 4 * (12 * 4 + QUESTIONS);
// Without leases another process may write the entry, and everything is compared again.
const COMPARISONS = 3;

export function bounded({ platform, runs, store, tries }: World): Violation[] {
  const property = "requests are bounded";
  const names = new Set(runs.map(({ process }) => process));
  const steps = new Map<string, { readonly all: Sent[]; readonly tries: number }>();
  for (const sent of platform.sent) {
    const { process, step, person = "" } = sent;
    const isRun = names.has(process.name);
    const key = `${isRun ? process.name : "receivers"} sent ${step} of ${person}`;
    const noted = steps.get(key) ?? { all: [], tries: isRun ? RUN_TRIES : (tries.get(person) ?? 0) };
    noted.all.push(sent);
    steps.set(key, noted);
  }
  const comparisons = store.kind === "cas" ? COMPARISONS : 1;
  return [...steps].flatMap(([key, { all, tries }]) => {
    const people = all.flatMap(({ person }) => person ?? []).slice(0, 1);
    const arrived = all.filter(isArrived).length;
    const ofUser = all.some(({ method }) => method === "POST") ? CREATION : UPDATE;
    const most = tries * comparisons * (all[0]?.step === "user" ? ofUser : RULE);
    if (all.length > most) return [{ property, people, text: `${key} ${all.length} times, and tried ${tries} times` }];
    return arrived <= tries * comparisons
      ? []
      : [{ property, people, text: `${key} ${arrived} times with success, and tried ${tries} times` }];
  });
}

// No older state after an acknowledged one; by events only if the source counts its states. Without leases, a newer
// state may be acknowledged while the request waits.
export function inOrder(world: World): Violation[] {
  const { platform, runs, store, history, restoredAt } = world;
  if (store.kind === "cas") return [];
  const names = new Set(runs.map(({ process }) => process));
  const found: Violation[] = [];
  const states = statesOf(world);
  const newest = new Map<string, { readonly state: State; readonly sent: Sent }>();
  for (const sent of platform.sent) {
    const key = `${sent.person} ${sent.step}`;
    const state = states(sent);
    if (!state) continue;
    const before = newest.get(key);
    const isJudged = history.hasVersions || names.has(sent.process.name);
    const isOlder = before && before.state.from >= (state.until ?? Number.POSITIVE_INFINITY);
    const answeredAt = before?.sent.answeredAt ?? sent.at;
    const isRestored = restoredAt.some((at) => at >= answeredAt && at <= sent.at);
    if (isJudged && isOlder && answeredAt + 1_000 < sent.at && !isRestored) {
      const text = `${sent.process.name} sent #${sent.request} of ${sent.person}, whose newer state #${before.sent.request} brought`;
      found.push({ property: "no older state comes after a newer one", people: [sent.person ?? ""], text });
    }
    const isLasting = !sent.process.isDead && sent.process.standAt === undefined;
    if (isArrived(sent) && isLasting && !isOlder) newest.set(key, { state, sent });
  }
  return found;
}

function statesOf({ states }: World): (sent: Sent) => State | undefined {
  const byContent = new Map<string, State[]>();
  for (const state of states) {
    const key = `${state.person} ${state.step} ${state.content}`;
    byContent.set(key, [...(byContent.get(key) ?? []), state]);
  }
  return ({ person, step, content, at }) =>
    byContent.get(`${person} ${step} ${contentOf(step, content)}`)?.findLast(({ from }) => from <= at);
}
