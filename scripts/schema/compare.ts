// By what documents mean (view.ts): names of components and ways of composing schemas do not count.
import { compareFields, type Direction, type Finding, Findings, likeness, pair, type Side } from "./compare-fields.ts";
import { type FakeOperation, labelOfRelied, operationNames, readFacts } from "./facts.ts";
import {
  answersOf,
  at,
  bodyOf,
  isTree,
  type Operation,
  operationsOf,
  resolve,
  schemaIn,
  successOf,
  type Tree,
  viewOf,
} from "./view.ts";

interface Both {
  readonly ours: Operation;
  readonly theirs: Operation;
  readonly label: string;
}

export function compare(ours: Tree, theirs: Tree): readonly Finding[] {
  const findings = new Findings();
  // `node` has the provenance; without a label it is about the whole document.
  const add = (verdict: Finding["verdict"], what: string, name: string, node?: unknown, label = "", now?: string) =>
    findings.add({ verdict, provenance: provenanceOf(node), what, name, now }, label);
  const fieldsOf = (one: Partial<Side>, other: Partial<Side>, direction: Direction, label: string) =>
    compareFields(
      { schema: undefined, document: ours, ...one },
      { schema: undefined, document: theirs, ...other },
      direction,
      label,
      findings,
    );

  function compareSecurity(): void {
    const [schemes, others] = [schemesOf(ours), schemesOf(theirs)].map(Object.values);
    if (schemes?.length === 0 && others?.length === 0) return;
    const [old, now] = [readFacts(ours), readFacts(theirs)].map(({ facts, problems }) => ({
      header: facts.auth === "bearer" ? "Authorization: Bearer TOKEN" : `${facts.auth.header}: TOKEN`,
      problem: problems.find((problem) => problem.includes("token")),
    }));
    const name = old?.header ?? "";
    const other = now?.problem ?? now?.header;
    const verdict = others?.length === 0 ? "open" : other === name ? "confirmed" : "refuted";
    add(verdict, "how the token travels", name, schemes?.[0], "", verdict === "refuted" ? other : undefined);
  }

  function compareServers(): void {
    const listOf = (document: Tree) => (Array.isArray(document.servers) ? document.servers : []).filter(isTree);
    // A relative server only means the host of the document.
    const absolute = listOf(theirs)
      .map((server) => String(server.url))
      .filter((url) => /^https?:/.test(url));
    for (const server of listOf(ours)) {
      const name = String(server.url);
      const verdict = absolute.includes(name) ? "confirmed" : absolute.length === 0 ? "open" : "refuted";
      add(verdict, "server", name, server, "", verdict === "refuted" ? absolute.join(", ") : undefined);
    }
  }

  function compareQuery(both: Both): void {
    const queryOf = ({ parameters }: Operation) =>
      new Map(parameters.filter((one) => one.in === "query").map((one) => [String(one.name), one]));
    const [old, now] = [queryOf(both.ours), queryOf(both.theirs)];
    const gone = [...old.keys()].filter((name) => !now.has(name));
    const fresh = [...now.keys()].filter((name) => !old.has(name));
    // facts.ts takes it for the pair, even if the names are not alike.
    const pairs = gone.length === 1 && fresh.length === 1 ? new Map([[gone[0], fresh[0]]]) : pair(gone, fresh);
    const what = "query parameter";
    for (const [name, parameter] of old) {
      add(now.has(name) ? "confirmed" : "refuted", what, name, parameter, both.label, pairs.get(name));
    }
    const taken = new Set(pairs.values());
    for (const name of fresh) if (!taken.has(name)) add("new", what, name, undefined, both.label);
  }

  function compareBody(both: Both): void {
    const body = resolve(both.ours.node.requestBody, ours);
    if (body === undefined) return;
    const now = resolve(both.theirs.node.requestBody, theirs);
    add(now === undefined ? "refuted" : "confirmed", "body", "sent", body, both.label);
    fieldsOf({ schema: bodyOf(both.ours, ours) }, { schema: bodyOf(both.theirs, theirs) }, "sent", both.label);
  }

  // Each document decides which status means success, and few list every failure.
  function compareStatuses({ label, ...both }: Both): void {
    const old = new Map(answersOf(both.ours, ours));
    const now = new Map(answersOf(both.theirs, theirs));
    const isSuccess = (status: string): boolean => status.startsWith("2");
    const other = [...now.keys()].filter((status) => isSuccess(status) && !old.has(status)).join(", ");
    for (const [status, response] of old) {
      if (now.has(status)) add("confirmed", "status", status, response, label);
      else if (isSuccess(status) && other) add("refuted", "status", status, response, label, other);
      else add("open", "status", status, response, label);
      const headersOf = (answer: Tree | undefined): Tree => (isTree(answer?.headers) ? answer.headers : {});
      const given = Object.keys(headersOf(now.get(status))).map((one) => one.toLowerCase());
      for (const [header, node] of Object.entries(headersOf(response))) {
        const verdict = given.includes(header.toLowerCase()) ? "confirmed" : "open";
        add(verdict, "header of an answer", header, node, label);
      }
    }
    for (const status of now.keys()) {
      if (!old.has(status) && !isSuccess(status)) add("new", "status", status, undefined, label);
    }
  }

  function compareSuccess(name: FakeOperation, { label, ...both }: Both): void {
    const [schema, now] = [successOf(both.ours, ours), successOf(both.theirs, theirs)];
    if (schema === undefined || name.startsWith("set")) return;
    const [old, other] = [placesIn(ours)[name] ?? "", placesIn(theirs)[name] ?? ""];
    if (now !== undefined && old !== other) {
      const inWords = (place: string) => (place === "" ? "the answer itself" : `${place} of the answer`);
      // Its place is assumed, also where the answer is documented.
      const success = answersOf(both.ours, ours).find(([status]) => status.startsWith("2"))?.[1];
      const node = provenanceOf(success) && { "x-provenance": "assumed" };
      add("refuted", "what is asked for is", inWords(old), node, label, inWords(other));
    }
    fieldsOf(
      { schema, place: old, id: readFacts(ours).facts.idField },
      { schema: now, place: other, id: readFacts(theirs).facts.idField },
      "answered",
      label,
    );
  }

  function compareFailures(both: Both): void {
    const schemaOf = (operation: Operation, document: Tree) =>
      answersOf(operation, document)
        .filter(([status]) => /^[45]/.test(status))
        .map(([, response]) => schemaIn(response, document))
        .find((schema) => schema !== undefined);
    const [schema, now] = [schemaOf(both.ours, ours), schemaOf(both.theirs, theirs)];
    fieldsOf({ schema }, { schema: now }, "of failures", both.label);
  }

  const [ourOperations, theirOperations] = [operationsOf(ours), operationsOf(theirs)];
  const counterparts = operationsIn(ours, theirs);
  const relied = operationNames.filter((name) => ourOperations.has(labelOfRelied(name)));
  const labels = relied.map(labelOfRelied);
  compareSecurity();
  compareServers();
  for (const name of relied) {
    const label = labelOfRelied(name);
    const operation = ourOperations.get(label) as Operation;
    const now = counterparts.get(label);
    add(now === label ? "confirmed" : "refuted", "operation", label, operation.node, "", now);
    const counterpart = now === undefined ? undefined : theirOperations.get(now);
    // What is assumed of an operation that is gone stays open.
    const both = { ours: operation, theirs: counterpart ?? { ...operation, node: {} }, label };
    if (counterpart) compareQuery(both);
    if (counterpart) compareBody(both);
    compareStatuses(both);
    compareSuccess(name, both);
    compareFailures(both);
  }
  for (const [label, { node }] of ourOperations) {
    if (!labels.includes(label) && !theirOperations.has(label)) add("refuted", "operation", label, node);
  }
  const taken = new Set(counterparts.values());
  for (const label of theirOperations.keys()) {
    if (!ourOperations.has(label) && !taken.has(label)) add("new", "operation", label);
  }
  return findings.all;
}

// The labels in another document of the operations that the package calls.
export function operationsIn(ours: Tree, theirs: Tree): Map<string, string> {
  const [before, after] = [operationsOf(ours), operationsOf(theirs)];
  const labels = operationNames.map(labelOfRelied).filter((label) => before.has(label));
  const gone = labels.filter((label) => !after.has(label));
  const fresh = [...after.keys()].filter((label) => !before.has(label));
  // Two paths of one API have much in common anyway. Of paths that are as alike, the one with the same body is meant.
  const pairs = pair(gone, fresh, 0.5, (old, now) => {
    const path = old.split(" ")[0] === now.split(" ")[0] ? likeness(old, now) : 0;
    const [body, other] = [
      shapeOf(bodyOf(before.get(old), ours), ours),
      shapeOf(bodyOf(after.get(now), theirs), theirs),
    ];
    const isSame = path >= 0.3 && body !== "" && body === other;
    return isSame ? path + 1 : path;
  });
  for (const label of labels) if (after.has(label)) pairs.set(label, label);
  return pairs;
}

function shapeOf(schema: unknown, document: Tree, depth = 0): string {
  const { fields, items } = viewOf(schema, document);
  if (depth > 8) return "";
  if (items !== undefined) return `[${shapeOf(items, document, depth + 1)}]`;
  return [...fields.keys()]
    .sort()
    .map((name) => name + shapeOf(fields.get(name)?.schema, document, depth + 1))
    .join();
}

function schemesOf(document: Tree): Tree {
  const schemes = at(document, "components", "securitySchemes");
  return isTree(schemes) ? schemes : {};
}

function placesIn(document: Tree): Partial<Record<FakeOperation, string>> {
  const { idField, places } = readFacts(document).facts;
  const user = idField.split(".").slice(0, -1).join(".");
  const { profiles: listUserProfiles, countries: listCountries, country: getCountry } = places;
  return { createUser: user, updateUser: user, listUserProfiles, listCountries, getCountry };
}

function provenanceOf(node: unknown): string | undefined {
  const provenance = at(node, "x-provenance");
  return typeof provenance === "string" ? provenance : undefined;
}
