import type { TextsLike } from "../locales/coded.ts";
import { ALERTS } from "../locales/en/report.ts";
import { ALERTS_FR } from "../locales/fr/report.ts";
import type { ReportLanguage } from "../sync/types/report.ts";

/** The texts of messages. */
export const ALERT_TEXTS: Readonly<Record<ReportLanguage, TextsLike<typeof ALERTS>>> = {
  en: ALERTS,
  fr: ALERTS_FR,
};
