// By hand, to half a kilometre: the sources know Paris, Lyon and Marseille as one place, or as many quarters.
export const arrondissements: { readonly [zip: string]: readonly [latitude: number, longitude: number] | undefined } = {
  "75001": [48.863, 2.336],
  "75002": [48.868, 2.343],
  "75003": [48.863, 2.36],
  "75004": [48.854, 2.358],
  "75005": [48.845, 2.351],
  "75006": [48.849, 2.333],
  "75007": [48.856, 2.312],
  "75008": [48.873, 2.313],
  "75009": [48.877, 2.337],
  "75010": [48.876, 2.361],
  "75011": [48.859, 2.38],
  "75012": [48.841, 2.395],
  "75013": [48.828, 2.362],
  "75014": [48.829, 2.327],
  "75015": [48.84, 2.293],
  // The south and the north of the 16th.
  "75016": [48.853, 2.265],
  "75116": [48.866, 2.282],
  "75017": [48.887, 2.307],
  "75018": [48.893, 2.349],
  "75019": [48.887, 2.385],
  "75020": [48.863, 2.401],
  "69001": [45.77, 4.829],
  "69002": [45.75, 4.827],
  "69003": [45.759, 4.865],
  "69004": [45.779, 4.827],
  "69005": [45.76, 4.806],
  "69006": [45.772, 4.852],
  "69007": [45.733, 4.84],
  "69008": [45.734, 4.869],
  "69009": [45.778, 4.804],
  "13001": [43.298, 5.384],
  "13002": [43.311, 5.367],
  "13003": [43.312, 5.379],
  "13004": [43.307, 5.401],
  "13005": [43.293, 5.401],
  "13006": [43.287, 5.38],
  "13007": [43.283, 5.36],
  "13008": [43.258, 5.377],
  "13009": [43.25, 5.43],
  "13010": [43.276, 5.423],
  "13011": [43.29, 5.478],
  "13012": [43.307, 5.439],
  "13013": [43.335, 5.425],
  "13014": [43.345, 5.395],
  "13015": [43.36, 5.359],
  "13016": [43.363, 5.322],
};

// By hand, to three kilometres: chief towns of postcodes whose communes and neighbours are too small for the list of
// towns. Without Clipperton (98799), which has no inhabitants.
export const chiefTowns: { readonly [zip: string]: readonly [latitude: number, longitude: number] | undefined } = {
  "07470": [44.8, 3.96], // Coucouron
  "07510": [44.757, 4.094], // Saint-Cirgues-en-Montagne
  "07590": [44.652, 3.957], // Saint-Étienne-de-Lugdarès
  "07630": [44.85, 4.118], // Le Béage
  "07660": [44.727, 3.996], // Lanarce
  "20119": [42.003, 9.05], // Bastelica
  "20129": [41.918, 8.82], // Bastelicaccia
  "20133": [42.04, 8.96], // Carbuccia and Ucciani
  "20136": [42.083, 9.065], // Bocognano
  "20163": [42.065, 9.01], // Tavera
  "20172": [42.06, 8.92], // Vero
  "22870": [48.848, -3], // Île-de-Bréhat
  "29242": [48.457, -5.096], // Ouessant
  "29990": [48.037, -4.85], // Île-de-Sein
  "32730": [43.403, 0.2], // Villecomtal-sur-Arros
  "43340": [44.848, 3.834], // Landos
  "43420": [44.77, 3.885], // Pradelles
  "43490": [44.888, 3.846], // Costaros
  "43510": [44.925, 3.8], // Cayres
  "46360": [44.56, 1.6], // Lauzès
  "48110": [44.18, 3.74], // Sainte-Croix-Vallée-Française
  "48160": [44.247, 3.925], // Le Collet-de-Dèze
  "48170": [44.64, 3.675], // Châteauneuf-de-Randon
  "48190": [44.53, 3.7], // Allenc
  "48220": [44.365, 3.745], // Le Pont-de-Montvert
  "48240": [44.28, 3.82], // Saint-Privat-de-Vallongue
  "48330": [44.163, 3.842], // Saint-Étienne-Vallée-Française
  "48370": [44.222, 3.807], // Saint-Germain-de-Calberte
  "48800": [44.438, 3.93], // Villefort
  "52160": [47.785, 5.065], // Auberive
  "52250": [47.766, 5.306], // Longeau
  "55230": [49.33, 5.667], // Spincourt
  "55250": [48.95, 5.12], // Vaubecourt and Seuil-d'Argonne
  "61170": [48.51, 0.353], // Le Mêle-sur-Sarthe
  "65150": [43.092, 0.48], // Saint-Laurent-de-Neste
  "65370": [43.01, 0.6], // Mauléon-Barousse and Loures-Barousse
  "65660": [43.057, 0.55], // Aventignan
  "70230": [47.467, 6.257], // Montbozon
  "85350": [46.71, -2.35], // L'Île-d'Yeu
  "89190": [48.236, 3.556], // Villeneuve-l'Archevêque
  "97133": [17.9, -62.83], // Saint-Barthélemy
  "97150": [18.08, -63.05], // Saint-Martin
};

// By number: the middle, and the reach in kilometres. No town is known there.
export const territories: {
  readonly [prefix: string]: readonly [latitude: number, longitude: number, reachKm: number] | undefined;
} = {
  "975": [46.95, -56.32, 30],
  "976": [-12.82, 45.15, 30],
  "986": [-13.8, -177.2, 250],
  "987": [-17.5, -145, 1900],
  "988": [-21.3, 165.5, 400],
};
