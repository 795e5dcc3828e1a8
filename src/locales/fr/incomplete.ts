import type { TextsLike } from "../coded.ts";
import type { INCOMPLETE } from "../en/incomplete.ts";
import { counted } from "./words.ts";

export const INCOMPLETE_FR: TextsLike<typeof INCOMPLETE> = {
  arrived_in_part: ({ id, isNew, applied, unverifiable, failed, notSent }) => {
    const rules = `${counted(failed.length, "règle")} ${failed.length > 1 ? "n’ont" : "n’a"} pas pu être ${failed.length > 1 ? "enregistrées" : "enregistrée"}`;
    const lines = [
      applied.includes("user")
        ? `L’utilisateur a été ${isNew ? "créé" : "mis à jour"} (ID ${id}), et ${rules}.`
        : `${rules}.`,
      `  accepté : ${applied.join(", ") || "rien"}`,
      "  en échec :",
      ...failed.map(({ step, code, status }) => {
        const hint = step === "user" ? "" : hintOf(status);
        return `    - ${step} : ${code}${status === undefined ? "" : ` (${status})`}${hint && `. ${hint}`}`;
      }),
    ];
    if (notSent.length > 0) lines.push(`  non envoyé : ${notSent.join(", ")}`);
    if (unverifiable.length > 0) lines.push(`  non vérifiable en mode test : ${unverifiable.join(", ")}`);
    return lines.join("\n");
  },
};

function hintOf(status: number | undefined): string {
  if (status === 403 || status === 405)
    return "Cette règle n’est sans doute pas activée sur votre plateforme Oplead : demandez à son administrateur";
  if (status === 404)
    return "Oplead ne connaît pas l’utilisateur, ou cette règle n’est pas activée sur votre plateforme";
  if (status !== 400 && status !== 422) return "";
  return "Oplead refuse le contenu, ou cette règle n’est pas activée sur votre plateforme. Sa réponse est dans le corps de cette erreur";
}
