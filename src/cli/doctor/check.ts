/** What one check found. */
export interface Check {
  readonly name: string;
  readonly state: "ok" | "warning" | "broken" | "skipped";
  readonly message: string;
  /** What to do. */
  readonly fix?: string;
}
