import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const root = fileURLToPath(new URL("../..", import.meta.url));

export interface Property {
  readonly name: string;
  readonly type: string;
  readonly optional: boolean;
  // Shared by interfaces that inherit it.
  readonly declaredAt: string;
  readonly text: string;
  readonly defaultValue: string | undefined;
}

// The compiler follows `extends`, `Pick` and `Omit` across files.
export class Types {
  // Making it takes seconds.
  readonly program: ts.Program;
  readonly #checker: ts.TypeChecker;

  constructor(files: readonly string[]) {
    const configPath = join(root, "tsconfig.json");
    const { config } = ts.readConfigFile(configPath, ts.sys.readFile);
    const { options } = ts.parseJsonConfigFileContent(config, ts.sys, dirname(configPath));
    this.program = ts.createProgram(
      files.map((file) => join(root, file)),
      { ...options, noEmit: true },
    );
    this.#checker = this.program.getTypeChecker();
  }

  exportsOf(file: string): string[] {
    return this.#exports(file).map(({ name }) => name);
  }

  // What is generated has the descriptions of the schema.
  undocumentedExportsOf(file: string): string[] {
    return this.#exports(file)
      .filter(({ symbol }) => symbol.getDocumentationComment(this.#checker).length === 0)
      .filter(({ symbol }) => !symbol.declarations?.[0]?.getSourceFile().fileName.includes("/generated/"))
      .map(({ name }) => name);
  }

  docstringsOf(file: string): Map<string, string> {
    const found = new Map<string, string>();
    const visit = (node: ts.Node, name: string): void => {
      for (const doc of ts.getJSDocCommentsAndTags(node)) found.set(name, `${found.get(name) ?? ""}${doc.getText()}`);
      if (ts.isBlock(node)) return;
      ts.forEachChild(node, (child) => {
        const isMember = ts.isTypeElement(child) || ts.isClassElement(child);
        visit(child, isMember && child.name ? `${name}.${child.name.getText()}` : name);
      });
    };
    for (const { name, symbol } of this.#exports(file)) {
      for (const declaration of symbol.declarations ?? []) visit(declaration, name);
    }
    return found;
  }

  exportsTagged(tag: string, file: string): string[] {
    return this.#exports(file)
      .filter(({ symbol }) => symbol.getJsDocTags(this.#checker).some(({ name }) => name === tag))
      .map(({ name }) => name);
  }

  propertiesOf(file: string, name: string): Property[] {
    const symbol = this.#exports(file).find((exported) => exported.name === name)?.symbol;
    if (!symbol) throw new Error(`${file} does not export ${name}.`);
    const properties = this.#checker.getPropertiesOfType(this.#checker.getDeclaredTypeOfSymbol(symbol));
    if (properties.length === 0) throw new Error(`${name} of ${file} has no properties.`);
    return properties
      .filter((property) => !property.getJsDocTags().some(({ name }) => name === "internal"))
      .map((property) => this.#read(property));
  }

  #exports(file: string): { readonly name: string; readonly symbol: ts.Symbol }[] {
    const source = this.program.getSourceFile(join(root, file));
    const module = source && this.#checker.getSymbolAtLocation(source);
    if (!module) throw new Error(`${file} does not exist or exports nothing.`);
    return this.#checker.getExportsOfModule(module).map((symbol) => {
      const isAlias = symbol.flags & ts.SymbolFlags.Alias;
      return { name: symbol.name, symbol: isAlias ? this.#checker.getAliasedSymbol(symbol) : symbol };
    });
  }

  #read(symbol: ts.Symbol): Property {
    const declaration = symbol.declarations?.find((node) => ts.isPropertySignature(node) || ts.isMethodSignature(node));
    const typeNode = declaration && ts.isPropertySignature(declaration) ? declaration.type : undefined;
    const text = ts
      .displayPartsToString(symbol.getDocumentationComment(this.#checker))
      .replace(/\{@link[\s*]+(?:[\w.]*\.)?(\w+)\s*\}/g, "`$1`")
      .replace(/\s+/g, " ")
      .trim();
    return {
      name: symbol.name,
      declaredAt: `${declaration?.getSourceFile().fileName}:${declaration?.pos}`,
      type: typeNode?.getText() ?? "function",
      optional: (symbol.flags & ts.SymbolFlags.Optional) !== 0,
      text,
      defaultValue: /\bDefaults?:? ([^;]+?)(?:\.(?:\s|$)|$|;)/.exec(text)?.[1],
    };
  }
}
