import type { AlertMessage, AlertTarget } from "./options.ts";

type Format = Extract<AlertTarget, { readonly webhook: string }>["format"];

/** Slack refuses a section that is longer. */
const SECTION = 3_000;

/**
 * The body of a message for a webhook. Account numbers come from elsewhere: none may mention a channel, make a link, or look like another
 * line.
 */
export const FORMATS: Readonly<Record<Format, (message: AlertMessage) => unknown>> = {
  // Slack reads commands between < and >, such as <!channel>. `verbatim` keeps it from making links and mentions of bare words.
  slack: ({ title, text }) => ({
    text: escaped(title),
    unfurl_links: false,
    blocks: [
      {
        type: "section",
        text: { type: "mrkdwn", verbatim: true, text: cut(`*${escaped(title)}*\n${escaped(text)}`) },
      },
    ],
  }),
  // Text runs know no Markdown, so nothing becomes a link. A mention would need an entity besides.
  teams: ({ title, text }) => ({
    type: "message",
    attachments: [
      {
        contentType: "application/vnd.microsoft.card.adaptive",
        contentUrl: null,
        content: {
          $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
          type: "AdaptiveCard",
          version: "1.4",
          body: [
            richText(title, { weight: "Bolder", size: "Medium" }),
            ...text.split("\n").map((line) => richText(line, {})),
          ],
        },
      },
    ],
  }),
  json: (message) => message,
};

function richText(text: string, look: object) {
  return { type: "RichTextBlock", inlines: [{ type: "TextRun", text, ...look }] };
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** Not inside of `&lt;`. */
function cut(text: string): string {
  return text.length <= SECTION ? text : `${text.slice(0, SECTION - 1).replace(/&[a-z]{0,3}$/, "")}…`;
}
