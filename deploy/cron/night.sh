#!/bin/sh
# The run of every night by cron. It says nothing if all is well, so that cron sends no mail; else a few lines with date and exit code,
# and where the whole log is. Logs are kept for 30 days.
#
#   PATH=/usr/local/bin:/usr/bin:/bin    (where node is)
#   MAILTO=team@dealers.example
#   15 2 * * *  cd /srv/oplead && sh node_modules/oplead-sdk/deploy/cron/night.sh
#
# More arguments go to `oplead sync`. OPLEAD_LOGS names the folder of the logs (default: logs in the folder of OPLEAD_DATA),
# OPLEAD_BIN the command. OPLEAD_DATA and OPLEAD_LANGUAGE may also be in .env, and the language in the config.
set -u

# A setting: from the environment, else from .env.
setting() {
  eval "value=\${$1:-}"
  [ -z "$value" ] && [ -r .env ] && value="$(sed -n "s/^ *\(export  *\)\{0,1\}$1 *= *[\"']\{0,1\}\([^\"'#]*\).*/\2/p" .env | tail -n 1 | tr -d '\r' | sed 's/ *$//')"
  printf %s "$value"
}

language="$(setting OPLEAD_LANGUAGE)"
[ -n "$language" ] || language="$(sed -n "s/^ *language: *[\"']\(..\)[\"'].*/\1/p" oplead.config.* | head -n 1)"
[ -n "$language" ] || language="${LC_ALL:-${LC_MESSAGES:-${LANG:-en}}}"
case "$language" in
  fr | FR | fr[_.@-]*) language=fr ;;
  *) language=en ;;
esac
say() { # the English text, then the French one
  if [ "$language" = fr ]; then echo "$2"; else echo "$1"; fi
}

data="$(setting OPLEAD_DATA)"
logs="${OPLEAD_LOGS:-${data:+$data/}logs}"
case "$logs" in /*) ;; *) logs="$PWD/$logs" ;; esac
umask 077
mkdir -p "$logs" || exit 1
log="$logs/oplead-$(date +%Y-%m-%d).log"
begin="$(date '+%Y-%m-%d %H:%M')"
run="$(mktemp)" || exit 1
trap 'rm -f "$run"' EXIT

"${OPLEAD_BIN:-node_modules/.bin/oplead-sdk}" sync --language "$language" --quiet --ignore-known --report "$logs/report.md" --report "$logs/rows.csv" --html "$logs/report.html" "$@" >"$run" 2>&1
code=$?
{ echo "== $begin, exit code $code"; cat "$run"; } >>"$log"
find "$logs" -name 'oplead-*.log' -mtime +30 -exec rm -f {} +
[ "$code" -eq 0 ] && exit 0

case "$code" in
  3) meaning="$(say "the guard refused the plan; nothing was sent" "le garde-fou a refusé le plan ; rien n’a été envoyé")" ;;
  4) meaning="$(say "some users failed or were refused, and the others were sent" "des utilisateurs ont échoué ou été refusés ; les autres sont envoyés")" ;;
  5) meaning="$(say "everything that can be sent was sent; some records cannot be" "tout ce qui peut partir est parti ; des lignes sont à corriger")" ;;
  130) meaning="$(say "it was stopped before its end" "arrêté avant la fin")" ;;
  *) meaning="$(say "it failed" "échec")" ;;
esac
host="$(hostname)"
say "$begin on $host: oplead sync ended with $code: $meaning" "$begin sur $host : oplead sync a renvoyé le code $code : $meaning"
echo
head -n 20 "$run"
lines=$(wc -l <"$run")
[ "$lines" -gt 20 ] && say "… and $((lines - 20)) more lines" "… et encore $((lines - 20)) lignes"
echo
say "Whole log: $log" "Journal entier : $log"
say "What each code asks for: node_modules/oplead-sdk/docs/operate/monitoring.md" "Que faire pour chaque code : node_modules/oplead-sdk/docs/fr/que-s-est-il-passe.md"
exit "$code"
