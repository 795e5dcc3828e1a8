// Shares no code with the fake, its generated checks, or the script that makes them.
import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { parse } from "yaml";

type Node = Record<string, unknown>;

const document = parse(readFileSync(new URL("../../schema/oplead.openapi.yaml", import.meta.url), "utf8"));
const ajv = new Ajv({ strict: false, allErrors: true, formats: { email: /^[^\s@]+@[^\s@]+\.[^\s@]+$/ } });
ajv.addSchema(document, "oplead");

export const documented: readonly string[] = Object.entries<Node>(document.paths).flatMap(([path, item]) =>
  Object.keys(item)
    .filter((method) => /^(get|put|post|patch|delete|head|options)$/.test(method))
    .map((method) => `${method.toUpperCase()} ${path.replace(/\{[^}]*\}/g, "*")}`),
);

interface Asked {
  method: string;
  path: string;
}

interface Answered {
  status: number;
  headers: { get(name: string): string | null };
  text: string;
}

export function problemsOfAnswer({ method, path }: Asked, { status, headers, text }: Answered): string[] | undefined {
  const pointer = operationOf(method, path);
  if (pointer === undefined) return undefined;
  const [response, at] = follow(`${pointer}/responses/${status}`);
  if (response === undefined) return [`${method} ${path} has no answer ${status}`];
  if (response.content === undefined) return text === "" ? [] : ["there must be no body"];
  const type = headers.get("content-type")?.split(";")[0] ?? "";
  if (!Object.hasOwn(response.content as Node, type)) return [`the content type "${type}" is not expected`];
  const validate = ajv.compile({ $ref: `oplead#${at}/content/${type.replace("/", "~1")}/schema` });
  return validate(JSON.parse(text)) ? [] : [ajv.errorsText(validate.errors)];
}

export function problemsOfBody({ method, path }: Asked, body: unknown): string[] {
  const [, at] = follow(`${operationOf(method, path)}/requestBody`);
  const validate = ajv.compile({ $ref: `oplead#${at}/content/application~1json/schema` });
  return validate(body) ? [] : (validate.errors ?? []).map((error) => `body${error.instancePath} ${error.message}`);
}

function operationOf(method: string, path: string): string | undefined {
  const found = Object.keys(document.paths).find((template) =>
    new RegExp(`^${template.replace(/\{[^}]*\}/g, "[^/]+")}$`).test(path),
  );
  const key = method.toLowerCase();
  if (found === undefined || !Object.hasOwn(document.paths[found], key)) return undefined;
  return `/paths/${found.replaceAll("/", "~1").replaceAll("{", "%7B").replaceAll("}", "%7D")}/${key}`;
}

function follow(pointer: string): [Node | undefined, string] {
  const node = pointer
    .slice(1)
    .split("/")
    .reduce<Node | undefined>(
      (inner, key) => inner?.[decodeURIComponent(key).replaceAll("~1", "/")] as Node | undefined,
      document,
    );
  return typeof node?.$ref === "string" ? follow(node.$ref.slice(1)) : [node, pointer];
}
