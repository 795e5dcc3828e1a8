#!/bin/sh
# The run of every night by cron. It says nothing if all is well, so that cron sends no mail; else a few lines with date and exit code,
# and where the whole log is. Logs are kept for 30 days.
#
#   PATH=/usr/local/bin:/usr/bin:/bin    (where node is)
#   MAILTO=team@dealers.example
#   15 2 * * *  cd /srv/oplead && sh node_modules/oplead-sdk/deploy/cron/night.sh
#
# More arguments go to `oplead sync`. OPLEAD_LOGS names the folder of the logs (default: logs),
# OPLEAD_BIN the command.
set -u
logs="${OPLEAD_LOGS:-logs}"
umask 077
mkdir -p "$logs" || exit 1
log="$logs/oplead-$(date +%Y-%m-%d).log"
begin="$(date '+%Y-%m-%d %H:%M')"
run="$(mktemp)" || exit 1
trap 'rm -f "$run"' EXIT

"${OPLEAD_BIN:-node_modules/.bin/oplead}" sync --quiet --ignore-known --report "$logs/report.md" "$@" >"$run" 2>&1
code=$?
{ echo "== $begin, exit code $code"; cat "$run"; } >>"$log"
find "$logs" -name 'oplead-*.log' -mtime +30 -exec rm -f {} +
[ "$code" -eq 0 ] && exit 0

case "$code" in
  3) meaning="the guard refused the plan; nothing was sent" ;;
  4) meaning="some users failed or were refused, and the others were sent" ;;
  5) meaning="everything that can be sent was sent; some records cannot be" ;;
  130) meaning="it was stopped before its end" ;;
  *) meaning="it failed" ;;
esac
echo "$begin on $(hostname): oplead sync ended with $code: $meaning"
echo
head -n 20 "$run"
lines=$(wc -l <"$run")
[ "$lines" -gt 20 ] && echo "… and $((lines - 20)) more lines"
echo
echo "Whole log: $PWD/$log"
echo "What each code asks for: node_modules/oplead-sdk/docs/operate/when-to-act.md"
exit "$code"
