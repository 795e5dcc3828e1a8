import { fnv1a, hashText } from "../../core/hash.ts";
import { isObject } from "../../core/values.ts";
import { type Ledger, useLedger } from "../../ledger/ledger.ts";
import { changeNote, type LedgerMark } from "../../ledger/notes.ts";
import type { Content } from "../../reconcile/content.ts";
import type { PlannedUser } from "../types/records.ts";

/**
 * The loss of ledger entries that a `ledger_shrunk` finding reports: how many entries there are now, and how many there
 * were before.
 */
export interface LostEntries {
  readonly now: number;
  readonly before: number;
}

/** An approval as the ledger keeps it, as JSON text. */
interface Stored {
  readonly plan: string;
  readonly at: number;
  readonly users: number;
  /** The number of bits that `packed` holds for each user, to recognise the user. */
  readonly bits: number;
  readonly packed: string;
  readonly mark?: Pick<LedgerMark, "runs" | "lastRunId"> | undefined;
  readonly lost?: LostEntries | undefined;
  /** An earlier approval of the same first night. */
  readonly before?: Stored | undefined;
}

/** A change of the approved plan. */
interface ApprovedChange {
  readonly content: Content;
  readonly planned: Pick<PlannedUser, "kind">;
}

const NOTE = "approval";

/** How long the approval of a first night lasts if the night is interrupted. */
const LASTS_MS = 7 * 24 * 60 * 60 * 1000;

/**
 * The maximum number of bits that are kept for each approved user. With 14 bits, a user whose content has changed since
 * the approval still counts as approved in one case of 2^14. So if a mistake in the source changes many users, the
 * guard still finds it.
 */
const MOST_BITS = 14;
/**
 * The minimum number of bits that are kept for each approved user, used for very many users. With 10 bits, a user whose
 * content has changed since the approval still counts as approved in one case of 2^10. The guard still finds a mistake
 * in the source that changes many users.
 */
const LEAST_BITS = 10;

/**
 * The maximum length of the text in which the ledger keeps an approval. It has only ASCII characters, so a character is
 * a byte. Some stores accept no text above 64 kB.
 */
const LONGEST = 60_000;
/** The maximum length of the text of an approval, in characters, without the packed users. */
const OTHER_FACTS = 500;

/**
 * The approval of a first night. The ledger keeps it until the night has ended, so that the next run can go on if the
 * night is interrupted. It covers the users of the approved plan, but only with the content that they had in that plan.
 */
export class KeptApproval {
  /** The hash of the plan that was approved. */
  readonly plan: string;
  /** When the plan was approved, in milliseconds since 1970. */
  readonly at: number;
  /** How many users the plan had. */
  readonly users: number;
  /** The {@link SyncOptions.ledgerMark} of the run that was approved. */
  readonly mark: Stored["mark"];
  /** The figures of `ledger_shrunk`, if it was among the reasons that were approved. */
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

  /**
   * Whether the approved plan contained the user with this content. An approval also covers the plan of an interrupted
   * first run that was approved before.
   */
  covers(content: Content): boolean {
    return this.#numbers.has(numberOf(content, this.users, this.#bits)) || this.#before?.covers(content) === true;
  }

  /** Reads the approval from a ledger; undefined if there is none, or it is no longer valid. */
  static async read(ledger: Ledger, now: number): Promise<KeptApproval | undefined> {
    const stored = await readStored(ledger, now);
    return stored && new KeptApproval(stored);
  }

  /**
   * Writes the approval of a first run (a run that sends all users for the first time) into the ledger, before the run
   * writes anything else. If there is room, the ledger also keeps the approval that an interrupted first run left. If
   * the approval has too many users to be kept, this returns false and removes an earlier approval from the ledger.
   */
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

  /**
   * Removes the approval. It is removed after the first run that has read the whole source and has left no user to send
   * and no user that waits.
   */
  static end(ledger: Ledger): Promise<void> {
    return write(ledger, undefined);
  }
}

/**
 * The approvals that are still valid. An approval whose time is far in the future is not valid, because it was made
 * with a wrong clock.
 */
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

/**
 * The number of bits for each user: as many as the text of the approval has room for. {@link packNumbers} needs about
 * 1.65 bits for each user in addition, and a character of the text holds 6 bits.
 */
function bitsFor(users: number): number {
  const room = Math.floor((6 * (LONGEST - OTHER_FACTS)) / users - 1.65);
  return Math.max(LEAST_BITS, Math.min(MOST_BITS, room));
}

/** A number that stands for a user with its whole content. Steps that have already arrived are part of it. */
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

/** The characters of a packed text. Each holds six bits, as in base64url. */
const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const BITS = 6;

/**
 * Packs numbers up to 2^32 into a short text. The text holds the distances between the sorted numbers in Golomb-Rice
 * code. If the numbers are spread evenly between 0 and `2^bits` times their count, each takes a little more than `bits
 * + 1` bits.
 */
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
  // Fill the last character with ones. `unpackNumbers` reads them as the beginning of a number whose end is missing,
  // and ignores such a number.
  while (used > 0) put(1);
  return text;
}

/** Reads the numbers that {@link packNumbers} packed. From a damaged text it reads other numbers, and never throws. */
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
