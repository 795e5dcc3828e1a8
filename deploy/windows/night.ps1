# The run of every night, started by the Task Scheduler in the folder of oplead.config.*. The exit code is that of `oplead sync`, and
# "Last Run Result" shows it. Logs are kept for 30 days.
$logs = New-Item -ItemType Directory -Force -Path logs
$log = Join-Path $logs ("oplead-{0:yyyy-MM-dd}.log" -f (Get-Date))
# Through cmd, because Windows PowerShell would make an error record of each line on standard error.
cmd /c "node node_modules\oplead-sdk\dist\cli\main.js sync --quiet --ignore-known --report logs\report.csv >> `"$log`" 2>&1"
$code = $LASTEXITCODE
Get-ChildItem $logs -Filter "oplead-*.log" | Where-Object LastWriteTime -lt (Get-Date).AddDays(-30) | Remove-Item
if ($code -ne 0) {
  # The event log reaches whoever watches it; the source has to exist: see register.ps1.
  $message = "oplead sync ended with exit code $code. Log: $log"
  try { Write-EventLog -LogName Application -Source oplead -EventId $code -EntryType Error -Message $message } catch { Add-Content $log $message }
}
exit $code
