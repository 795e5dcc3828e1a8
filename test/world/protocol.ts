import { readFileSync } from "node:fs";
import type { LedgerEntry } from "../../src/sync/index.ts";

type State = "new" | "creating" | "uncertain" | "known" | "sending" | "doubted" | "moved";

interface Row {
  readonly requests: ReadonlySet<string>;
  // The states after a write. `settled`: only if no earlier request may still arrive.
  readonly next: ReadonlyMap<string, "always" | "settled">;
  // For a process whose open intent another process has overwritten.
  readonly crossed: ReadonlyMap<string, "always" | "settled">;
}

const LATE_MS = 600_000;
const OPEN_MS = 1_800_000;

// A table of the docs, which is the model that traces are checked against.
function readTable(): ReadonlyMap<string, Row> {
  const page = readFileSync("docs/explain/protocol.md", "utf8");
  const rows = page.split("\n").filter((line) => /^\| `/.test(line));
  return new Map(
    rows.map((row) => {
      const [, state = "", , requests = "", next = "", crossed = ""] = row.split("|").map((cell) => cell.trim());
      return [
        state.replaceAll("`", ""),
        { requests: new Set(requests.split(", ")), next: statesIn(next), crossed: statesIn(crossed) },
      ];
    }),
  );
}

function statesIn(cell: string): Row["next"] {
  const all = [...cell.matchAll(/`(\w+)`( if settled)?/g)];
  return new Map(all.map(([, name = "", condition]) => [name, condition ? "settled" : "always"]));
}

const TABLE = readTable();

export function stateOf(entry: LedgerEntry | undefined): State {
  const { id, intent, movedTo } = entry ?? {};
  if (movedTo !== undefined) return "moved";
  if (id === undefined) return intent ? (intent.open ? "creating" : "uncertain") : "new";
  return intent ? (intent.open ? "sending" : "doubted") : "known";
}

// What a process knows that has opened an intent.
interface Session {
  readonly revision: number | undefined;
  readonly state: State;
  // Stays until it opens its next intent: a new attempt may find nothing to send and note what was late.
  readonly isCrossed: boolean;
  isUnsettled: boolean;
  isCreationLost: boolean;
}

// Each method returns what the table does not allow.
export class Protocol {
  readonly #sessions = new Map<string, Session>();
  readonly #names = new Map<string, string>();
  readonly #entryOf: (name: string) => LedgerEntry | undefined;

  constructor(entryOf: (name: string) => LedgerEntry | undefined) {
    this.#entryOf = entryOf;
  }

  wrote(who: string, name: string, before: LedgerEntry | undefined, after: LedgerEntry): string | undefined {
    const [from, to] = [stateOf(before), stateOf(after)];
    const key = `${who} ${name}`;
    const { intent, revision } = after;
    const found = this.#sessions.get(key);
    const isCrossed = found !== undefined && (found.isCrossed || found.revision !== before?.revision);
    if (after.id !== undefined) this.#names.set(after.id, name);
    this.#sessions.delete(key);
    if (intent?.open) {
      const own = before?.intent?.open && before.intent.at === intent.at && !isCrossed ? found : undefined;
      const { isUnsettled = mayArrive(before?.intent, intent.at), isCreationLost = false } = own ?? {};
      this.#sessions.set(key, { revision, state: to, isCrossed: false, isUnsettled, isCreationLost });
    } else if (isCrossed) this.#sessions.set(key, { ...found, state: to, isCrossed });
    if (after.movedTo !== undefined && before?.id !== undefined) {
      const moved = stateOf(this.#entryOf(after.movedTo));
      if (moved !== from) return `${who} moves ${name}, which was ${from} and is ${moved} at its new number`;
    }
    // Without `replaceBoth` the new entry comes first.
    const source = after.movedFrom === undefined ? undefined : this.#entryOf(after.movedFrom);
    if (after.movedFrom !== undefined && (source?.id !== undefined || before?.id === undefined)) return undefined;
    if (from === to && JSON.stringify(before?.intent) === JSON.stringify(intent)) return undefined;
    const isUnsettled = found?.isUnsettled || (to === "new" && found?.isCreationLost);
    const row = TABLE.get(from);
    const may = row?.next.get(to) ?? (isCrossed ? row?.crossed.get(to) : undefined);
    if (may === "always" || (may === "settled" && !isUnsettled)) return undefined;
    return `${who} makes ${name} ${to}, which was ${from}${may ? " and not settled" : ""}: the table does not allow it`;
  }

  // `number`: the user's account number at Oplead, or in the request.
  sent(who: string, identification: string, number: string, kind: string): string | undefined {
    const { state = "none" } = this.#sessionOf(who, identification, number) ?? {};
    if (TABLE.get(state)?.requests.has(kind)) return undefined;
    return `${who} sends ${kind} to ${number} without an open intent: the table does not allow it`;
  }

  // A user that a process finds after a lost creation was made by it. A lost update may come last.
  lost(who: string, identification: string, number: string, kind: string): void {
    const session = this.#sessionOf(who, identification, number);
    if (session) session[kind === "POST" ? "isCreationLost" : "isUnsettled"] = true;
  }

  // The entry may move meanwhile.
  #sessionOf(who: string, identification: string, number: string): Session | undefined {
    const own = this.#sessions.get(`${who} ${number}`);
    const moved = this.#sessions.get(`${who} ${this.#names.get(identification)}`);
    return own?.isCrossed ? (moved ?? own) : (own ?? moved);
  }
}

function mayArrive(found: LedgerEntry["intent"], now: number): boolean {
  return found !== undefined && Math.abs(now - found.at) <= LATE_MS + (found.open ? OPEN_MS : 0);
}
