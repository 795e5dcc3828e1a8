/** An amount of something: `1 user`, `12 users`. */
export function counted(amount: number, what: string): string {
  return `${amount} ${what}${amount === 1 ? "" : "s"}`;
}
