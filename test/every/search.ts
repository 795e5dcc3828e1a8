// One thing that may come next.
export interface Option {
  // The same step has the same key in each order of the others.
  readonly key: string;
  readonly who: string;
  readonly touches: string | undefined;
  readonly isRead: boolean;
  // Takes from what is left of this. Of a fault, the last one may be gone.
  readonly takes?: string | undefined;
  // Comes neither before nor after any other step without a difference.
  readonly isAlone?: boolean;
  readonly line: string;
  readonly act: () => Promise<void> | void;
}

interface Node {
  readonly options: readonly Option[];
  // Of steps that were tried before, in another place of the same order.
  readonly asleep: Map<string, Option>;
  at: number;
}

// Depth first, without a state that is kept: a schedule is a list of numbers. Sleep sets leave out orders of independent
// steps, and a state that was seen before is cut off.
export class Search {
  readonly #nodes: Node[] = [];
  readonly #repeat: readonly number[] | undefined;
  #seen = new Map<string, { readonly depth: number; readonly asleep: ReadonlySet<string> }[]>();
  #position = 0;
  #longest = Number.POSITIVE_INFINITY;
  #isNew = false;

  constructor(repeat?: string) {
    this.#repeat = repeat === undefined ? undefined : [...repeat].map((digit) => Number.parseInt(digit, 36));
  }

  get states(): number {
    return this.#seen.size;
  }

  get path(): string {
    return this.#nodes.map(({ at }) => at.toString(36)).join("");
  }

  // From now on, only schedules with fewer steps than this one.
  onlyShorter(): void {
    this.#longest = this.#nodes.length - 1;
    this.#nodes.splice(0);
    this.#seen = new Map();
    this.#isNew = this.#longest > 0;
  }

  // Undefined: nothing new comes after this state.
  pick(options: readonly Option[], state: () => string): Option | undefined {
    const depth = this.#position;
    this.#position += 1;
    const node = this.#nodes[depth] ?? this.#enter(options, depth, state);
    return node && options[node.at];
  }

  #enter(options: readonly Option[], depth: number, state: () => string): Node | undefined {
    const repeated = this.#repeat?.[depth];
    if (repeated === undefined && depth >= this.#longest) return undefined;
    const asleep = repeated === undefined ? this.#asleepAt(depth) : new Map<string, Option>();
    const at = repeated ?? firstAwake(options, asleep, 0);
    if (at === undefined || (repeated === undefined && this.#wasSeen(state(), depth, asleep))) return undefined;
    const node = { options, asleep, at };
    this.#nodes.push(node);
    return node;
  }

  #asleepAt(depth: number): Map<string, Option> {
    const { options, asleep, at } = this.#nodes[depth - 1] ?? { options: [], asleep: new Map<string, Option>(), at: 0 };
    const chosen = options[at];
    return new Map(chosen && [...asleep].filter(([, other]) => areIndependent(chosen, other)));
  }

  #wasSeen(state: string, depth: number, asleep: ReadonlyMap<string, Option>): boolean {
    const visits = this.#seen.get(state) ?? [];
    const isShorter = this.#longest < Number.POSITIVE_INFINITY;
    if (visits.some((one) => (!isShorter || one.depth <= depth) && [...one.asleep].every((key) => asleep.has(key))))
      return true;
    this.#seen.set(state, [...visits, { depth, asleep: new Set(asleep.keys()) }]);
    return false;
  }

  next(): boolean {
    if (this.#repeat) return false;
    this.#position = 0;
    if (this.#isNew) {
      this.#isNew = false;
      return true;
    }
    for (let last = this.#nodes.at(-1); last; last = this.#nodes.at(-1)) {
      const done = last.options[last.at];
      if (done) last.asleep.set(done.key, done);
      const next = firstAwake(last.options, last.asleep, last.at + 1);
      if (next !== undefined) {
        last.at = next;
        return true;
      }
      this.#nodes.pop();
    }
    return false;
  }
}

function firstAwake(options: readonly Option[], asleep: ReadonlyMap<string, Option>, from: number): number | undefined {
  const at = options.findIndex(({ key }, index) => index >= from && !asleep.has(key));
  return at < 0 ? undefined : at;
}

function areIndependent(one: Option, other: Option): boolean {
  if (one.who === other.who || one.isAlone || other.isAlone) return false;
  if (one.takes !== undefined && one.takes === other.takes) return false;
  return one.touches === undefined || one.touches !== other.touches || (one.isRead && other.isRead);
}
