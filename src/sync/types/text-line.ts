/** How a line is meant: something arrives or arrived, deserves a look, or went wrong. */
export type Tone = "good" | "notable" | "bad";

/** A line of a text for people. */
export interface TextLine {
  readonly text: string;
  /** Only of headings and counts. */
  readonly tone: Tone | undefined;
}
