import type { Violation } from "./oracle.ts";
import { contentOf } from "./people.ts";
import type { Sent } from "./platform.ts";
import type { State, World } from "./world.ts";

function isArrived({ status }: Sent): boolean {
  return status !== undefined && status < 300;
}

/** A run tries a user at most three times: twice, and once more after a conflict with another user. */
const RUN_TRIES = 3;
/** The most requests that one attempt sends for an update, a rule, or look-ups. See docs/reference/guarantees.md. */
const UPDATE = 17 * 4;
const RULE = 12 * 4;
const QUESTIONS = 16 * 4;
const CREATION = UPDATE + QUESTIONS + 4 * (12 * 4 + QUESTIONS);
/**
 * How often an attempt compares a user. Without leases another process may write the entry meanwhile, and then the
 * attempt compares everything again.
 */
const COMPARISONS = 3;

/** Runs, receivers and workers send no more requests than the formula of docs/reference/guarantees.md allows. */
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

/**
 * Once Oplead has acknowledged a state, no run sends an older one. Events neither, if the source counts its states.
 * Exception: without leases, another process may get the newer state acknowledged while the request waits for its turn.
 */
export function inOrder(world: World): Violation[] {
  const { platform, runs, store, history, restoredAt } = world;
  if (store.kind === "cas") return [];
  const names = new Set(runs.map(({ process }) => process));
  const found: Violation[] = [];
  const states = statesOf(world);
  /** For each account number and step, the newest state that Oplead acknowledged. */
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

/**
 * Finds the state that a request sends: the latest state of the source before the request that has the same content.
 */
function statesOf({ states }: World): (sent: Sent) => State | undefined {
  const byContent = new Map<string, State[]>();
  for (const state of states) {
    const key = `${state.person} ${state.step} ${state.content}`;
    byContent.set(key, [...(byContent.get(key) ?? []), state]);
  }
  return ({ person, step, content, at }) =>
    byContent.get(`${person} ${step} ${contentOf(step, content)}`)?.findLast(({ from }) => from <= at);
}
