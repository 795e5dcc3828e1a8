// An OpenAPI document by what it means: references followed, `allOf` joined, alternatives merged, dialects of nullable
// alike.

export type Tree = { readonly [name: string]: unknown };

export interface View {
  // Without `null`; empty if any value is allowed.
  readonly kinds: ReadonlySet<string>;
  readonly nullable: boolean;
  readonly fields: ReadonlyMap<string, Field>;
  readonly items: unknown;
  // As JSON.
  readonly choices: readonly string[];
}

export interface Field {
  readonly schema: unknown;
  readonly required: boolean;
}

const METHODS = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

export function isTree(value: unknown): value is Tree {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function at(node: unknown, ...names: string[]): unknown {
  return names.reduce<unknown>(
    (here, name) => (isTree(here) && Object.hasOwn(here, name) ? here[name] : undefined),
    node,
  );
}

// Undefined if references lead only to each other, or to nothing.
export function resolve(node: unknown, document: Tree): unknown {
  for (let steps = 0; isTree(node) && typeof node.$ref === "string"; steps += 1) {
    if (steps > 50) return undefined;
    node = pointed(node.$ref, document);
  }
  return node;
}

function pointed(reference: string, document: Tree): unknown {
  return reference
    .replace(/^#\/?/, "")
    .split("/")
    .filter((part) => part !== "")
    .map((part) => decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~"))
    .reduce<unknown>((here, name) => (Array.isArray(here) ? here[Number(name)] : at(here, name)), document);
}

export interface Operation {
  readonly method: string;
  readonly path: string;
  readonly node: Tree;
  readonly parameters: readonly Tree[];
}

export function operationsOf(document: Tree): Map<string, Operation> {
  const found = new Map<string, Operation>();
  for (const [path, reference] of Object.entries(isTree(document.paths) ? document.paths : {})) {
    const item = resolve(reference, document);
    if (!isTree(item)) continue;
    for (const method of METHODS) {
      const node = item[method];
      if (!isTree(node)) continue;
      const parameters = [item.parameters, node.parameters]
        .flatMap((list) => (Array.isArray(list) ? list : []))
        .map((parameter) => resolve(parameter, document))
        .filter(isTree);
      found.set(labelOf(method, path), { method, path, node, parameters });
    }
  }
  return found;
}

export function labelOf(method: string, path: string): string {
  return `${method.toUpperCase()} ${path}`;
}

export function schemaIn(holder: unknown, document: Tree): unknown {
  const content = at(resolve(holder, document), "content");
  if (!isTree(content)) return undefined;
  const types = Object.keys(content);
  const type = types.find((name) => /\bjson\b/.test(name)) ?? types[0];
  return type === undefined ? undefined : at(content[type], "schema");
}

export function bodyOf(operation: Operation | undefined, document: Tree): unknown {
  return schemaIn(operation?.node.requestBody, document);
}

export function answersOf(operation: Operation, document: Tree): [status: string, response: Tree][] {
  const responses = isTree(operation.node.responses) ? operation.node.responses : {};
  return Object.entries(responses).flatMap(([status, reference]): [string, Tree][] => {
    const response = resolve(reference, document);
    return isTree(response) && /^[1-5](?:\d\d|XX)$|^default$/i.test(status) ? [[status, response]] : [];
  });
}

export function successOf(operation: Operation, document: Tree): unknown {
  return answersOf(operation, document)
    .filter(([status]) => status.startsWith("2"))
    .map(([, response]) => schemaIn(response, document))
    .find((schema) => schema !== undefined && !isSilent(viewOf(schema, document)));
}

function isSilent(view: View): boolean {
  return view.kinds.size === 0 && view.fields.size === 0 && view.items === undefined;
}

export function viewOf(schema: unknown, document: Tree): View {
  return lookAt(schema, document, new Map(), 0);
}

const NOTHING: View = { kinds: new Set(), nullable: false, fields: new Map(), items: undefined, choices: [] };

// Deeper ones count as empty, so that no document can exhaust the stack.
const MAX_DEPTH = 200;

// Each schema is looked at once, also if schemas are composed of each other.
function lookAt(schema: unknown, document: Tree, seen: Map<unknown, View>, depth: number): View {
  const node = resolve(schema, document);
  if (!isTree(node) || depth > MAX_DEPTH) return NOTHING;
  const known = seen.get(node);
  if (known) return known;
  // Entered once if it refers to itself.
  seen.set(node, NOTHING);
  const kinds = new Set<string>();
  const fields = new Map<string, Field>();
  let nullable = node.nullable === true || node["x-nullable"] === true;
  let items = node.items;
  const choices = new Set(list(node.enum).map((value) => JSON.stringify(value)));

  const required = new Set(Array.isArray(node.required) ? node.required : []);
  for (const [name, field] of Object.entries(isTree(node.properties) ? node.properties : {})) {
    fields.set(name, { schema: field, required: required.has(name) });
  }
  const add = (view: View, isAlternative: boolean): void => {
    for (const kind of view.kinds) kinds.add(kind);
    for (const [name, field] of view.fields) {
      const mustBe = required.has(name) || (field.required && !isAlternative);
      if (!fields.has(name)) fields.set(name, { ...field, required: mustBe });
    }
    items ??= view.items;
    for (const choice of view.choices) choices.add(choice);
    nullable ||= view.nullable;
  };
  for (const part of list(node.allOf)) add(lookAt(part, document, seen, depth + 1), false);
  for (const part of [...list(node.anyOf), ...list(node.oneOf)]) add(lookAt(part, document, seen, depth + 1), true);

  const own = [node.type].flat().filter((type) => typeof type === "string");
  if (own.includes("null")) nullable = true;
  for (const type of own) if (type !== "null") kinds.add(type);
  if (kinds.size === 0) {
    if (fields.size > 0) kinds.add("object");
    if (items !== undefined) kinds.add("array");
    for (const value of list(node.enum)) if (value !== null) kinds.add(typeof value);
  }
  const view = { kinds, nullable, fields, items, choices: [...choices] };
  seen.set(node, view);
  return view;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
