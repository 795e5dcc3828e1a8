import type { TextsLike } from "../base/texts/coded.ts";
import { ALERT_ADVICE, ALERT_TITLES, ALERT_WORDS, ALERTS } from "../base/texts/en/alerts.ts";
import { ALERT_ADVICE_FR, ALERT_TITLES_FR, ALERT_WORDS_FR, ALERTS_FR } from "../base/texts/fr/alerts.ts";

/** Everything that an alert says. */
interface Language {
  readonly titles: TextsLike<typeof ALERT_TITLES>;
  readonly alerts: TextsLike<typeof ALERTS>;
  readonly advice: TextsLike<typeof ALERT_ADVICE>;
  readonly words: TextsLike<typeof ALERT_WORDS>;
}

export const LANGUAGES: Readonly<Record<"en" | "fr", Language>> = {
  en: { titles: ALERT_TITLES, alerts: ALERTS, advice: ALERT_ADVICE, words: ALERT_WORDS },
  fr: { titles: ALERT_TITLES_FR, alerts: ALERTS_FR, advice: ALERT_ADVICE_FR, words: ALERT_WORDS_FR },
};
