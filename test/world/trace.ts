import type { Time } from "./time.ts";

interface Line {
  readonly at: number;
  readonly who: string;
  readonly person: string | undefined;
  readonly text: string;
}

export class Trace {
  readonly #lines: Line[] = [];
  readonly #time: Pick<Time, "now">;

  constructor(time: Pick<Time, "now">) {
    this.#time = time;
  }

  add(who: string, person: string | undefined, text: string): void {
    this.#lines.push({ at: this.#time.now, who, person, text });
  }

  of(people?: readonly string[]): string {
    const chosen = this.#lines.filter(({ person }) => !people || person === undefined || people.includes(person));
    return chosen.map(({ at, who, person, text }) => `${timeOf(at)} ${who} ${person ?? "-"} ${text}`).join("\n");
  }
}

function timeOf(at: number): string {
  return new Date(at).toISOString().slice(5, 23).replace("T", " ");
}
