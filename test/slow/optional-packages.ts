import manifest from "../../package.json" with { type: "json" };

const { bullmq, nodemailer, typescript, ...dev } = manifest.devDependencies;

// TypeScript has no 5.4.0: its lines begin with .2.
export const OLDEST = Object.entries({ ...manifest.peerDependencies, typescript: ">=5.4.2" }).map(
  ([name, range]) => `${name}@${range.replace(">=", "")}`,
);
export const NEWEST = [
  ...[`bullmq@${bullmq}`, "ioredis@6.0.0", `nodemailer@${nodemailer}`, "msw@3.0.5"],
  ...[`openapi-typescript@${dev["openapi-typescript"]}`, `typescript@${typescript}`],
];

export function versionIn(packages: readonly string[], name: string): string {
  const found = packages.find((spec) => spec.startsWith(`${name}@`));
  if (found === undefined) throw new Error(`${name} is not among ${packages.join(" ")}`);
  return found.slice(name.length + 1);
}
