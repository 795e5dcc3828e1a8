import { createHash, type webcrypto } from "node:crypto";
import type { Chance } from "./chance.ts";

const { setImmediate: soon } = globalThis;
const RealDate = globalThis.Date;

export interface WorldProcess {
  readonly name: string;
  // Its time of day, ahead of the true one.
  readonly skewMs: number;
  // Each await of something outside of the process ends with one event.
  events: number;
  // From 1.
  readonly killAt: number | undefined;
  readonly standAt: number | undefined;
  readonly standMs: number;
  hasStood: boolean;
  stillUntil: number;
  isDead: boolean;
  diedAt: number;
  // Requests in flight at a kill may be carried out much later.
  readonly hasOrphans: boolean;
  // Releases things outside of it, such as the lock of its files.
  readonly atEnd: (() => void)[];
}

interface TimedEvent {
  at: number;
  readonly id: number;
  // Undefined: outside of processes.
  readonly owner: WorldProcess | undefined;
  run: (() => void) | undefined;
  // It may resolve promises: time waits until they have settled.
  readonly wakes: boolean;
}

export interface Time {
  readonly now: number;
  // Must not resolve a promise that a process awaits.
  outside(delayMs: number, run: () => void): void;
  // A process, or the world itself. `run = undefined` cancels it.
  wake(owner: WorldProcess | undefined, delayMs: number, run: () => void): { run: (() => void) | undefined };
}

interface Fate {
  readonly skewMs?: number;
  readonly killAt?: number | undefined;
  readonly standAt?: number | undefined;
  readonly standMs?: number;
  readonly hasOrphans?: boolean;
}

const NEVER = Number.POSITIVE_INFINITY;

function processOf(name: string, fate: Fate = {}): WorldProcess {
  const { skewMs = 0, killAt, standAt, standMs = 0, hasOrphans = false } = fate;
  return {
    name,
    skewMs,
    killAt,
    standAt,
    standMs,
    hasOrphans,
    events: 0,
    hasStood: false,
    stillUntil: 0,
    isDead: false,
    diedAt: NEVER,
    atEnd: [],
  };
}

export type End<T> =
  | { readonly was: "done"; readonly value: T }
  | { readonly was: "failed"; readonly error: unknown }
  | Killed;
interface Killed {
  readonly was: "killed";
}

// Moves on only when everything that can happen now has happened. Replaces the globals for time and random numbers. A
// killed process never wakes, a frozen one wakes late, and each has its own clock.
export class VirtualTime implements Time {
  now: number;
  // If not, it stands still at a later event.
  mayStand: (self: WorldProcess) => boolean = () => true;
  onStill: (self: WorldProcess) => void = () => {};
  readonly #chance: Chance;
  readonly #heap: TimedEvent[] = [];
  #ids = 0;
  #current: WorldProcess | undefined;

  constructor(start: number, chance: Chance) {
    this.now = start;
    this.#chance = chance;
  }

  get current(): WorldProcess | undefined {
    return this.#current;
  }

  // Of the next event that is not cancelled.
  get nextAt(): number {
    for (;;) {
      const [first] = this.#heap;
      if (!first) return NEVER;
      if (first.run && !first.owner?.isDead) return first.at;
      this.#next();
    }
  }

  outside(delayMs: number, run: () => void): void {
    this.#add(delayMs, undefined, run, false);
  }

  wake(owner: WorldProcess | undefined, delayMs: number, run: () => void): TimedEvent {
    return this.#add(delayMs, owner, run, true);
  }

  // For the script of the world, which belongs to no process.
  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => void this.wake(undefined, ms, resolve));
  }

  // Happens outside after `thereMs`; the process gets the result `backMs` later.
  port<T>(owner: WorldProcess, effect: () => T, thereMs: number, backMs: number): Promise<T> {
    return new Promise((resolve, reject) => {
      this.outside(thereMs, () => {
        let answer: () => void;
        try {
          const result = effect();
          answer = () => resolve(result);
        } catch (error) {
          answer = () => reject(error);
        }
        this.wake(owner, backMs, answer);
      });
    });
  }

  start<T>(
    name: string,
    task: (self: WorldProcess) => Promise<T>,
    fate: Fate = {},
  ): { readonly self: WorldProcess; readonly end: Promise<End<T>> } {
    const self = processOf(name, fate);
    const end = new Promise<End<T>>((resolve) => {
      const ended = (how: End<T>): void => {
        for (const each of self.atEnd.splice(0)) each();
        this.wake(undefined, 0, () => resolve(how));
      };
      self.atEnd.push(() => {
        if (self.isDead) this.wake(undefined, 0, () => resolve({ was: "killed" }));
      });
      this.wake(self, 0, () => {
        task(self).then(
          (value) => ended({ was: "done", value }),
          (error: unknown) => ended({ was: "failed", error }),
        );
      });
    });
    return { self, end };
  }

  kill(self: WorldProcess): void {
    self.isDead = true;
    self.diedAt = this.now;
    for (const each of self.atEnd.splice(0)) each();
  }

  async run(isOver: () => boolean): Promise<boolean> {
    await settle();
    while (!isOver()) {
      const event = this.#next();
      if (!event) return false;
      const { owner, run } = event;
      if (!run || owner?.isDead) continue;
      if (event.at > this.now) this.now = event.at;
      if (owner && !this.#goesOn(owner)) {
        if (owner.isDead) await settle();
        else {
          event.at = owner.stillUntil;
          this.#push(event);
        }
        continue;
      }
      event.run = undefined;
      this.#current = owner;
      run();
      if (event.wakes) await settle();
      this.#current = undefined;
    }
    return true;
  }

  #goesOn(owner: WorldProcess): boolean {
    if (owner.stillUntil > this.now) return false;
    owner.events += 1;
    if (owner.events === owner.killAt) this.kill(owner);
    if (!owner.hasStood && owner.events >= (owner.standAt ?? NEVER) && this.mayStand(owner)) {
      owner.hasStood = true;
      owner.stillUntil = this.now + owner.standMs;
      this.onStill(owner);
    }
    return !owner.isDead && owner.stillUntil <= this.now;
  }

  install(): () => void {
    const wallNow = (): number => Math.floor(this.now + (this.#current?.skewMs ?? 0));
    class VirtualDate extends RealDate {
      constructor(...args: readonly unknown[]) {
        if (args.length === 0) super(wallNow());
        else super(...(args as [number]));
      }
      static override now(): number {
        return wallNow();
      }
    }
    const random = (): number => this.#chance.next(`random ${this.#current?.name ?? "world"}`);
    const timeout = (callback: (...args: unknown[]) => void, ms = 0, ...args: unknown[]): unknown => {
      const event = this.wake(this.#current, Math.max(ms, 1), () => callback(...args));
      return timerOf(event);
    };
    const interval = (callback: (...args: unknown[]) => void, ms = 0, ...args: unknown[]): unknown => {
      const owner = this.#current;
      const timer = { event: undefined as TimedEvent | undefined, ...HANDLE };
      const again = (): void => {
        timer.event = this.wake(owner, Math.max(ms, 1), () => {
          again();
          callback(...args);
        });
      };
      again();
      return timer;
    };
    const clear = (timer: unknown): void => {
      const { event } = (timer ?? {}) as { event?: TimedEvent };
      if (event) event.run = undefined;
    };
    const bytes = <T extends ArrayBufferView>(array: T): T => {
      const view = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
      for (let at = 0; at < view.length; at += 1) view[at] = Math.floor(random() * 256);
      return array;
    };
    const uuid = (): string => {
      const digits = Array.from({ length: 32 }, () => Math.floor(random() * 16).toString(16)).join("");
      return [
        digits.slice(0, 8),
        digits.slice(8, 12),
        digits.slice(12, 16),
        digits.slice(16, 20),
        digits.slice(20),
      ].join("-");
    };
    // The real digest works in another thread: virtual time would not wait.
    const digest = async (_: unknown, data: webcrypto.BufferSource): Promise<ArrayBuffer> => {
      const view = ArrayBuffer.isView(data)
        ? Buffer.from(data.buffer, data.byteOffset, data.byteLength)
        : Buffer.from(data);
      const hash = createHash("sha256").update(view).digest();
      return hash.buffer.slice(hash.byteOffset, hash.byteOffset + hash.byteLength) as ArrayBuffer;
    };
    const replaced: readonly (readonly [object, string, unknown])[] = [
      [globalThis, "Date", VirtualDate],
      [globalThis, "setTimeout", timeout],
      [globalThis, "clearTimeout", clear],
      [globalThis, "setInterval", interval],
      [globalThis, "clearInterval", clear],
      [globalThis, "setImmediate", (callback: () => void) => this.wake(this.#current, 0, callback)],
      [globalThis.performance, "now", () => this.now],
      [Math, "random", random],
      [globalThis.crypto, "randomUUID", uuid],
      [globalThis.crypto, "getRandomValues", bytes],
      [globalThis.crypto.subtle, "digest", digest],
    ];
    const before = replaced.map(([object, name]) => Object.getOwnPropertyDescriptor(object, name));
    for (const [object, name, value] of replaced) {
      Object.defineProperty(object, name, { value, configurable: true, writable: true });
    }
    return () => {
      for (const [at, [object, name]] of replaced.entries()) {
        const descriptor = before[at];
        if (descriptor) Object.defineProperty(object, name, descriptor);
        else Reflect.deleteProperty(object, name);
      }
    };
  }

  #add(delayMs: number, owner: WorldProcess | undefined, run: () => void, wakes: boolean): TimedEvent {
    this.#ids += 1;
    const event = { at: this.now + delayMs, id: this.#ids, owner, run, wakes };
    this.#push(event);
    return event;
  }

  #push(event: TimedEvent): void {
    const heap = this.#heap;
    heap.push(event);
    for (let at = heap.length - 1; at > 0; ) {
      const parent = (at - 1) >> 1;
      if (!isBefore(event, heap[parent] as TimedEvent)) break;
      heap[at] = heap[parent] as TimedEvent;
      heap[parent] = event;
      at = parent;
    }
  }

  #next(): TimedEvent | undefined {
    const heap = this.#heap;
    const [first] = heap;
    const last = heap.pop();
    if (heap.length === 0 || !last) return first;
    heap[0] = last;
    for (let at = 0; ; ) {
      const left = 2 * at + 1;
      if (left >= heap.length) break;
      const right = heap[left + 1];
      const least = right && isBefore(right, heap[left] as TimedEvent) ? left + 1 : left;
      if (!isBefore(heap[least] as TimedEvent, last)) break;
      heap[at] = heap[least] as TimedEvent;
      heap[least] = last;
      at = least;
    }
    return first;
  }
}

const HANDLE = { unref: () => {}, ref: () => {}, hasRef: () => false };

function timerOf(event: TimedEvent): object {
  return { event, ...HANDLE };
}

function isBefore(one: TimedEvent, other: TimedEvent): boolean {
  return one.at < other.at || (one.at === other.at && one.id < other.id);
}

// Microtasks run before the next turn of the event loop.
function settle(): Promise<void> {
  return new Promise((resolve) => void soon(resolve));
}
