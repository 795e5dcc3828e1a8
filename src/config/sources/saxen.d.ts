/** Types for the part of saxen that is used, because saxen has no types of its own. */
declare module "saxen" {
  export class Parser {
    on(event: "openTag", take: (name: string, attributes: () => Readonly<Record<string, string>>) => void): this;
    on(event: "closeTag" | "text" | "cdata" | "attention", take: (text: string) => void): this;
    on(event: "error" | "warn", take: (error: Error) => void): this;
    write(text: string): this;
    end(): void;
  }
}
