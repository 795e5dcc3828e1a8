/*
 * Compares two documents, as far as this package relies on them: what the second one confirms, refutes, leaves open or adds.
 * They are compared by what they mean (view.ts): names of components and ways of composing schemas do not count.
 */
import { compareFields, type Finding, Findings, pair, type Side } from "./compare-fields.ts";
import { type FakeOperation, labelOfRelied, operationNames, readFacts } from "./facts.ts";
import {
  answersOf,
  at,
  isTree,
  type Operation,
  operationsOf,
  resolve,
  schemaIn,
  successOf,
  type Tree,
} from "./view.ts";

interface Both {
  readonly ours: Operation;
  readonly theirs: Operation;
  readonly label: string;
}

export function compare(ours: Tree, theirs: Tree): readonly Finding[] {
  const findings = new Findings();
  const [ourOperations, theirOperations] = [operationsOf(ours), operationsOf(theirs)];
  const relied = operationNames.filter((name) => ourOperations.has(labelOfRelied(name)));
  const labels = relied.map(labelOfRelied);
  const fresh = [...theirOperations.keys()].filter((label) => !ourOperations.has(label));
  const moved = pairOperations(
    labels.filter((label) => !theirOperations.has(label)),
    fresh,
  );

  compareSecurity(ours, theirs, findings);
  compareServers(ours, theirs, findings);
  for (const name of relied) {
    const label = labelOfRelied(name);
    const operation = ourOperations.get(label) as Operation;
    const now = theirOperations.has(label) ? label : moved.get(label);
    const provenance = provenanceOf(operation.node);
    const verdict = now === label ? "confirmed" : "refuted";
    findings.add({ verdict, provenance, what: "operation", name: label, now }, "");
    const counterpart = now === undefined ? undefined : theirOperations.get(now);
    if (!counterpart) continue;
    const both = { ours: operation, theirs: counterpart, label };
    compareQuery(both, findings);
    compareBody(both, ours, theirs, findings);
    compareStatuses(both, ours, theirs, findings);
    compareSuccess(name, both, ours, theirs, findings);
    compareFailures(both, ours, theirs, findings);
  }
  const taken = new Set(moved.values());
  for (const [label] of ourOperations) {
    if (!labels.includes(label) && !theirOperations.has(label)) {
      const provenance = provenanceOf(ourOperations.get(label)?.node);
      findings.add({ verdict: "refuted", provenance, what: "operation", name: label, now: undefined }, "");
    }
  }
  for (const label of fresh) {
    if (!taken.has(label)) findings.add(fact("new", "operation", label), "");
  }
  return findings.all;
}

/** The same method, and the path most like the old one. */
function pairOperations(gone: readonly string[], fresh: readonly string[]): Map<string, string> {
  const methods = new Set(gone.map((label) => label.split(" ")[0]));
  const of = (labels: readonly string[], method: string | undefined) =>
    labels.filter((label) => label.startsWith(`${method} `));
  // Two paths of one API have much in common anyway.
  return new Map([...methods].flatMap((method) => [...pair(of(gone, method), of(fresh, method), 0.5)]));
}

function compareSecurity(ours: Tree, theirs: Tree, findings: Findings): void {
  const scheme = Object.values(schemesOf(ours))[0];
  if (scheme === undefined && Object.keys(schemesOf(theirs)).length === 0) return;
  const [old, now] = [readFacts(ours), readFacts(theirs)].map(({ facts, problems }) => ({
    header: facts.auth === "bearer" ? "Authorization: Bearer TOKEN" : `${facts.auth.header}: TOKEN`,
    problem: problems.find((problem) => problem.includes("token")),
  }));
  const name = old?.header ?? "";
  const provenance = provenanceOf(scheme);
  if (Object.keys(schemesOf(theirs)).length === 0)
    findings.add(fact("open", "how the token travels", name, provenance), "");
  else if (now?.problem === undefined && now?.header === name) {
    findings.add(fact("confirmed", "how the token travels", name, provenance), "");
  } else {
    const other = now?.problem ?? now?.header;
    findings.add({ ...fact("refuted", "how the token travels", name, provenance), now: other }, "");
  }
}

function schemesOf(document: Tree): Tree {
  const schemes = at(document, "components", "securitySchemes");
  return isTree(schemes) ? schemes : {};
}

function compareServers(ours: Tree, theirs: Tree, findings: Findings): void {
  const listOf = (document: Tree) => (Array.isArray(document.servers) ? document.servers : []).filter(isTree);
  const now = listOf(theirs).map((server) => String(server.url));
  for (const server of listOf(ours)) {
    const name = String(server.url);
    // A relative server only means the host of the document.
    const absolute = now.filter((url) => /^https?:/.test(url));
    const verdict = absolute.includes(name) ? "confirmed" : absolute.length === 0 ? "open" : "refuted";
    const other = verdict === "refuted" ? absolute.join(", ") : undefined;
    findings.add({ ...fact(verdict, "server", name, provenanceOf(server)), now: other }, "");
  }
}

function compareQuery({ ours, theirs, label }: Both, findings: Findings): void {
  const queryOf = ({ parameters }: Operation) =>
    new Map(parameters.filter((one) => one.in === "query").map((one) => [String(one.name), one]));
  const [old, now] = [queryOf(ours), queryOf(theirs)];
  const gone = [...old.keys()].filter((name) => !now.has(name));
  const fresh = [...now.keys()].filter((name) => !old.has(name));
  // The parameter that facts.ts takes for it is its pair, even if the names are not alike.
  const pairs = gone.length === 1 && fresh.length === 1 ? new Map([[gone[0], fresh[0]]]) : pair(gone, fresh);
  const what = "query parameter";
  for (const [name, parameter] of old) {
    const verdict = now.has(name) ? "confirmed" : "refuted";
    findings.add({ ...fact(verdict, what, name, provenanceOf(parameter)), now: pairs.get(name) }, label);
  }
  const taken = new Set(pairs.values());
  for (const name of fresh) if (!taken.has(name)) findings.add(fact("new", what, name), label);
}

function compareBody({ ours, theirs, label }: Both, ourDocument: Tree, theirDocument: Tree, findings: Findings): void {
  const body = resolve(ours.node.requestBody, ourDocument);
  if (body === undefined) return;
  const now = resolve(theirs.node.requestBody, theirDocument);
  const verdict = now === undefined ? "refuted" : "confirmed";
  findings.add(fact(verdict, "body", "sent", provenanceOf(body)), label);
  const side = (schema: unknown, document: Tree): Side => ({ schema, document });
  compareFields(
    side(schemaIn(body, ourDocument), ourDocument),
    side(schemaIn(now, theirDocument), theirDocument),
    "sent",
    label,
    findings,
  );
}

/** Compares the statuses. Each document decides which status means success, and documents rarely list every failure. */
function compareStatuses({ ours, theirs, label }: Both, ourDocument: Tree, theirDocument: Tree, findings: Findings) {
  const now = new Map(answersOf(theirs, theirDocument));
  const successes = [...now.keys()].filter((status) => status.startsWith("2"));
  const listed = new Set(answersOf(ours, ourDocument).map(([status]) => status));
  for (const [status, response] of answersOf(ours, ourDocument)) {
    const provenance = provenanceOf(response);
    const what = "status";
    const other = successes.filter((success) => !listed.has(success)).join(", ") || undefined;
    if (now.has(status)) findings.add(fact("confirmed", what, status, provenance), label);
    else if (status.startsWith("2") && other)
      findings.add({ ...fact("refuted", what, status, provenance), now: other }, label);
    else findings.add(fact("open", what, status, provenance), label);
    for (const [header, node] of Object.entries(isTree(response.headers) ? response.headers : {})) {
      const given = Object.keys(isTree(at(now.get(status), "headers")) ? (at(now.get(status), "headers") as Tree) : {});
      const found = given.some((one) => one.toLowerCase() === header.toLowerCase());
      findings.add(fact(found ? "confirmed" : "open", "header of an answer", header, provenanceOf(node)), label);
    }
  }
  for (const status of now.keys()) {
    if (!listed.has(status) && !status.startsWith("2")) findings.add(fact("new", "status", status), label);
  }
}

function compareSuccess(name: FakeOperation, both: Both, ourDocument: Tree, theirDocument: Tree, findings: Findings) {
  const { ours, theirs, label } = both;
  const [schema, now] = [successOf(ours, ourDocument), successOf(theirs, theirDocument)];
  if (schema === undefined || name.startsWith("set")) return;
  const [old, other] = [placesIn(ourDocument)[name] ?? "", placesIn(theirDocument)[name] ?? ""];
  if (now !== undefined && old !== other) {
    const inWords = (place: string) => (place === "" ? "the answer itself" : `${place} of the answer`);
    const provenance = provenanceOf(answersOf(ours, ourDocument).find(([status]) => status.startsWith("2"))?.[1]);
    findings.add({ ...fact("refuted", "what is asked for is", inWords(old), provenance), now: inWords(other) }, label);
  }
  compareFields(
    { schema, document: ourDocument, place: old, id: readFacts(ourDocument).facts.idField },
    { schema: now, document: theirDocument, place: other, id: readFacts(theirDocument).facts.idField },
    "answered",
    label,
    findings,
  );
}

/** Where in its answer an operation has what was asked for. */
function placesIn(document: Tree): Partial<Record<FakeOperation, string>> {
  const { idField, places } = readFacts(document).facts;
  const user = idField.split(".").slice(0, -1).join(".");
  const { profiles: listUserProfiles, countries: listCountries, country: getCountry } = places;
  return { createUser: user, updateUser: user, listUserProfiles, listCountries, getCountry };
}

function compareFailures({ ours, theirs, label }: Both, ourDocument: Tree, theirDocument: Tree, findings: Findings) {
  const schemaOf = (operation: Operation, document: Tree) =>
    answersOf(operation, document)
      .filter(([status]) => /^[45]/.test(status))
      .map(([, response]) => schemaIn(response, document))
      .find((schema) => schema !== undefined);
  compareFields(
    { schema: schemaOf(ours, ourDocument), document: ourDocument },
    { schema: schemaOf(theirs, theirDocument), document: theirDocument },
    "of failures",
    label,
    findings,
  );
}

function provenanceOf(node: unknown): string | undefined {
  const provenance = at(node, "x-provenance");
  return typeof provenance === "string" ? provenance : undefined;
}

function fact(verdict: Finding["verdict"], what: string, name: string, provenance?: string) {
  return { verdict, provenance, what, name, now: undefined };
}
