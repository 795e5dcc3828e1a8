import { requestChecks, similarTo } from "../../generated/request-checks.ts";
import { absent, type FakeOperation, type Problem } from "./api.ts";
import { at, isObject } from "./arguments.ts";
import type { FakeRequest } from "./types.ts";

// As scripts/make-request-checks.ts writes them.
export interface RequestCheck {
  readonly query: Readonly<Record<string, { readonly required: boolean; readonly values?: readonly string[] }>>;
  // Content types; empty without a body.
  readonly types: readonly string[];
  readonly bodyRequired: boolean;
  // Names of fields, by the path of their object.
  readonly fields: Readonly<Record<string, readonly string[]>>;
  // Made by ajv: sets `errors`.
  readonly checkBody?: ((body: unknown) => boolean) & { readonly errors?: readonly SchemaError[] | null };
}

interface SchemaError {
  readonly instancePath: string;
  readonly message?: string;
  readonly params: { readonly missingProperty?: string; readonly allowedValues?: readonly unknown[] };
}

// Safe: ajv wrote the module, as JavaScript without types.
const checks = requestChecks as unknown as Readonly<Record<FakeOperation, RequestCheck>>;

export interface RequestToCheck extends Pick<FakeRequest, "method" | "path" | "operation" | "query" | "headers"> {
  readonly text: string;
  readonly body?: unknown;
}

// Values are not repeated: reports hold no personal data. The token is not checked: a test may want the 401.
export function findViolations(request: RequestToCheck, table = checks): Problem[] {
  const { operation, method, path } = request;
  if (!operation) return [{ field: "", message: absent(method, path) }];
  const check = table[operation];
  return [...violationsOfQuery(check, request.query), ...violationsOfBody(check, request)];
}

function violationsOfQuery(check: RequestCheck, query: RequestToCheck["query"]): Problem[] {
  const found: Problem[] = [];
  for (const [field, value] of Object.entries(query)) {
    const known = Object.hasOwn(check.query, field) ? check.query[field] : undefined;
    if (!known) found.push({ field, message: `query must NOT have "${field}", which the document does not name` });
    else if (known.values && !known.values.includes(value)) {
      found.push({ field, message: `query/${field} must be ${known.values.join(" or ")}` });
    }
  }
  for (const [field, { required }] of Object.entries(check.query)) {
    if (required && !(field in query)) found.push({ field, message: `query must have required parameter "${field}"` });
  }
  return found;
}

function violationsOfBody(check: RequestCheck, { text, headers, body }: RequestToCheck): Problem[] {
  const refuse = (message: string): Problem[] => [{ field: "", message }];
  if (check.types.length === 0) return text === "" ? [] : refuse("body must be empty");
  if (text === "") return check.bodyRequired ? refuse("body must not be empty") : [];
  const type = headers["content-type"]?.split(";")[0]?.trim().toLowerCase() ?? "";
  if (!check.types.includes(type)) return refuse(`content-type must be ${check.types.join(" or ")}`);
  if (body === undefined) return refuse("body must be JSON");
  if (!check.checkBody || check.checkBody(body)) return slipsIn(check, body);
  const errors = (check.checkBody.errors ?? []).map(({ instancePath, message, params }) => ({
    field: [...instancePath.split("/").slice(1), params.missingProperty ?? []].flat().join("."),
    message: `body${instancePath} ${message}${params.allowedValues ? `: ${params.allowedValues.join(", ")}` : ""}`,
  }));
  return [...errors, ...slipsIn(check, body)];
}

function slipsIn({ fields }: RequestCheck, body: unknown): Problem[] {
  return Object.entries(fields).flatMap(([path, known]) => {
    const part = path === "" ? body : at(body, path);
    const names = isObject(part) ? Object.keys(part).filter((name) => !known.includes(name)) : [];
    return names.flatMap((name) => {
      const similar: string | undefined = similarTo(name, known);
      const place = ["body", ...path.split(".")].filter((each) => each !== "").join("/");
      const message = `${place} must NOT have "${name}", which the document does not name; "${similar}" is meant`;
      return similar === undefined ? [] : [{ field: path === "" ? name : `${path}.${name}`, message }];
    });
  });
}
