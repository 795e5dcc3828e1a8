# The run of every night, started by the Task Scheduler in the folder of oplead.config.*. The exit code is that of `oplead sync`, and
# "Last Run Result" shows it. Logs are kept for 30 days. The language is that of OPLEAD_LANGUAGE, .env, the config or Windows.
$logs = New-Item -ItemType Directory -Force -Path logs
$log = Join-Path $logs ("oplead-{0:yyyy-MM-dd}.log" -f (Get-Date))

$language = $env:OPLEAD_LANGUAGE
if (-not $language -and (Test-Path .env)) {
  $found = Select-String -Path .env -Pattern '^\s*(?:export\s+)?OPLEAD_LANGUAGE\s*=\s*["'']?(\w\w)' | Select-Object -Last 1
  if ($found) { $language = $found.Matches[0].Groups[1].Value }
}
if (-not $language) {
  $found = Get-ChildItem oplead.config.* | Select-String -Pattern '^\s*language:\s*["''](\w\w)["'']' | Select-Object -First 1
  if ($found) { $language = $found.Matches[0].Groups[1].Value }
}
if (-not $language) { $language = (Get-Culture).TwoLetterISOLanguageName }
if ($language -ne "fr") { $language = "en" }

# Through cmd, because Windows PowerShell would make an error record of each line on standard error.
cmd /c "node node_modules\oplead-sdk\dist\cli\main.js sync --language $language --quiet --ignore-known --report logs\report.md --report logs\rows.csv --html logs\report.html >> `"$log`" 2>&1"
$code = $LASTEXITCODE
Get-ChildItem $logs -Filter "oplead-*.log" | Where-Object LastWriteTime -lt (Get-Date).AddDays(-30) | Remove-Item
if ($code -ne 0) {
  # The event log reaches whoever watches it; the source has to exist: see register.ps1.
  # Letters with accents are written by their number, because Windows PowerShell reads this file in the code page of the machine.
  $message = if ($language -eq "fr") {
    "oplead sync s'est termin$([char]233) par le code $code. Journal : $log"
  } else {
    "oplead sync ended with exit code $code. Log: $log"
  }
  try { Write-EventLog -LogName Application -Source oplead -EventId $code -EntryType Error -Message $message } catch { Add-Content $log $message }
}
exit $code
