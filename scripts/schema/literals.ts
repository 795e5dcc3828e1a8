/*
 * Finds the literal values in a script with the TypeScript parser. The script is not run: an expression that is not a literal
 * has no value here.
 */
import ts from "typescript";

/**
 * Every `name: value` and `name = value` of a script whose value is a literal, in the order of the text.
 *
 * @throws Error if brackets are nested too deeply.
 */
export function literalsIn(script: string): { name: string; value: unknown }[] {
  try {
    return read(script);
  } catch (error) {
    throw error instanceof RangeError ? new Error("A script of the page is nested too deeply.") : error;
  }
}

function read(script: string): { name: string; value: unknown }[] {
  const file = ts.createSourceFile("page.js", script, ts.ScriptTarget.Latest, false, ts.ScriptKind.JS);
  const found: { name: string; value: unknown }[] = [];
  const visit = (node: ts.Node): void => {
    const named = nameAndValue(node);
    const value = named && spelt(named.value);
    if (named && value !== undefined) found.push({ name: named.name, value });
    // The inside of a literal is not searched: a document may have a field called `url`.
    else ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function nameAndValue(node: ts.Node): { name: string; value: ts.Expression } | undefined {
  if (ts.isPropertyAssignment(node)) {
    const name = nameOf(node.name);
    return name === undefined ? undefined : { name, value: node.initializer };
  }
  if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && node.initializer) {
    return { name: node.name.text, value: node.initializer };
  }
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken) {
    const target = node.left;
    if (ts.isIdentifier(target)) return { name: target.text, value: node.right };
    if (ts.isPropertyAccessExpression(target)) return { name: target.name.text, value: node.right };
    if (ts.isElementAccessExpression(target) && ts.isStringLiteralLike(target.argumentExpression)) {
      return { name: target.argumentExpression.text, value: node.right };
    }
  }
  return undefined;
}

function nameOf(name: ts.PropertyName): string | undefined {
  return ts.isIdentifier(name) || ts.isStringLiteralLike(name) || ts.isNumericLiteral(name) ? name.text : undefined;
}

/** The value of an expression; undefined if it is not a literal. */
function spelt(node: ts.Expression): unknown {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isNumericLiteral(node)) return Number(node.text);
  if (ts.isParenthesizedExpression(node)) return spelt(node.expression);
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.MinusToken) {
    const value = spelt(node.operand);
    return typeof value === "number" ? -value : undefined;
  }
  if (ts.isArrayLiteralExpression(node)) {
    const values = node.elements.map(spelt);
    return values.includes(undefined) ? undefined : values;
  }
  if (ts.isObjectLiteralExpression(node)) return objectOf(node);
  if (ts.isCallExpression(node)) return parsedJson(node);
  switch (node.kind) {
    case ts.SyntaxKind.TrueKeyword:
      return true;
    case ts.SyntaxKind.FalseKeyword:
      return false;
    case ts.SyntaxKind.NullKeyword:
      return null;
    default:
      return undefined;
  }
}

function objectOf(node: ts.ObjectLiteralExpression): object | undefined {
  const entries: [string, unknown][] = [];
  for (const property of node.properties) {
    const name = ts.isPropertyAssignment(property) ? nameOf(property.name) : undefined;
    const value = ts.isPropertyAssignment(property) ? spelt(property.initializer) : undefined;
    if (name === undefined || value === undefined) return undefined;
    entries.push([name, value]);
  }
  // Object.fromEntries makes an own field even of `__proto__`.
  return Object.fromEntries(entries);
}

/** `JSON.parse("…")`, as some servers write their settings. */
function parsedJson(node: ts.CallExpression): unknown {
  const callee = node.expression;
  const [text] = node.arguments;
  const isParse =
    ts.isPropertyAccessExpression(callee) &&
    callee.name.text === "parse" &&
    ts.isIdentifier(callee.expression) &&
    callee.expression.text === "JSON";
  if (!isParse || text === undefined || !ts.isStringLiteralLike(text)) return undefined;
  try {
    return JSON.parse(text.text);
  } catch {
    return undefined;
  }
}
