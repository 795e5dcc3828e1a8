import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { expect, it } from "vitest";
import manifest from "../../package.json" with { type: "json" };

const folder = fileURLToPath(new URL("../../generated/api/", import.meta.url));
const reports = readdirSync(folder).map((name) => {
  const text = readFileSync(folder + name, "utf8");
  return {
    entry: basename(name, ".txt").replaceAll(".", "/"),
    file: ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true),
  };
});

function exportedBy(file: ts.SourceFile): ReadonlySet<string> {
  return new Set(
    file.statements.flatMap((statement) => {
      if (ts.isVariableStatement(statement)) {
        return statement.declarationList.declarations.map(({ name }) => name.getText());
      }
      if (ts.isExportDeclaration(statement) && statement.exportClause && ts.isNamedExports(statement.exportClause)) {
        return statement.exportClause.elements.map(({ name }) => name.text);
      }
      return "name" in statement ? [(statement.name as ts.Identifier).text] : [];
    }),
  );
}

function namedIn(file: ts.SourceFile): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (node: ts.Node, parameters: readonly string[]): void => {
    const own = "typeParameters" in node ? ((node.typeParameters ?? []) as readonly ts.TypeParameterDeclaration[]) : [];
    const inner = [...parameters, ...own.map(({ name }) => name.text), ...inferredIn(node)];
    if (ts.isMappedTypeNode(node)) inner.push(node.typeParameter.name.text);
    const name = nameOf(node);
    if (name !== undefined && !inner.includes(name)) found.add(name);
    ts.forEachChild(node, (child) => visit(child, inner));
  };
  visit(file, []);
  return found;
}

function inferredIn(node: ts.Node): string[] {
  if (!ts.isConditionalTypeNode(node)) return [];
  const names: string[] = [];
  const visit = (part: ts.Node): void => {
    if (ts.isInferTypeNode(part)) names.push(part.typeParameter.name.text);
    ts.forEachChild(part, visit);
  };
  visit(node.extendsType);
  return names;
}

function nameOf(node: ts.Node): string | undefined {
  if (ts.isTypeReferenceNode(node)) return firstOf(node.typeName);
  if (ts.isExpressionWithTypeArguments(node)) return node.expression.getText();
  return ts.isTypeQueryNode(node) ? firstOf(node.exprName) : undefined;
}

function firstOf(name: ts.EntityName): string {
  return ts.isIdentifier(name) ? name.text : firstOf(name.left);
}

// Of msw, and a keyword of the language.
const ELSEWHERE = new Set(["HttpHandler", "globalThis"]);

it("each entry point has a report", () => {
  const entries = Object.keys(manifest.exports).filter((path) => path !== "./package.json");
  expect(reports.map(({ entry }) => entry).sort()).toEqual(
    entries.map((path) => path.replace(".", "oplead-sdk")).sort(),
  );
});

it("each type that a public signature names is exported, or is a type of the language", () => {
  const exported = new Set(reports.flatMap(({ file }) => [...exportedBy(file)]));
  const globals = globalTypes();
  const missing = reports.flatMap(({ entry, file }) => {
    const strange = [...namedIn(file)].filter(
      (name) => !exported.has(name) && !globals.has(name) && !ELSEWHERE.has(name),
    );
    return strange.map((name) => `${entry}: ${name}`);
  });
  expect(missing).toEqual([]);
});

it("no name is exported by two entry points, except the ledger of a webhook without runs", () => {
  const names = reports.flatMap(({ file }) => [...exportedBy(file)]);
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  expect(twice.sort()).toEqual(["memoryLedger"]);
});

function globalTypes(): ReadonlySet<string> {
  const libraries = fileURLToPath(new URL(".", import.meta.resolve("typescript")));
  const names = readdirSync(libraries).filter((name) => /^lib\.(?:es.*|dom.*|decorators.*)\.d\.ts$/.test(name));
  return new Set(
    names.flatMap((name) =>
      [...readFileSync(libraries + name, "utf8").matchAll(/^(?:declare )?(?:interface|type|var) (\w+)/gm)].map(
        ([, type = ""]) => type,
      ),
    ),
  );
}
