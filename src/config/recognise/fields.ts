/** The fields of Oplead that a column of people can hold. */
export type UserColumn =
  | "accountNumber"
  | "civility"
  | "lastname"
  | "firstname"
  | "email"
  | "login"
  | "phone"
  | "mobile"
  | "company"
  | "street"
  | "zipCode"
  | "city"
  | "country"
  | "profile"
  | "parent"
  | "maxDistance";

/** Names in French and English, without accents, spaces and signs. Earlier ones are more certain. */
const NAMES: Readonly<Record<UserColumn, string>> = {
  accountNumber:
    "matricule|matriculesalarie|nmatricule|matr|employeeid|employeenumber|personnelnumber|staffid|staffnumber|idsalarie|idemploye|accountnumber|numerosalarie|numsalarie|codevendeur|codesalarie|identifiant|reference|ref|numero|code|id|n",
  civility: "civilite|civ|civility|salutation|titre|title",
  lastname: "nom|nomdefamille|nomusuel|nomusage|nomdusage|nomsalarie|lastname|surname|familyname|name",
  firstname: "prenom|prenomusuel|prenoms|firstname|givenname|forename",
  email:
    "email|mail|courriel|emailprofessionnel|emailpro|mailprofessionnel|mailpro|courrielprofessionnel|adressemail|adresseemail|adresseelectronique|emailaddress|workemail",
  login: "login|identifiantdeconnexion|nomdutilisateur|username|userid|loginname",
  phone: "telephone|telephonefixe|telfixe|tel|telephoneprofessionnel|telpro|fixe|phone|phonenumber|landline",
  mobile:
    "mobile|portable|telephoneportable|telportable|telephonemobile|telmobile|portablepro|gsm|cell|cellphone|mobilephone",
  company:
    "societe|entreprise|raisonsociale|company|companyname|concession|agence|etablissement|enseigne|garage|employeur|dealer",
  street: "adresse|adresse1|rue|voie|adressepostale|street|streetaddress|address|address1|addressline1",
  zipCode: "cp|codepostal|codpostal|zip|zipcode|postcode|postalcode|plz",
  city: "ville|commune|localite|city|town",
  country: "pays|codepays|country|countrycode",
  profile: "role|profil|profile|codeprofil|fonction|poste|intituleduposte|emploi|metier|jobtitle|position|job",
  parent:
    "matriculeresponsable|matriculemanager|managerid|matriculen1|responsable|responsablehierarchique|manager|superieur|superieurhierarchique|n1|chef|supervisor|reportsto|parent|rattachement",
  maxDistance:
    "rayon|rayonkm|rayonenkm|rayondaction|radius|radiuskm|distance|distancekm|distancemax|maxdistance|perimetrekm",
};

const RANKS = new Map(
  Object.entries(NAMES).flatMap(([column, names]) =>
    names.split("|").map((name, rank) => [name, { column: column as UserColumn, rank }] as const),
  ),
);

/** The field that the name of a column stands for. `rank`: its place among the names of that field, best first. */
export function byName(name: string): { readonly column: UserColumn; readonly rank: number } | undefined {
  const letters = name
    .normalize("NFD")
    .toLowerCase()
    .replace(/[^a-z0-9]/g, "");
  return RANKS.get(letters);
}

const FORMS: readonly (readonly [UserColumn, RegExp])[] = [
  ["email", /^[^\s@]+@[^\s@.]+(?:\.[^\s@.]+)+$/],
  ["civility", /^(?:m|mr|mme|mlle|mrs|ms|monsieur|madame)\.?$/i],
  ["mobile", /^(?:\+33|0033|0)[\s.-]?[67](?:[\s.-]?\d\d){4}$/],
  ["phone", /^(?:\+33|0033|0)[\s.-]?[1-589](?:[\s.-]?\d\d){4}$/],
  ["zipCode", /^\d{5}$/],
];

/** As large a part of the cells must look like it. */
const MOST = 0.8;

/** The field that the cells of a column clearly hold, if any. */
export function byContent(cells: readonly string[]): UserColumn | undefined {
  const filled = cells.filter((cell) => cell !== "");
  if (filled.length === 0) return undefined;
  return FORMS.find(([, form]) => filled.filter((cell) => form.test(cell)).length >= MOST * filled.length)?.[0];
}

/** Whether most cells of a column name a record by a value of another column. */
export function pointsInto(cells: readonly string[], values: ReadonlySet<string>): boolean {
  const filled = cells.filter((cell) => cell !== "");
  return filled.length > 0 && filled.filter((cell) => values.has(cell)).length >= MOST * filled.length;
}
