import { isOpleadError, type Oplead } from "../../src/index.ts";
import { type Ledger, moveUsers, planSync, reconcileUser, type SourceUser } from "../../src/sync/index.ts";
import type { Exploration, Stage } from "./explore.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

// State 0 is also the state of a user that takes all changes back.
function userOf(state: number, accountNumber = "A", hasRule = false): SourceUser {
  const address = { zipCode: "29000", city: "Quimper", country: { code: "FR" } };
  const profile = { code: "PRF_NETWORK" };
  const user = {
    civility: "Mme",
    lastname: "A",
    login: "a",
    email: "a@x.example",
    phone: `s${state}`,
    profile,
    address,
  };
  return { user: { ...user, accountNumber }, ...(hasRule && { rules: { maxDistance: state + 1 } }) };
}

function send(
  state: number,
  more: { readonly hasRule?: boolean; readonly number?: string; readonly version?: number } = {},
) {
  const { hasRule, number, version } = more;
  const source = { ...userOf(state, number, hasRule), ...(version !== undefined && { version }) };
  return (oplead: Oplead, ledger: Ledger) => reconcileUser(oplead, ledger, source);
}

// Three times without faults. The last one sends nothing.
async function rest(
  stage: Stage,
  state: number,
  task: (oplead: Oplead, ledger: Ledger) => Promise<unknown>,
  waitMs = HOUR,
  hasRule = true,
): Promise<string | undefined> {
  await stage.sleep(waitMs);
  await stage.process("P7", task);
  await stage.sleep(HOUR);
  await stage.process("P8", task);
  await stage.sleep(HOUR);
  const before = stage.requests;
  await stage.process("P9", task);
  const [user, ...others] = stage.users;
  if (!user || others.length > 0) return `${stage.users.length} users`;
  if (user.state !== state) return `the state is s${user.state}, and not s${state}`;
  if (hasRule && user.rule !== undefined && user.rule !== state)
    return `the rule is of s${user.rule}, and not of s${state}`;
  return stage.requests > before ? `${stage.requests - before} requests at rest` : undefined;
}
const upsert = (state: number) => (oplead: Oplead) => oplead.upsertUser(userOf(state).user as never);

export function created(title: string, clients: number, bounds: Partial<Exploration>): Exploration {
  return {
    ...{ title, ledger: "none", faults: 2, isUnique: true, client: { retry: { attempts: 2 } } },
    meet: (stage) =>
      Promise.all(Array.from({ length: clients }, (_, at) => stage.process(`P${at + 1}`, upsert(at + 1)))),
    async judge(stage) {
      await stage.sleep(60_000);
      await stage.process("P9", upsert(9));
      return stage.users.length === 1 ? undefined : `${stage.users.length} users`;
    },
    ...bounds,
  };
}

// The next call of the same client asks first.
const twice = async (oplead: Oplead): Promise<unknown> => {
  try {
    return await upsert(1)(oplead);
  } catch (error) {
    if (isOpleadError(error) && error.code === "ambiguous_creation") return upsert(1)(oplead);
    throw error;
  }
};
const one = (stage: Stage) => stage.process("P1", twice);

export const UPSERTS: readonly Exploration[] = [
  created("three clients", 3, { client: { platform: { settleMs: 75 }, retry: { attempts: 2 } } }),
  created("two clients", 2, { faults: 3 }),
  created("one client, not unique", 1, { faults: 4, isUnique: false, meet: one }),
  created("one client that repeats nothing, not unique", 1, {
    faults: 4,
    isUnique: false,
    meet: one,
    client: { retry: false },
  }),
];

const BOTH = { faults: 2, kills: 1 } as const;

function reconciled(
  title: string,
  bounds: Pick<Exploration, "ledger" | "faults"> & Partial<Exploration>,
  { isKnown = false, last = 3, hasRule = false, processes = 2 } = {},
): Exploration {
  const of = (state: number) => send(state, { hasRule });
  return {
    title,
    ...(isKnown && { given: (stage) => stage.process("P0", of(0)) }),
    async meet(stage) {
      const first = stage.process("P1", of(1));
      // Only one process at a time has a file open.
      if (bounds.ledger === "file") await first;
      await Promise.all([first, processes > 1 && stage.process("P2", of(2))]);
    },
    judge: (stage) => rest(stage, last, of(last)),
    ...bounds,
  };
}

export const RECONCILIATIONS: readonly Exploration[] = [
  reconciled("known, file", { ...BOTH, ledger: "file" }, { isKnown: true, last: 0, hasRule: true }),
  reconciled("known, lease", { ...BOTH, ledger: "lease" }, { isKnown: true, last: 0, hasRule: true }),
  reconciled(
    "known, cas",
    { ...BOTH, ledger: "cas", preemptions: 1, more: { preemptions: 3 } },
    { isKnown: true, last: 0 },
  ),
  reconciled(
    "known, lease, frozen",
    { faults: 1, freezes: 1, refusals: 1, ledger: "lease" },
    { isKnown: true, last: 0 },
  ),
  reconciled("new, file", { ...BOTH, ledger: "file" }),
  reconciled("new, lease", { ...BOTH, ledger: "lease" }),
  reconciled("new, cas, one process", { ...BOTH, ledger: "cas" }, { processes: 1 }),
  reconciled("new, cas, unique", {
    ...{ ledger: "cas", isUnique: true, faults: 2, preemptions: 1, more: { kills: 1, preemptions: 2 } },
  }),
  reconciled("new, cas, unique, killed", {
    ...{ ledger: "cas", isUnique: true, faults: 1, kills: 1, preemptions: 1, more: { preemptions: 2 } },
  }),
  reconciled("new, cas, no faults", { faults: 0, ledger: "cas", preemptions: 4 }),
];

const known = (stage: Stage) => stage.process("P0", send(0, { hasRule: true }));

// One after the other.
function inTurn(...tasks: (ReturnType<typeof send> | number)[]): Exploration["meet"] {
  return async (stage) => {
    let name = 0;
    for (const task of tasks) {
      name += 1;
      if (typeof task === "number") await stage.sleep(task);
      else await stage.process(`P${name}`, task);
    }
  };
}

const rule = (state: number) => send(state, { hasRule: true });

export const INTENTS: readonly Exploration[] = [
  {
    ...{ title: "a creation, then two processes that may only ask", ledger: "file", faults: 2, kills: 1 },
    meet: inTurn(send(1), send(2), send(3)),
    judge: (stage) => rest(stage, 4, send(4)),
  },
  {
    ...{ title: "a change that is taken back within minutes", ledger: "file", faults: 1, kills: 1, given: known },
    meet: inTurn(rule(1), rule(0)),
    judge: (stage) => rest(stage, 0, rule(0), 15 * MINUTE),
  },
  {
    ...{
      title: "a change that is taken back when the open intent is not settled",
      ledger: "lease",
      faults: 1,
      kills: 1,
    },
    given: known,
    meet: inTurn(rule(1), 15 * MINUTE, rule(0)),
    judge: (stage) => rest(stage, 0, rule(0)),
  },
  {
    ...{ title: "a rule that the source no longer gives", ledger: "lease", faults: 2, given: known },
    meet: inTurn(rule(1)),
    judge: (stage) => rest(stage, 2, send(2), HOUR, false),
  },
  {
    ...{ title: "a retry that Oplead refuses", ledger: "lease", faults: 1, refusals: 2, kills: 0, given: known },
    client: { retry: { attempts: 2 } },
    meet: inTurn(rule(1), rule(2)),
    judge: (stage) => rest(stage, 2, rule(2)),
  },
  {
    ...{ title: "two events with versions", ledger: "lease", faults: 2, kills: 1, isOrdered: true },
    given: (stage) => stage.process("P0", send(0)),
    meet: (stage) =>
      Promise.all([stage.process("P1", send(1, { version: 1 })), stage.process("P2", send(2, { version: 2 }))]),
    judge: (stage) => rest(stage, 2, send(2, { version: 2 })),
  },
];

const move = (_: Oplead, ledger: Ledger) => moveUsers(ledger, [["A", "B"]]);

function moved(title: string, bounds: Pick<Exploration, "ledger"> & Partial<Exploration>): Exploration {
  return {
    ...{ title, faults: 1, kills: 1, given: known },
    meet: (stage) => Promise.all([stage.process("P1", move), stage.process("P2", rule(1))]),
    async judge(stage) {
      await stage.process("P3", move);
      const wrong = await rest(stage, 2, send(2, { hasRule: true, number: "B" }));
      return wrong ?? (stage.users[0]?.accountNumber === "B" ? undefined : "it has the old number");
    },
    ...bounds,
  };
}

export const MOVES: readonly Exploration[] = [
  moved("a move with leases", { ledger: "lease" }),
  moved("a move of two entries at once", { ledger: "lease", hasBoth: true }),
  moved("a move with compare-and-set", { ledger: "cas" }),
  moved("a move after a process that was killed", {
    ledger: "file",
    async meet(stage) {
      await stage.process("P1", rule(1));
      await stage.process("P2", move);
    },
  }),
];

const read = (state: number) => (oplead: Oplead, ledger: Ledger) =>
  planSync(oplead, { ledger, source: [userOf(state)], map: (record) => record });
const night = (state: number) => async (oplead: Oplead, ledger: Ledger) => (await read(state)(oplead, ledger)).apply();

function plans(title: string, bounds: Pick<Exploration, "ledger"> & Partial<Exploration>): Exploration {
  return {
    ...{ title, faults: 1, isOrdered: true, given: (stage) => stage.process("P0", night(0)) },
    async meet(stage) {
      let tell = (): void => {};
      const isRead = new Promise<void>((resolve) => {
        tell = resolve;
      });
      const first = stage.process("P1", async (oplead, ledger) => {
        const plan = await read(1)(oplead, ledger);
        tell();
        return plan.apply();
      });
      // The older state was read first.
      await Promise.race([isRead, first]);
      await Promise.all([first, stage.process("P2", night(2))]);
    },
    judge: (stage) => rest(stage, 2, night(2)),
    ...bounds,
  };
}

export const PLANS: readonly Exploration[] = [
  plans("two plans with leases", { ledger: "lease", kills: 1 }),
  plans("two plans with compare-and-set", {
    ...{ ledger: "cas", isOrdered: false, preemptions: 2, more: { preemptions: 3 } },
  }),
];
