import { fnv1a, hashText } from "../../core/hash.ts";
import { isObject } from "../../core/values.ts";
import { type Ledger, useLedger } from "../../ledger/ledger.ts";
import { changeNote, type LedgerMark } from "../../ledger/notes.ts";
import type { Content } from "../../reconcile/content.ts";
import type { PlannedUser } from "../types/records.ts";

export interface LostEntries {
  readonly now: number;
  readonly before: number;
}

interface Stored {
  readonly plan: string;
  readonly at: number;
  readonly users: number;
  readonly bits: number;
  readonly packed: string;
  readonly mark?: Pick<LedgerMark, "runs" | "lastRunId"> | undefined;
  readonly lost?: LostEntries | undefined;
  readonly before?: Stored | undefined;
}

interface ApprovedChange {
  readonly content: Content;
  readonly planned: Pick<PlannedUser, "kind">;
}

const NOTE = "approval";

const LASTS_MS = 7 * 24 * 60 * 60 * 1000;

// Of 2^bits changed users, one still counts as approved: few enough for the guard to find a mistake that changes many.
const MOST_BITS = 14;
const LEAST_BITS = 10;

// Characters of the stored text, all ASCII. Some stores accept no text above 64 kB.
const LONGEST = 60_000;
const OTHER_FACTS = 500;

// The approval of a first night, kept so that an interrupted night can go on. Covers users with the approved content.
export class KeptApproval {
  readonly plan: string;
  readonly at: number;
  readonly users: number;
  readonly mark: Stored["mark"];
  readonly lost: LostEntries | undefined;
  readonly #bits: number;
  readonly #numbers: ReadonlySet<number>;
  readonly #before: KeptApproval | undefined;

  private constructor({ plan, at, users, bits, packed, mark, lost, before }: Stored) {
    this.plan = plan;
    this.at = at;
    this.users = users;
    this.mark = mark;
    this.lost = lost;
    this.#bits = bits;
    this.#numbers = unpackNumbers(packed, bits);
    this.#before = before && new KeptApproval(before);
  }

  covers(content: Content): boolean {
    return this.#numbers.has(numberOf(content, this.users, this.#bits)) || this.#before?.covers(content) === true;
  }

  static async read(ledger: Ledger, now: number): Promise<KeptApproval | undefined> {
    const stored = await readStored(ledger, now);
    return stored && new KeptApproval(stored);
  }

  // Must precede all other writes of the run. With too many users it returns false, and the ledger keeps no approval.
  static async keep(
    ledger: Ledger,
    changes: readonly ApprovedChange[],
    fields: Pick<Stored, "plan" | "at" | "mark" | "lost">,
  ): Promise<boolean> {
    const contents = changes.filter(({ planned }) => planned.kind !== "leaver");
    const users = contents.length;
    const bits = bitsFor(users);
    const numbers = new Set<number>();
    for (const { content } of contents) numbers.add(numberOf(content, users, bits));
    const stored: Stored = { ...fields, users, bits, packed: packNumbers(numbers, bits) };
    const before = await readStored(ledger, fields.at);
    const text = [{ ...stored, before }, stored]
      .map((one) => JSON.stringify(one))
      .find(({ length }) => length <= LONGEST);
    await write(ledger, text);
    return text !== undefined;
  }

  static end(ledger: Ledger): Promise<void> {
    return write(ledger, undefined);
  }
}

// Ignores an approval from far in the future: a wrong clock dated it.
async function readStored(ledger: Ledger, now: number): Promise<Stored | undefined> {
  const valid = (stored: Stored | undefined): Stored | undefined => {
    if (!stored || Math.abs(now - stored.at) >= LASTS_MS) return undefined;
    return { ...stored, before: valid(stored.before) };
  };
  return valid(parsed(await useLedger(() => ledger.readNote(NOTE))));
}

async function write(ledger: Ledger, text: string | undefined): Promise<void> {
  await changeNote(ledger, NOTE, "The approval in the ledger", () => text);
}

// `packNumbers` needs about 1.65 bits more for each user; a character holds 6.
function bitsFor(users: number): number {
  const room = Math.floor((6 * (LONGEST - OTHER_FACTS)) / users - 1.65);
  return Math.max(LEAST_BITS, Math.min(MOST_BITS, room));
}

function numberOf({ accountNumber, userHash, rules }: Content, users: number, bits: number): number {
  const text = JSON.stringify([accountNumber, userHash, ...rules.map(({ name, hash }) => `${name}=${hash}`)]);
  return fnv1a(hashText(text)) % (users * 2 ** bits);
}

function parsed(text: string | undefined): Stored | undefined {
  if (text === undefined) return undefined;
  try {
    return storedOf(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function storedOf(value: unknown): Stored | undefined {
  if (!isObject(value)) return undefined;
  const { plan, at, users, bits, packed, mark, lost, before } = value;
  if (typeof plan !== "string" || typeof at !== "number" || typeof users !== "number") return undefined;
  if (typeof packed !== "string" || !isBits(bits)) return undefined;
  const fields = { plan, at, users, bits, packed, before: storedOf(before) };
  return { ...fields, mark: isMark(mark) ? mark : undefined, lost: isLost(lost) ? lost : undefined };
}

function isBits(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= LEAST_BITS && Number(value) <= MOST_BITS;
}

function isMark(value: unknown): value is NonNullable<Stored["mark"]> {
  return isObject(value) && typeof value.runs === "number" && typeof value.lastRunId === "string";
}

function isLost(value: unknown): value is LostEntries {
  return isObject(value) && typeof value.now === "number" && typeof value.before === "number";
}

// The alphabet of base64url.
const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const BITS = 6;

// Golomb-Rice code of the distances between the sorted numbers: little more than `bits + 1` bits each.
export function packNumbers(numbers: Iterable<number>, bits: number): string {
  const sorted = Float64Array.from(new Set(numbers)).sort();
  const size = 2 ** bits;
  let text = "";
  let digit = 0;
  let used = 0;
  const put = (bit: number): void => {
    digit = digit * 2 + bit;
    used += 1;
    if (used < BITS) return;
    text += DIGITS[digit];
    digit = 0;
    used = 0;
  };
  let before = -1;
  for (const number of sorted) {
    const distance = number - before - 1;
    before = number;
    for (let ones = Math.floor(distance / size); ones > 0; ones -= 1) put(1);
    put(0);
    for (let at = bits - 1; at >= 0; at -= 1) put(Math.floor(distance / 2 ** at) % 2);
  }
  // Fills the last character with ones: `unpackNumbers` ignores them as a number without an end.
  while (used > 0) put(1);
  return text;
}

// Does not notice a damaged text: returns other numbers.
export function unpackNumbers(text: string, bits: number): Set<number> {
  const numbers = new Set<number>();
  const end = text.length * BITS;
  const bitAt = (at: number): number =>
    (DIGITS.indexOf(text.charAt(Math.floor(at / BITS))) >> (BITS - 1 - (at % BITS))) & 1;
  let number = -1;
  let at = 0;
  while (at < end) {
    let distance = 0;
    for (; at < end && bitAt(at) === 1; at += 1) distance += 1;
    at += 1;
    if (at + bits > end) break;
    for (let rest = bits; rest > 0; rest -= 1, at += 1) distance = distance * 2 + bitAt(at);
    number += distance + 1;
    numbers.add(number);
  }
  return numbers;
}
