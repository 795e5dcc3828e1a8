import type { TextsLike } from "../base/texts/coded.ts";
import { ALERTS } from "../base/texts/en/alerts.ts";
import { ALERTS_FR } from "../base/texts/fr/alerts.ts";
import { allTypeset } from "../base/texts/fr/words.ts";
import type { ReportLanguage } from "../sync/types/report.ts";

/** The texts of messages. */
export const ALERT_TEXTS: Readonly<Record<ReportLanguage, TextsLike<typeof ALERTS>>> = {
  en: ALERTS,
  fr: /* @__PURE__ */ allTypeset(ALERTS_FR),
};
