import { showIdentity } from "../../redact.ts";
import type { DiffLine, UserDiff } from "../plan.ts";
import type { Change } from "./change.ts";

/** What a change would send, by path. Values only if they are to be revealed. */
export function diffUser({ planned, content, open }: Change, reveal: boolean): UserDiff {
  const { accountNumber, kind, id, fields } = planned;
  const user = content.user as Readonly<Record<string, unknown>>;
  const sent = kind === "new" ? "added" : "changed";
  const line = (path: string, change: DiffLine["change"], value: unknown): DiffLine => {
    return reveal && change !== "removed" ? { path, change, value } : { path, change };
  };
  const lines = [
    ...fields.flatMap((field) => {
      if (!(field in user)) return [line(field, "removed", undefined)];
      return leaves(field, user[field]).map(([path, value]) => line(path, sent, value));
    }),
    ...open.rules.map(({ name, toSend }) => line(`rules.${name}`, sent, toSend.body)),
  ];
  const diff = { accountNumber, kind, id, lines };
  return Object.defineProperty(diff, "toString", { value: () => diffText(diff) });
}

function diffText({ accountNumber, kind, lines }: Omit<UserDiff, "toString">): string {
  const signs = { added: "+", changed: "~", removed: "-" };
  return [
    `${showIdentity(accountNumber)} (${kind})`,
    ...lines.map((line) => {
      const value = "value" in line ? `: ${JSON.stringify(line.value)}` : "";
      return `  ${signs[line.change]} ${line.path}${value}`;
    }),
  ].join("\n");
}

/** The values below a field with their paths. */
function leaves(path: string, value: unknown): [path: string, value: unknown][] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [[path, value]];
  return Object.entries(value).flatMap(([name, inner]) => leaves(`${path}.${name}`, inner));
}
