// In docs/. Committed, so that links lead to them on GitHub.
export const GENERATED_PAGES = [
  "reference/options.md",
  "reference/config.md",
  "reference/command.md",
  "reference/errors.md",
  "reference/outcomes.md",
  "reference/provenance.md",
  "explain/performance.md",
  "operate/runbook.md",
] as const;

export type GeneratedPage = (typeof GENERATED_PAGES)[number];
