import type { OpenAPI3 } from "openapi-typescript";
import { parse } from "yaml";
import { split } from "../../src/core/fields.ts";
import { jsComment, jsLiteral } from "../../src/core/page.ts";
import type { Platform } from "../../src/transport/options.ts";
import { FIELDS } from "../../src/user/user.ts";
import { declarationsOf, readSource } from "./document.ts";
import { type FoundPlatform, platformIn } from "./platform.ts";
import { openReader } from "./read-source.ts";
import { bodyOf, type Tree, viewOf } from "./view.ts";

const MARK = "Made by `oplead types`";

export const isMadeHere = (text: string): boolean => text.startsWith(jsComment(MARK));

export interface PlatformTypes {
  readonly text: string;
  readonly how: string;
  readonly platform: Platform;
  readonly missing: readonly string[];
}

// Interfaces that take further fields, by the path of the part of a user.
const MERGED: readonly (readonly [name: string, path: string])[] = [
  ["CustomFields", ""],
  ["UserAddress", "address"],
];

// `committed`: the text of the package's document.
export async function platformTypes(
  source: string,
  auth: string | undefined,
  committed: string,
): Promise<PlatformTypes> {
  const { document, how, origin } = await readSource(openReader(source, auth));
  const found = platformIn(parse(committed), document);
  const creation = found.operations.get("user");
  if (creation?.path !== "/v1/users") {
    throw new Error(
      "the document has no POST /v1/users, so it is not the one of an Oplead platform, or not all of it: check the address",
    );
  }
  const user = bodyOf(creation, document);
  const places = [...userPlaces(found).keys()];
  const customFields: string[] = [];
  const merged = MERGED.map(([name, path]) => {
    const known = FIELDS.find(([one]) => one === path)?.[1] ?? [];
    const part = path === "" ? user : viewOf(user, document).fields.get(path)?.schema;
    const start = path === "" ? "" : `${path}.`;
    const isMoved = (field: string) => places.some((place) => `${place}.`.startsWith(`${start}${field}.`));
    const fields = [...viewOf(part, document).fields].filter(([field]) => !known.includes(field) && !isMoved(field));
    customFields.push(...fields.map(([field]) => start + field));
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
  const platform = { customFields, ...found.platform };
  const text = `${head}${declarations}\n${codesOf(document, found)}\n${PLATFORM}${jsLiteral(platform)} as const;\n${custom}`;
  return { text, how, platform, missing: found.missing };
}

// Without enums and namespaces, a Node that strips types loads the file.
const PLATFORM = "/** What this platform does differently: `createOplead({ platform })`. */\nexport const platform = ";

// The package's names of a user's fields, by their place in the document.
function userPlaces({ platform }: FoundPlatform): Map<string, string> {
  const moved = Object.entries(platform.fields ?? {}).filter(([field]) => split(field)[0] === "user");
  return new Map(moved.map(([field, place]) => [place, field]));
}

const USER_BODY = `
type Body<Operation> = Operation extends { requestBody?: infer Request }
  ? NonNullable<Request> extends { content: infer Content } ? Content[keyof Content] : never
  : never;
type Field<Part, Name> = Part extends unknown ? (Name extends keyof Part ? NonNullable<Part[Name]> : never) : never;
type UserBody = Body<paths["/v1/users"]["post"]>;
`;

function codesOf(document: Tree, found: FoundPlatform): string {
  const codes = new Map<string, readonly string[]>();
  const places = userPlaces(found);
  const collect = (schema: unknown, path: string, depth: number): void => {
    const { choices, fields, items } = viewOf(schema, document);
    if (depth > 8) return;
    if (choices.length > 0) codes.set(places.get(path) ?? path, choices);
    if (items !== undefined) collect(items, path, depth + 1);
    for (const [name, { schema }] of fields) collect(schema, path === "" ? name : `${path}.${name}`, depth + 1);
  };
  for (const [body, operation] of found.operations)
    collect(bodyOf(operation, document), body === "user" ? "" : body, 0);
  const literal = (json: string): string => jsLiteral(JSON.parse(json));
  const lines = [...codes].map(([path, choices]) => {
    return `  readonly ${jsLiteral(path)}: ${choices.map(literal).join(" | ")};\n`;
  });
  const what = "/** The values that the document lists, by the path of a user's field, or by rule. */";
  return `${what}\nexport interface Codes {\n${lines.join("")}}\n`;
}
