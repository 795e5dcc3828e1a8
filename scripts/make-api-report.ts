import { fileURLToPath } from "node:url";
import ts from "typescript";
import { compilerOptions } from "../tsconfig.json" with { type: "json" };
import { writeDeclarations } from "./compiler.ts";
import { type Generated, writeOrCompare } from "./generated-file.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const FOLDER = new URL("../generated/api/", import.meta.url);

// A longer union has a line for each member, so that a new one is a line of a diff.
const WIDTH = 100;

export function apiReports(): ReadonlyMap<string, string> {
  const entries = Object.entries(compilerOptions.paths).flatMap(([name, files]) =>
    name.startsWith("oplead-sdk") ? files.map((file) => [name, file.replace("./", "")] as const) : [],
  );
  const { folder, remove } = writeDeclarations(
    entries.map(([, file]) => file),
    { isChecked: false },
  );
  try {
    const declarations = new Declarations(
      folder,
      entries.map(([, file]) => file),
    );
    return new Map(
      entries.map(([name, file]) => {
        const exported = declarations.exportedBy(file).sort(([a], [b]) => (a < b ? -1 : 1));
        const texts = exported.map(([exportedAs, symbol]) => declarations.textOf(exportedAs, symbol));
        return [`${name.replaceAll("/", ".")}.txt`, `// ${name}\n\n${texts.join("\n\n")}\n`];
      }),
    );
  } finally {
    remove();
  }
}

export async function generateApiReport({ check }: { check: boolean }): Promise<Generated> {
  const written: Generated[] = [];
  for (const [name, text] of apiReports()) written.push(await writeOrCompare(new URL(name, FOLDER), text, check));
  const stale = written.filter(({ ok }) => !ok);
  const told = (stale.length > 0 ? stale : written).map(({ message }) => message);
  return { ok: stale.length === 0, message: told.join("\n") };
}

class Declarations {
  readonly #folder: string;
  readonly #program: ts.Program;
  readonly #checker: ts.TypeChecker;
  readonly #printer = ts.createPrinter({ removeComments: true });

  constructor(folder: string, files: readonly string[]) {
    const { config } = ts.readConfigFile(`${root}tsconfig.json`, ts.sys.readFile);
    const { options } = ts.parseJsonConfigFileContent({ ...config, files: [] }, ts.sys, root);
    // Declarations name each other. What packages declare is not in the report.
    const alone = { ...options, paths: {}, types: [] };
    this.#folder = folder;
    this.#program = ts.createProgram(files.map(this.#declared), alone);
    this.#checker = this.#program.getTypeChecker();
  }

  readonly #declared = (file: string): string => `${this.#folder}/${file.replace(/\.ts$/, ".d.ts")}`;

  exportedBy(file: string): [name: string, symbol: ts.Symbol][] {
    const source = this.#program.getSourceFile(this.#declared(file));
    const module = source && this.#checker.getSymbolAtLocation(source);
    if (!module) throw new Error(`${file} is no module`);
    return this.#checker.getExportsOfModule(module).map((symbol) => {
      const isAlias = symbol.flags & ts.SymbolFlags.Alias;
      return [symbol.name, isAlias ? this.#checker.getAliasedSymbol(symbol) : symbol];
    });
  }

  textOf(exportedAs: string, { name, declarations = [] }: ts.Symbol): string {
    const files = new Set(declarations.map((declaration) => declaration.getSourceFile()));
    const texts = [...files].flatMap((file) => {
      const path = file.fileName.slice(this.#folder.length + 1);
      // Made from the schema, and compared by itself.
      if (path.startsWith("generated/")) return [`export type { ${name} } from "${path}";`];
      const found = file.statements.filter((statement) => namesOf(statement).includes(name));
      return found.map((statement) => this.#print(isDerived(statement) ? this.#resolved(statement) : statement, file));
    });
    if (texts.length === 0) throw new Error(`no declaration of ${name}`);
    const renamed = exportedAs === name ? [] : [`export { ${name} as ${exportedAs} };`];
    return [...texts, ...renamed].join("\n");
  }

  #resolved(alias: ts.TypeAliasDeclaration): ts.TypeAliasDeclaration {
    const flags = ts.NodeBuilderFlags.NoTruncation | ts.NodeBuilderFlags.InTypeAlias;
    const whole = this.#checker.getTypeAtLocation(alias);
    // One by one: the compiler shows a union as it was written, with the names of tables in it.
    const members = (whole.isUnion() ? whole.types : [whole]).map(
      (type) => this.#checker.typeToTypeNode(type, undefined, flags) as ts.TypeNode,
    );
    const type = this.#sorted(ts.factory.createUnionTypeNode(members));
    const { modifiers, name, typeParameters } = alias;
    return ts.factory.updateTypeAliasDeclaration(alias, modifiers, name, typeParameters, type);
  }

  // The compiler's order depends on unrelated code.
  readonly #sorted = <T extends ts.Node>(node: T): T => {
    const inner: ts.Node = ts.visitEachChild(node, this.#sorted, undefined);
    if (ts.isUnionTypeNode(inner)) return ts.factory.createUnionTypeNode(this.#byText(inner.types)) as ts.Node as T;
    if (ts.isTypeLiteralNode(inner))
      return ts.factory.createTypeLiteralNode(this.#byText(inner.members)) as ts.Node as T;
    return inner as T;
  };

  #byText<T extends ts.Node>(nodes: readonly T[]): T[] {
    const file = this.#program.getSourceFiles()[0] as ts.SourceFile;
    const texts = nodes.map((node) => [this.#printer.printNode(ts.EmitHint.Unspecified, node, file), node] as const);
    return texts.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, node]) => node);
  }

  #print(statement: ts.Statement, file: ts.SourceFile): string {
    const text = this.#printer.printNode(ts.EmitHint.Unspecified, withoutPrivate(statement), file);
    const plain = text.replace(/^(?:export )?(?:declare )?/, "export ");
    if (!ts.isTypeAliasDeclaration(statement) || !ts.isUnionTypeNode(statement.type) || plain.length <= WIDTH)
      return plain;
    const union = this.#printer.printNode(ts.EmitHint.Unspecified, statement.type, file);
    const head = plain.slice(0, plain.lastIndexOf(union)).trimEnd();
    const members = statement.type.types.map((type) => this.#printer.printNode(ts.EmitHint.Unspecified, type, file));
    return `${head}${members.map((member) => `\n  | ${member}`).join("")};`;
  }
}

// Derived from tables of texts, which have no public name: the report shows what they are.
function isDerived(statement: ts.Statement): statement is ts.TypeAliasDeclaration {
  return ts.isTypeAliasDeclaration(statement) && /\btypeof [A-Z]|\bIssueTexts\b/.test(statement.type.getText());
}

function namesOf(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.map(({ name }) => (ts.isIdentifier(name) ? name.text : ""));
  }
  const isNamed =
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement);
  return isNamed && statement.name ? [statement.name.text] : [];
}

function withoutPrivate(statement: ts.Statement): ts.Statement {
  if (!ts.isClassDeclaration(statement)) return statement;
  const members = statement.members.filter((member) => {
    if (member.name && ts.isPrivateIdentifier(member.name)) return false;
    const modifiers = ts.canHaveModifiers(member) ? (ts.getModifiers(member) ?? []) : [];
    return !modifiers.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword);
  });
  const { modifiers, name, typeParameters, heritageClauses } = statement;
  return ts.factory.updateClassDeclaration(statement, modifiers, name, typeParameters, heritageClauses, members);
}
