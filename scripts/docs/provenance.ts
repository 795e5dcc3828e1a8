import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { table } from "./options.ts";

interface Row {
  readonly what: string;
  readonly provenance: string;
  readonly note: string;
}

export function provenancePage(schemaPath: string): string {
  const rows: Row[] = [];
  visit(parse(readFileSync(schemaPath, "utf8")), [], rows);
  const of = (provenance: string): string =>
    table(
      ["what", "note"],
      rows.filter((row) => row.provenance === provenance).map(({ what, note }) => [what, note]),
    );
  const count = (provenance: string): number => rows.filter((row) => row.provenance === provenance).length;
  return [
    "# Documented and assumed",
    "",
    `Which parts of the API Oplead documents (${count("documented")}) and which the package assumes (${count("assumed")}).`,
    "",
    "[`oplead probe`](../operate/assumptions.md) asks your platform which of the assumptions hold there.",
    "",
    "The live Swagger document replaces these assumptions: `npm run schema:pull` in a clone of the repository compares the two and names each difference.",
    "",
    "“Documented” and “assumed” concern the method and path of a call, the existence of a parameter or a body, the status of an answer, and the name of a field.",
    "",
    "## Documented",
    "",
    of("documented"),
    "",
    "## Assumed",
    "",
    of("assumed"),
    "",
    "Next: [test mode](../start/command.md#test-mode) shows how your platform behaves before anything is written.",
    "",
  ].join("\n");
}

function visit(value: unknown, path: readonly string[], rows: Row[]): void {
  if (typeof value !== "object" || value === null) return;
  const node = value as Record<string, unknown>;
  const provenance = node["x-provenance"];
  if (typeof provenance === "string") {
    const note = [node.summary, node.description].find((text) => typeof text === "string");
    rows.push({
      what: titleOf(path, node),
      provenance,
      note: typeof note === "string" ? note.replace(/\s+/g, " ") : "",
    });
  }
  for (const [name, inner] of Object.entries(node)) visit(inner, [...path, name], rows);
}

// `PUT /v1/users/{id}`, `Address.city`.
function titleOf(path: readonly string[], node: Record<string, unknown>): string {
  const [area, first = "", second = "", ...rest] = path;
  if (area === "servers") return "the server's address";
  if (area === "paths") return [`\`${second.toUpperCase()} ${first}\``, ...partOf(rest, node)].join(", ");
  if (first === "securitySchemes") return "how the token travels";
  if (first === "schemas") return `\`${[second, rest.at(-1)].join(".")}\``;
  if (first === "responses") return [`answer \`${second}\``, ...partOf(rest, node)].join(", ");
  return `${first === "parameters" ? "parameter" : "body"} \`${second}\``;
}

function partOf([kind, name]: readonly string[], node: Record<string, unknown>): string[] {
  if (kind === undefined) return [];
  if (kind === "requestBody") return ["its body"];
  if (kind === "parameters") return [`parameter \`${String(node.name ?? name)}\``];
  return [`${kind === "responses" ? "answer" : "header"} \`${name}\``];
}
