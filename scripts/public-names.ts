import { fileURLToPath } from "node:url";
import ts from "typescript";
import { isInternal, isPrivate } from "./sizes.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

// Types of messages are derived from the tables of texts: the report of the API shows what they are.
const DERIVES = /^src\/locales\/(?:coded|issue-texts)\.ts$/;

export interface HiddenType {
  readonly name: string;
  readonly file: string;
  // `planSync > SyncOptions`
  readonly reachedBy: string;
}

export function readPublicNames(program: ts.Program, entries: readonly string[]) {
  const checker = program.getTypeChecker();
  const exported = new Set(entries.flatMap((entry) => exportsOf(program, checker, entry)));
  const hidden = new Map<ts.Symbol, HiddenType>();
  const seen = new Set<ts.Symbol>();

  const visit = (symbol: ts.Symbol, way: readonly string[]): void => {
    const own = (symbol.declarations ?? []).filter(isOurs);
    if (own.length === 0 || seen.has(symbol)) return;
    seen.add(symbol);
    for (const part of own.flatMap(publicParts)) visitTypesIn(part, [...way, symbol.name]);
  };
  const visitTypesIn = (node: ts.Node, way: readonly string[]): void => {
    const name = typeNameOf(node);
    const symbol = name && resolved(checker, checker.getSymbolAtLocation(name));
    const file = symbol?.declarations?.find(isOurs)?.getSourceFile().fileName.slice(root.length);
    // `typeof TEXTS` and parameters of types have no name to import.
    if (
      symbol &&
      file !== undefined &&
      symbol.flags & ts.SymbolFlags.Type &&
      !DERIVES.test(file) &&
      !(symbol.flags & ts.SymbolFlags.TypeParameter)
    ) {
      if (!exported.has(symbol) && !hidden.has(symbol)) {
        hidden.set(symbol, { name: symbol.name, file, reachedBy: way.join(" > ") });
      }
      visit(symbol, way);
    }
    ts.forEachChild(node, (child) => visitTypesIn(child, way));
  };
  for (const symbol of exported) visit(symbol, []);
  return {
    // A class that is only declared is a type.
    values: [...exported].filter(
      ({ flags, valueDeclaration }) => flags & ts.SymbolFlags.Value && !isAmbient(valueDeclaration),
    ).length,
    names: exported.size,
    hidden: [...hidden.values()],
    declarations: new Set([...exported].flatMap(({ declarations = [] }) => declarations)),
  };
}

function exportsOf(program: ts.Program, checker: ts.TypeChecker, entry: string): ts.Symbol[] {
  const file = program.getSourceFile(root + entry);
  const module = file && checker.getSymbolAtLocation(file);
  if (!module) throw new Error(`${entry} is no module`);
  return checker.getExportsOfModule(module).flatMap((symbol) => resolved(checker, symbol) ?? []);
}

function resolved(checker: ts.TypeChecker, symbol: ts.Symbol | undefined): ts.Symbol | undefined {
  return symbol && symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

function isOurs(declaration: ts.Declaration): boolean {
  return declaration.getSourceFile().fileName.startsWith(`${root}src/`);
}

// No bodies, and no private members.
function publicParts(node: ts.Node): readonly ts.Node[] {
  if (isInternal(node)) return [];
  if (ts.isInterfaceDeclaration(node)) {
    return [...(node.heritageClauses ?? []), ...node.members.filter((member) => !isInternal(member))];
  }
  if (ts.isClassDeclaration(node)) return [...(node.heritageClauses ?? []), ...node.members.flatMap(publicParts)];
  if (ts.isClassElement(node) && isPrivate(node)) return [];
  if (ts.isFunctionLike(node)) return signatureOf(node);
  if (ts.isPropertyDeclaration(node) || ts.isVariableDeclaration(node)) {
    if (node.type) return [node.type];
    return node.initializer && ts.isArrowFunction(node.initializer) ? signatureOf(node.initializer) : [];
  }
  return [node];
}

function signatureOf({ typeParameters = [] as never, parameters, type }: ts.SignatureDeclaration): readonly ts.Node[] {
  return [...typeParameters, ...parameters.flatMap((parameter) => parameter.type ?? []), ...(type ? [type] : [])];
}

function typeNameOf(node: ts.Node): ts.Node | undefined {
  if (ts.isTypeReferenceNode(node)) return node.typeName;
  if (ts.isExpressionWithTypeArguments(node)) return node.expression;
  return ts.isTypeQueryNode(node) ? node.exprName : undefined;
}

function isAmbient(declaration: ts.Declaration | undefined): boolean {
  return declaration !== undefined && (ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Ambient) !== 0;
}
