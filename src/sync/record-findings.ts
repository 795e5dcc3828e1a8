import type { OpleadIssue } from "../base/issues.ts";
import type { Language } from "./language.ts";
import type { ProblemRow } from "./types/report.ts";

/** One thing that is wrong with a record. */
type RecordFinding = Pick<ProblemRow, "field" | "column" | "reason"> & Pick<OpleadIssue, "code">;

/**
 * What is wrong with a record, each thing once. Issues of one list, such as the postcodes of an area, are one finding; and so are issues of two
 * fields that are filled from one column, where they say the same.
 */
export function recordFindings(
  issues: readonly OpleadIssue[],
  { issue, overview }: Language,
  columns: Readonly<Record<string, string>> = {},
): RecordFinding[] {
  const found = new Map<string, OpleadIssue[]>();
  for (const one of issues) {
    const { path, code } = one;
    const list = listOf(path);
    const key = list === path ? `${columnOf(path, columns) ?? path} ${issue(one)}` : `${list} ${code}`;
    const known = found.get(key);
    if (!known) found.set(key, [one]);
    else if (list !== path) known.push(one);
  }
  return [...found.values()].map((same) => {
    const [first] = same as [OpleadIssue];
    const { path, code } = first;
    const column = columnOf(path, columns);
    const list = listOf(path);
    const values = same.slice(1).flatMap(({ parameters }) => {
      return "value" in parameters && typeof parameters.value === "string" ? [parameters.value] : [];
    });
    const more = same.length - 1;
    const text =
      more === 0 ? issue(first) : overview.and_more({ text: issue(first), more, values: values.slice(0, 5) });
    const name = column ?? (more === 0 ? path : list);
    return { code, field: (more === 0 ? path : list) || undefined, column, reason: `${name} ${text}`.trimStart() };
  });
}

function columnOf(path: string, columns: Readonly<Record<string, string>>): string | undefined {
  return Object.hasOwn(columns, path) ? columns[path] : undefined;
}

/** `rules.geographical.handledCountries` of a path with an index inside; any other path as it is. */
function listOf(path: string): string {
  return path.replace(/\[\d+\].*$/, "");
}
