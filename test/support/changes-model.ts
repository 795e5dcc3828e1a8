import type { LedgerInfo } from "../../src/ledger/ledger.ts";
import { readingOf, readTo } from "../../src/sync/plan/read-source.ts";

// What may go wrong in a source that gives its changes since a time, in ms.
export interface ModelBounds {
  // From a record's stamp, when its transaction begins, until readers see it.
  readonly lateCommit: number;
  // In either direction, of the source and of the runs.
  readonly sourceSkew: number;
  readonly ownSkew: number;
  readonly lookbackMs: number;
}

interface Shown {
  version: number;
  stamp: number;
}

const RECORDS = 4;
const EVENTS = 24;

function randomOf(seed: number): () => number {
  let state = seed + 0x6d2b79f5;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

// A random story of late transactions, wrong clocks, failures, crashes, lost and restored ledgers, then a run without
// faults. Returns how many records differ between Oplead and the source.
export function lostRecords(seed: number, { lateCommit, sourceSkew, ownSkew, lookbackMs }: ModelBounds): number {
  const random = randomOf(seed);
  const upTo = (most: number) => Math.floor(random() * (most + 1));
  const off = (most: number) => upTo(2 * most) - most;
  let time = 1e9;
  let versions = 0;
  const source: Shown[] = Array.from({ length: RECORDS }, () => ({ version: 0, stamp: time }));
  const pending: (Shown & { at: number; id: number })[] = [];
  const oplead = new Map<number, number>();
  let info: Pick<LedgerInfo, "readAt" | "fullyReadAt" | "entries"> | undefined;
  let backup = info;

  const pass = (ms: number) => {
    time += ms;
    for (let at = 0; at < pending.length; ) {
      const due = pending[at] as (typeof pending)[number];
      if (due.at > time) at += 1;
      else {
        source[due.id] = { version: due.version, stamp: due.stamp };
        pending.splice(at, 1);
      }
    }
  };
  const change = () => {
    versions += 1;
    const [stamp, at] = [time + off(sourceSkew), time + upTo(lateCommit)];
    pending.push({ id: upTo(RECORDS - 1), version: versions, stamp, at });
  };
  const run = (mishaps: number) => {
    const before = info;
    const options = { fullEveryDays: 1 / 24 / 60, lookbackMs };
    const basis = {
      incremental: options,
      needsAll: false,
      info,
      entries: info?.entries ?? 0,
      now: time + off(ownSkew),
    };
    const reading = readingOf(basis);
    const since = reading.request.since?.getTime() ?? Number.NEGATIVE_INFINITY;
    const taken: [id: number, version: number][] = [];
    for (let id = 0; id < RECORDS; id += 1) {
      if (random() < 0.3) change();
      pass(upTo(300));
      const { version, stamp } = source[id] as Shown;
      if (stamp >= since) taken.push([id, version]);
    }
    if (random() < mishaps / 4) info = backup;
    let isOpen = false;
    let areWaiting = false;
    for (const [id, version] of taken) {
      const fate = random() / mishaps;
      if (fate < 0.25) return; // It crashed.
      if (fate < 0.75) isOpen = true;
      else if (!reading.isFull && fate < 1.25) areWaiting = true;
      else oplead.set(id, version);
    }
    const read = readTo(reading, info, { isOpen, areWaiting, areLeaversTold: true });
    info = { ...info, ...read, entries: oplead.size };
    if (random() < 0.1) backup = before;
  };

  for (let event = 0; event < EVENTS; event += 1) {
    const kind = random();
    if (kind < 0.35) change();
    else if (kind < 0.6) pass(upTo(2 * lateCommit));
    else if (kind < 0.97) run(0.5);
    else info = undefined;
  }
  pass(lateCommit);
  const last = source.map(({ version }) => version);
  // A change during a reading is left to the next run.
  const finished = finalRun();
  return last.filter((version, id) => finished.get(id) !== version).length;

  function finalRun(): Map<number, number> {
    const basis = { incremental: { fullEveryDays: 36_500, lookbackMs }, needsAll: false, info };
    const { request } = readingOf({ ...basis, entries: info?.entries ?? 0, now: time + off(ownSkew) });
    const since = request.since?.getTime() ?? Number.NEGATIVE_INFINITY;
    for (const [id, { version, stamp }] of source.entries()) if (stamp >= since) oplead.set(id, version);
    return oplead;
  }
}
