/** Sentences of the command about load and suggestions, by their English text. */
export const LOAD = {
  "say how many leads a month each user gets: from a CSV, Excel or JSON file with the leads of a month, or from leads per inhabitant, for example 0.0002":
    "dit combien de leads chaque utilisateur reçoit par mois : d'après un fichier CSV, Excel ou JSON des leads d'un mois, ou des leads par habitant, par exemple 0.0002",
  "with --load: name users with more leads a month":
    "avec --load : nomme les utilisateurs qui ont plus de leads par mois",
  "with --load: name users with fewer leads a month":
    "avec --load : nomme les utilisateurs qui ont moins de leads par mois",
  "suggest at most so many changes of rules that close gaps, or with --load and --max-load or --min-load even out load; 10 if no number is given":
    "propose au plus ce nombre de changements de règles qui comblent des lacunes ou, avec --load et --max-load ou --min-load, équilibrent la charge ; 10 sans nombre",
  "with --suggest: the largest radius, and how far new postcodes may be, in km":
    "avec --suggest : le plus grand rayon, et la distance maximale de nouveaux codes postaux, en km",
  "{user}: {equal} ({min} to {max})": "{user} : {equal} ({min} à {max})",
  "Load: {leads} a month; no user can get {unreached} of them.":
    "Charge : {leads} par mois ; aucun utilisateur ne peut en recevoir {unreached}.",
  "Leads a month if users share equally, and from none to all of the shared ones:":
    "Leads par mois à parts égales, et selon que l'utilisateur n'a aucun ou tous ceux qu'il partage :",
  "No change of a rule within the limits closes a gap.":
    "Aucun changement de règle dans les limites ne comble de lacune.",
  "No change of a rule within the limits evens out load.":
    "Aucun changement de règle dans les limites n'équilibre la charge.",
  "Suggestions, each given those before it ({count})": "Propositions, chacune après les précédentes ({count})",
} as const;
