export interface Loaded {
  readonly files: readonly string[];
  readonly bytes: number;
  readonly builtIns: readonly string[];
}

export function loadedBy(name: string, cwd: string): Loaded;

export function filesOf(args: readonly string[], cwd: string): Omit<Loaded, "builtIns">;
