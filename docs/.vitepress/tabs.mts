/** Turns samples into tabs on the site. The pages themselves stay plain Markdown, which GitHub and the package show as well. */

/** The same packages with each package manager. Undefined where a line is no installation. */
function installations(code: string): readonly (readonly [name: string, code: string])[] | undefined {
  const lines = code.trimEnd().split("\n");
  if (!lines.every((line) => /^ *npm (?:install [@\w]|install --save|init -y$)/.test(line))) return undefined;
  const having = (manager: string, dev: string): string =>
    lines
      .map((line) =>
        line
          .replace(/npm init -y/, manager === "pnpm" ? "pnpm init" : `${manager} init -y`)
          .replace(/npm install/, `${manager} add`)
          .replace("--save-dev", dev)
          .replace("--save-exact", manager === "pnpm" ? "--save-exact" : "--exact"),
      )
      .join("\n");
  return [
    ["npm", lines.join("\n")],
    ["pnpm", having("pnpm", "--save-dev")],
    ["yarn", having("yarn", "--dev")],
    ["bun", having("bun", "--dev")],
  ];
}

function group(indent: string, tabs: readonly (readonly [name: string, language: string, code: string])[]): string {
  const fences = tabs.map(([name, language, code]) => `${indent}\`\`\`${language} [${name}]\n${code}\n${indent}\`\`\``);
  return `${indent}::: code-group\n\n${fences.join("\n\n")}\n\n${indent}:::`;
}

/** A page with tabs for package managers, and for the shells where "In PowerShell:" stands between two samples. */
export function withTabs(markdown: string): string {
  return markdown
    .replace(
      /^( *)```sh\n((?:(?! *```).*\n)+?)\1```\n\n\1(?:In PowerShell:|Dans PowerShell :)\n\n(?:\1<!--.*-->\n)*\1```powershell\n((?:(?! *```).*\n)+?)\1```$/gm,
      (_, indent: string, shell: string, powershell: string) =>
        group(indent, [
          ["Linux, macOS", "sh", shell.trimEnd()],
          ["PowerShell", "powershell", powershell.trimEnd()],
        ]),
    )
    .replace(/^( *)```sh\n((?:(?! *```).*\n)+?)\1```$/gm, (whole: string, indent: string, code: string) => {
      const tabs = installations(code);
      return tabs
        ? group(
            indent,
            tabs.map(([name, text]) => [name, "sh", text] as const),
          )
        : whole;
    });
}
