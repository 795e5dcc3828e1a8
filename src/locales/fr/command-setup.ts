import type { TextsLike } from "../coded.ts";
import type { COMMAND_SETUP } from "../en/command-setup.ts";
import { all, counted, french, number, plural } from "./words.ts";

export const COMMAND_SETUP_FR: TextsLike<typeof COMMAND_SETUP> = /* @__PURE__ */ french({
  file_exists: ({ file }) => `${file} existe déjà ; rien n’a été écrit.`,
  init_install:
    "\nInstallez le paquet ici, pour que la configuration puisse l’importer :\n\n  npm install oplead-sdk\n",
  init_try: "\nAucun jeton n’est nécessaire pour essayer :\n\n  npx oplead-sdk plan --target fake\n",
  init_deploy_steps: "Pour planifier l’exécution nocturne (une seule fois, en root) :",
  deploy_files_missing: "Le dossier deploy du paquet manque. Réinstallez oplead-sdk.",
  nothing_written: "rien",
  init_deploy_differs: ({ files, command }) =>
    `Conservés, mais différents de cette version : ${all(files)}. Pour les renouveler : rm ${files.join(" ")} && ${command}`,
  init_written: ({ files }) => `Écrit : ${files}\n`,
  init_read: ({ people }) => `\nLu : ${counted(people, "personne")}\n`,
  init_read_others: ({ people, others }) =>
    `\nLu : ${counted(people, "personne")}, et ${counted(others, "autre ligne", "autres lignes")} que la configuration laisse de côté\n`,
  init_not_recognised: "Non reconnu, donc pas utilisé",
  init_recognised: "Reconnu",
  init_to_do: "À décider dans la configuration avant tout envoi à Oplead",
  init_decision: ({ number: at, line, what }) => `${number(at)}. ligne ${line} : ${what}`,
  title: ({ title }) => `${title} :`,
  by_cells: " (d’après son contenu)",
  sample_language: "La langue des textes, des alertes, des pages et des CSV : « en » ou « fr ».",
  sample_client:
    "Où est Oplead et comment s’y connecter. Mettez OPLEAD_TOKEN dans l’environnement ou dans un fichier .env à côté de celui-ci.",
  sample_source:
    "D’où viennent les utilisateurs : csvSource, excelSource, jsonSource, restSource, tout itérable (asynchrone ou non), ou une fonction qui en renvoie un.",
  sample_key: "Le numéro de compte d’une ligne. Il doit être unique et ne jamais changer.",
  sample_prefix:
    "Le préfixe le distingue des ID Oplead : un numéro fait de chiffres seulement pourrait être l’ID d’un autre utilisateur, et il est refusé.",
  sample_map:
    "Ce qui sera envoyé à Oplead pour cette ligne. Renvoyez null pour laisser une ligne de côté. Une erreur ici rend la ligne non valide, et les autres continuent.",
  sample_rules:
    "Les règles déterminent les leads que reçoit un utilisateur. Celles qui ne sont pas données restent telles quelles.",
  sample_ledger_key:
    "Le secret du registre, qu’init a écrit dans .env. Gardez les deux ; donnez-le à chaque machine qui utilise cette configuration.",
  sample_ledger: "Ce qu’Oplead a accepté jusqu’ici. Gardez ce dossier d’une exécution à l’autre.",
  sample_receives:
    "Qui reçoit des leads. Sans cette ligne, les utilisateurs sans règle, comme les responsables, ne comptent pas là où d’autres ont des règles.",
  sample_refresh:
    "Renvoie chaque utilisateur inchangé une fois tous les tant de jours, pour qu’une modification faite à la main dans Oplead ne dure pas. À laisser en commentaire si quelqu’un tient à jour dans Oplead des données absentes de la source : il perdrait ses modifications.",
  sample_policy:
    "Une règle de couverture, à décommenter avec l’import de maxLost plus haut : refuse un plan qui laisse plus de ce nombre d’habitants sans commercial.",
  sample_guard: "Une exécution qui changerait plus que cela est arrêtée avant le premier envoi.",
  sample_targets: "Autres plateformes, choisies par --target. « fake » est toujours là : un faux Oplead, sans jeton.",
  config_targets: "Autres plateformes, choisies par --target.",
  config_made:
    "Écrit par « oplead init --from ». Ce fichier est à vous : corrigez ce qui est faux. INTROUVABLE signale ce qui n’a pas été trouvé dans le fichier.",
  config_source: "D’où viennent les utilisateurs. Chaque cellule est du texte, donc 01000 garde son zéro.",
  config_max_age:
    "Un fichier que personne n’a renouvelé depuis ce délai est refusé : sinon, un export en panne ressemblerait à une journée sans changement.",
  config_labels:
    "Les colonnes qui nomment une personne dans les listes, status et why. Plans et rapports n’en gardent rien.",
  config_empty_rule:
    "Une cellule vidée laisse la règle telle quelle dans Oplead. Pour l’effacer, demandez à l’administrateur de votre plateforme, ou envoyez une autre valeur.",
  config_map:
    "Quelle colonne remplit quel champ. Une valeur absente d’une liste rend sa ligne non valide, et les autres sont envoyées. Si une colonne manque au fichier, rien n’est envoyé.",
  config_notify:
    "Prévient un canal quand une exécution nocturne se passe mal : mettez son adresse dans .env et retirez les //.",
  config_titles: "Les lignes au-dessus contiennent des titres.",
  column_by_cells: ({ name }) => `La colonne ${name}, reconnue à son contenu.`,
  column_by_name: ({ name }) => `La colonne ${name}, reconnue à son nom.`,
  not_found: ({ what }) => `INTROUVABLE : ${what}.`,
  column_not_mapped: ({ name }) =>
    `NON REPRIS : la colonne ${name} contient autre chose que des numéros de compte de ce fichier.`,
  config_no_people: ({ rows }) =>
    `Les lignes qui ne sont pas des personnes, comme les totaux (dans le fichier : ${rows}), ont au plus une de ces cellules ; un nombre n’est pas un nom.`,
  config_no_accounts:
    'Les fonctions qui n’ont pas de compte dans Oplead : mettez leurs mots entre ces crochets, par exemple "Assistante".',
  config_no_logins: "L’identifiant est l’adresse e-mail, unique elle aussi.",
  config_no_countries: "Pas de colonne de pays : tous sont en France.",
  config_email_as_key: "L’adresse e-mail la remplace, et peut changer.",
  lacks_key: "une colonne qui est unique pour une personne et ne change jamais",
  lacks_parent: "une colonne avec le numéro de compte du responsable",
  lacks_role: "une colonne de fonctions. Tous reçoivent le même profil",
  lacks_title: "la civilité. Tous reçoivent celle-ci",
  lacks_last_name: "la colonne des noms",
  lacks_email: "la colonne des adresses e-mail",
  lacks_postcode: "la colonne des codes postaux",
  lacks_town: "la colonne des villes",
  to_do_lacks: ({ field, what }) => `INTROUVABLE : ${field} : ${what}.`,
  to_do_leavers: ({ gone, kept }) =>
    `Les lignes avec ${gone} sont écartées, car ces personnes semblent parties ; celles avec ${kept} sont envoyées. Déplacez un mot dans l’autre liste si c’est faux.`,
  to_do_states: ({ kept }) =>
    `Les lignes avec ${kept} sont envoyées. Mettez dans skip les mots qui disent qu’une personne est partie ; tout autre mot rend sa ligne non valide.`,
  to_do_civility: "Supposé : Oplead ne documente pas de liste de civilités. Demandez s’il accepte « M. » et « Mme ».",
  to_do_civility_unknown: ({ values, count }) =>
    `Supposé : Oplead accepte « M. » et « Mme ». Ajoutez ${values} à l’une des listes, sinon ${plural(count, "ses lignes ne sont pas valides", "leurs lignes ne sont pas valides")}.`,
  to_do_profiles: ({ codes }) =>
    `Mettez les codes de profil de votre plateforme à la place de ${codes} : ceux-ci sont inventés. Son administrateur les connaît. Si plusieurs fonctions ont le même profil, réunissez leurs mots dans une seule liste.`,
  to_do_end_date: ({ name }) =>
    `Les lignes dont la date dans ${name} est passée sont écartées : ces personnes semblent parties. Retirez la ligne si c’est une autre date.`,
  to_do_ranges:
    'Les cellules doivent contenir des codes de votre plateforme, séparés par des virgules ; pour des mots, donnez une table : cell.codes(colonne, { CODE: ["mot"] }).',
  to_do_unused: ({ names }) => `Pas utilisées : ${names}. Reprenez ce qu’Oplead doit recevoir.`,
  to_do_roles: ({ count }) =>
    `${counted(count, "autre valeur", "autres valeurs")} de cette colonne ${plural(count, "n’est pas", "ne sont pas")} dans la liste : le plan les nomme. Est-ce la bonne colonne ?`,
  to_do_countries: ({ countries }) =>
    `Ce ne sont pas des pays : ${countries}. Corrigez ces cellules, sinon leurs lignes ne sont pas valides.`,
  to_do_parents:
    "parentUserIdentifier : nommez la colonne avec le numéro de compte du responsable, pour les profils qui en exigent un.",
  probe_of_fake: "Un faux Oplead n’apprend rien d’une plateforme : interrogez la vraie.",
  probe_nothing_to_compare: ({ file }) => `${file} n’existe pas : rien à comparer.`,
  nothing_sent: "Rien n’a été envoyé.",
  probe_creates_users: "Des utilisateurs sont créés en mode test, si une réponse montre qu’il est pris en compte.",
  probe_no_answer: ({ requests }) =>
    `L’API a cessé de répondre après ${counted(requests, "requête")}. Rien n’a été écrit : recommencez.`,
  probe_other_platform: ({ file, before, now }) =>
    `${file} vient de ${before}, alors que la plateforme interrogée est ${now}.`,
  probe_would_forget: ({ file, names }) =>
    `${file} reste tel quel : il contient sur ${names} des faits qui n’ont pas pu être établis cette fois. Recommencez avec les mêmes options qu’avant, ou supprimez le fichier.`,
  probe_written: ({ requests, file }) => `${counted(requests, "requête")}. Écrit : ${file}`,
  probe_takes_anything:
    "La plateforme accepte ce qui n’est pas un utilisateur : aucune de ses réponses n’est fiable, ni que son mode test n’écrit rien. " +
    "Vérifiez l’adresse, et demandez à son administrateur ce que fait ?test=true.",
  probe_not_shown:
    "Rien ne montre que cette plateforme a un mode test : elle répond de même à ?test=true et à ?test=oplead-probe. Rien de ce qu’elle " +
    "pourrait écrire n’a été envoyé. Si elle documente que ?test=true n’écrit rien, ajoutez --trust-test-mode.",
  probe_proposes: ({ line, value, evidence }) => `+ platform.${line} : "${value}"  d’après ${evidence}`,
  probe_perhaps: ({ line, value, evidence }) =>
    `? platform.${line} : "${value}"  peut-être, d’après ${evidence} : écrivez-le vous-même si c’est juste`,
  probe_use: '\nPour l’utiliser : mettez platform: "./platform.json" dans la configuration.',
  probe_create_not_allowed:
    "--allow-test-create crée des utilisateurs en mode test. Sans terminal, il faut aussi probe.allowTestCreate: true dans la configuration.",
  probe_no_user: ({ user }) => `La source ne contient pas d’utilisateur ${user}.`,
  relied_on: " (le paquet en dépend)",
  compared_same: "Rien n’a changé.",
  compared_compatible:
    "Il y a des changements, mais aucun dont dépende le paquet. Pour les enregistrer, recommencez sans --compare.",
  compared_broken:
    "Quelque chose dont dépend le paquet a changé. Lisez les lignes marquées ✗, puis recommencez sans --compare.",
  gap_no_existing_user: "nommez un utilisateur présent dans Oplead : --as COMPTE",
  gap_existing_user_unknown: "Oplead ne trouve pas l’utilisateur nommé par --as",
  gap_rule_not_in_source: "l’utilisateur nommé par --as n’a pas cette règle",
  gap_creation_not_allowed: "seule une création en mode test le montre : --allow-test-create",
  gap_test_mode_not_seen:
    "aucune réponse n’a montré que le mode test est pris en compte ; --allow-test-create en demande plus",
  gap_not_authorized: "Oplead n’accepte pas le jeton sous cette forme ; indiquez-en une autre avec --auth",
  gap_no_answer: "l’API n’a pas répondu",
  gap_one_sample: "une seule réponse l’a montré, et un fait en demande deux ; relancez la sonde",
  gap_samples_differ: "deux réponses, à des moments différents, ne concordent pas ; relancez la sonde",
  gap_may_be_gateway:
    "le 404 vient peut-être d’une passerelle ; nommez un utilisateur présent dans Oplead : --as COMPTE",
  gap_content_refused: "Oplead a refusé le contenu",
  gap_no_path_found: "le chemin de cette règle n’a pas été trouvé",
  gap_not_shown: "aucune réponse ne l’a montré",
  gap_requests_used_up: "le nombre de requêtes est épuisé",
  gap_cut_off: "l’API a cessé de répondre en cours de route",
  sends_unreadable: "  du JSON interrompu",
  sends_empty_object: "  un objet vide",
  sends_made_up_user: "  un utilisateur inventé, aux numéros tirés au hasard",
  sends_unchanged_user: "  l’utilisateur tel qu’il figure dans la source",
  sends_part_of_user: "  le nom de l’utilisateur, inchangé",
  sends_user_with_wrong_email: "  l’utilisateur avec une adresse e-mail fausse",
  sends_user_with_taken_account_number: "  un utilisateur inventé, avec le numéro de compte de cet utilisateur",
  sends_unchanged_rule: "  la règle telle qu’elle figure dans la source",
  sends_changed_radius: "  un rayon plus grand d’un kilomètre, puis l’ancien si le changement se voit",
  sent_if_still_open: ", si les réponses d’avant laissent un doute",
  sent_if_test_mode_arrives: ", seulement quand une réponse a montré que le mode test est pris en compte",
  types_need_packages: ({ install }) =>
    `Les types sont générés par deux paquets qui ne sont pas installés : ${install}`,
  types_file_of_others: ({ file }) => `${file} n’a pas été généré par cette commande ; rien n’a été écrit.`,
  types_not_a_module: ({ file }) =>
    `Les types et les réglages forment un module TypeScript : donnez un nom qui finit par .ts, .mts ou .cts au lieu de ${file}.`,
  types_missing: ({ missing }) => `Introuvable dans le document, à demander ou à faire sonder : ${missing.join(", ")}`,
  quoted: ({ how }) => `« ${how} »`,
  nothing_broken: "Aucune vérification en échec.",
  checks_failed: ({ checks }) => `En échec : ${counted(checks, "vérification")}.`,
  check_node: "Node",
  check_config: "Configuration",
  check_config_part: ({ part }) => `Configuration, ${part}`,
  check_package: ({ name }) => `Paquet ${name}`,
  check_source: "Source",
  check_field: ({ field }) => `Champ ${field}`,
  check_columns: "Colonnes",
  check_facts: "Faits",
  check_base_url: "Adresse de base",
  check_proxy: "Proxy",
  check_ledger: "Registre",
  check_pause: "Pause",
  check_notify: "Alertes",
  check_notify_target: ({ target }) => `Alertes, ${target}`,
  check_queue: "File d’attente",
  check_oplead: "Oplead",
  check_clock: "Horloge",
});
