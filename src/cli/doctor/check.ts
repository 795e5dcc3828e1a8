/** What one check found. */
export interface Check {
  readonly name: string;
  readonly state: "ok" | "warning" | "broken" | "skipped";
  readonly message: string;
  /** What to do. */
  readonly fix?: string | undefined;
}

/** The results that a check of this name can have. */
export function resultsOf(name: string) {
  return {
    ok: (message: string): Check => ({ name, state: "ok", message }),
    skipped: (message: string): Check => ({ name, state: "skipped", message }),
    warning: (message: string, fix: string): Check => ({ name, state: "warning", message, fix }),
    broken: (message: string, fix?: string): Check => ({ name, state: "broken", message, fix }),
  };
}
