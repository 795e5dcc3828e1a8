import type { OpenAPI3 } from "openapi-typescript";
import { jsComment, jsLiteral } from "../../src/core/page.ts";
import { FIELDS } from "../../src/user/user.ts";
import { declarationsOf, readSource } from "./document.ts";
import { openReader } from "./read-source.ts";
import { operationsOf, schemaIn, type Tree, viewOf } from "./view.ts";

const MARK = "Made by `oplead types`";

export const isMadeHere = (text: string): boolean => text.startsWith(jsComment(MARK));

export interface PlatformTypes {
  readonly text: string;
  readonly how: string;
  readonly customFields: readonly string[];
}

// Interfaces that take further fields, by the path of the part of a user.
const MERGED: readonly (readonly [name: string, path: string])[] = [
  ["CustomFields", ""],
  ["UserAddress", "address"],
];

export async function platformTypes(source: string, auth: string | undefined): Promise<PlatformTypes> {
  const { document, how, origin } = await readSource(openReader(source, auth));
  const creation = operationsOf(document).get("POST /v1/users");
  if (!creation) {
    throw new Error(
      "the document has no POST /v1/users, so it is not the one of an Oplead platform, or not all of it: check the address",
    );
  }
  const user = schemaIn(creation.node.requestBody, document);
  const customFields: string[] = [];
  const merged = MERGED.map(([name, path]) => {
    const known = FIELDS.find(([one]) => one === path)?.[1] ?? [];
    const part = path === "" ? user : viewOf(user, document).fields.get(path)?.schema;
    const fields = [...viewOf(part, document).fields].filter(([field]) => !known.includes(field));
    customFields.push(...fields.map(([field]) => (path === "" ? field : `${path}.${field}`)));
    const type = path === "" ? "UserBody" : `Field<UserBody, ${jsLiteral(path)}>`;
    const lines = fields.map(([field, { required }]) => {
      const quoted = jsLiteral(field);
      return `    readonly ${quoted}${required ? "" : "?"}: Field<${type}, ${quoted}>${required ? "" : " | undefined"};\n`;
    });
    return `  interface ${name} {\n${lines.join("")}  }\n`;
  });
  // readDocument has checked it; its type there is only a tree.
  const declarations = await declarationsOf(document as unknown as OpenAPI3);
  const { source: from, version, sha256 } = origin;
  const head = `${jsComment(`${MARK}, which overwrites it. From ${JSON.stringify({ from, version, sha256 })}.`)}\n\n`;
  const custom = customFields.length === 0 ? "" : `${USER_BODY}\ndeclare module "oplead-sdk" {\n${merged.join("")}}\n`;
  return { text: `${head}${declarations}\n${codesOf(document)}\n${listOf(customFields)}${custom}`, how, customFields };
}

// Without enums and namespaces, a Node that strips types loads the file.
function listOf(customFields: readonly string[]): string {
  const what =
    "/** The fields of a user that only this platform has: `createOplead({ customFields })` refuses any other. */";
  return `${what}\nexport const customFields = [${customFields.map((name) => jsLiteral(name)).join(", ")}] as const;\n`;
}

const USER_BODY = `
type Body<Operation> = Operation extends { requestBody?: infer Request }
  ? NonNullable<Request> extends { content: infer Content } ? Content[keyof Content] : never
  : never;
type Field<Part, Name> = Part extends unknown ? (Name extends keyof Part ? NonNullable<Part[Name]> : never) : never;
type UserBody = Body<paths["/v1/users"]["post"]>;
`;

function codesOf(document: Tree): string {
  const codes = new Map<string, readonly string[]>();
  const collect = (schema: unknown, path: string, depth: number): void => {
    const { choices, fields, items } = viewOf(schema, document);
    if (depth > 8) return;
    if (choices.length > 0) codes.set(path, choices);
    if (items !== undefined) collect(items, path, depth + 1);
    for (const [name, { schema }] of fields) collect(schema, path === "" ? name : `${path}.${name}`, depth + 1);
  };
  for (const [label, { node }] of operationsOf(document)) {
    const rule = /^PUT \/v1\/users\/\{[^}]*\}\/rule\/([\w-]+)$/.exec(label)?.[1];
    if (label === "POST /v1/users") collect(schemaIn(node.requestBody, document), "", 0);
    else if (rule !== undefined) collect(schemaIn(node.requestBody, document), rule, 0);
  }
  const literal = (json: string): string => jsLiteral(JSON.parse(json));
  const lines = [...codes].map(([path, choices]) => {
    return `  readonly ${jsLiteral(path)}: ${choices.map(literal).join(" | ")};\n`;
  });
  const what = "/** The values that the document lists, by the path of a user's field, or by rule. */";
  return `${what}\nexport interface Codes {\n${lines.join("")}}\n`;
}
