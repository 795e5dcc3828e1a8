import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { table } from "./tables.ts";

interface Row {
  readonly what: string;
  readonly provenance: string;
  readonly note: string;
}

/** Everything in the OpenAPI document that says where it comes from, as a table for each kind of source. */
export function provenancePage(schemaPath: string): string {
  const rows: Row[] = [];
  visit(parse(readFileSync(schemaPath, "utf8")), [], rows);
  const of = (provenance: string): string =>
    table(
      ["what", "note"],
      rows.filter((row) => row.provenance === provenance).map(({ what, note }) => [`\`${what}\``, note]),
    );
  const count = (provenance: string): number => rows.filter((row) => row.provenance === provenance).length;
  return [
    "# Documented and assumed",
    "",
    `Afterwards you know which parts of the API Oplead documents (${count("documented")}) and which the package assumes (${count("assumed")}).`,
    "",
    "The live Swagger document replaces these assumptions: `npm run schema:pull` in a clone of the repository compares the two and names each difference.",
    "",
    "## Documented",
    "",
    of("documented"),
    "",
    "## Assumed",
    "",
    of("assumed"),
    "",
  ].join("\n");
}

function visit(value: unknown, path: readonly string[], rows: Row[]): void {
  if (typeof value !== "object" || value === null) return;
  const node = value as Record<string, unknown>;
  const provenance = node["x-provenance"];
  if (typeof provenance === "string") {
    const note = [node.summary, node.description].find((text) => typeof text === "string");
    rows.push({ what: path.join(" › "), provenance, note: typeof note === "string" ? note.replace(/\s+/g, " ") : "" });
  }
  for (const [name, inner] of Object.entries(node)) visit(inner, [...path, name], rows);
}
