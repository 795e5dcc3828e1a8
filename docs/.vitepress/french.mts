import type { DefaultTheme, LocaleSpecificConfig } from "vitepress";
import { checked } from "./sidebar.mts";

/** Labels and menus of the pages in French. All other pages are in English, and its menus say so. */
export const french: LocaleSpecificConfig<DefaultTheme.Config> & { label: string; link: string } = {
  label: "Français",
  lang: "fr",
  link: "/fr/",
  description: "Gardez les utilisateurs d’Oplead à jour avec votre SIRH, votre CRM ou votre base de concessionnaires.",
  themeConfig: {
    nav: [
      { text: "De l’Excel au cron", link: checked("/fr/excel-au-cron") },
      { text: "Documentation (en anglais)", link: checked("/start/command") },
    ],
    sidebar: [
      {
        text: "En français",
        items: [
          { text: "Pour les administrateurs", link: checked("/fr/") },
          { text: "De l’Excel au cron", link: checked("/fr/excel-au-cron") },
          { text: "Démarrage rapide", link: checked("/fr/demarrage-rapide") },
          { text: "La première heure avec votre plateforme", link: checked("/fr/premiere-heure") },
          { text: "Lire un plan", link: checked("/fr/lire-un-plan") },
          { text: "Le garde-fou", link: checked("/fr/garde-fou") },
          { text: "Que s’est-il passé ?", link: checked("/fr/que-s-est-il-passe") },
          { text: "Un collaborateur part", link: checked("/fr/un-collaborateur-part") },
          { text: "Pas de leads", link: checked("/fr/couverture") },
        ],
      },
      {
        text: "En anglais",
        items: [
          { text: "La commande", link: checked("/start/command") },
          { text: "CSV et Excel", link: checked("/sources/files") },
          { text: "Guide des erreurs", link: checked("/operate/runbook") },
          { text: "Données personnelles et secrets", link: checked("/operate/personal-data") },
          { text: "Toutes les commandes", link: checked("/reference/command") },
          { text: "Glossaire", link: checked("/start/how-it-works") },
        ],
      },
    ],
    outline: { level: [2, 3], label: "Sur cette page" },
    langMenuLabel: "Changer de langue",
    sidebarMenuLabel: "Menu",
    returnToTopLabel: "Retour en haut",
    darkModeSwitchLabel: "Apparence",
    lightModeSwitchTitle: "Passer au thème clair",
    darkModeSwitchTitle: "Passer au thème sombre",
    skipToContentLabel: "Aller au contenu",
  },
};

/** The labels of the search, on the pages in French. */
export const frenchSearch: NonNullable<DefaultTheme.LocalSearchOptions["locales"]>[string] = {
  translations: {
    button: { buttonText: "Rechercher", buttonAriaLabel: "Rechercher" },
    modal: {
      displayDetails: "Afficher les détails",
      resetButtonTitle: "Effacer la recherche",
      backButtonTitle: "Fermer la recherche",
      noResultsText: "Aucun résultat pour",
      footer: { selectText: "ouvrir", navigateText: "parcourir", closeText: "fermer" },
    },
  },
};
