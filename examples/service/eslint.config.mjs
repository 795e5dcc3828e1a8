import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

export default defineConfig({ ignores: ["dist/", "*.mjs", "*.cjs"] }, tseslint.configs.strictTypeChecked, {
  languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
  // No comment switches a rule off.
  linterOptions: { noInlineConfig: true },
  // No cast either: only `as const` is left.
  rules: { "@typescript-eslint/consistent-type-assertions": ["error", { assertionStyle: "never" }] },
});
