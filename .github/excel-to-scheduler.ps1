# The page "De l'Excel au cron" in French, from the packed package to the Task Scheduler: its commands in cmd, in a folder whose name
# has a space, an accent, an apostrophe and brackets. Only windows-latest can run it. ASCII only: see deploy/windows/night.ps1.
$ErrorActionPreference = "Stop"
[Console]::OutputEncoding = [Text.Encoding]::UTF8
Set-Culture fr-FR
$tarball = (Resolve-Path oplead-sdk-*.tgz).Path
$folder = (New-Item -ItemType Directory "$env:RUNNER_TEMP\R$([char]233)seau d'Ouest (1)").FullName
$env:WORKBOOK = "$folder\rh.xlsx"
npx tsx --eval "import('./test/support/staff-xlsx.ts').then(async (made) => require('fs').writeFileSync(process.env.WORKBOOK, await made.staffXlsx(150)))"
if ($LASTEXITCODE -ne 0) { throw "There is no workbook." }

function Step([string] $Command, [string] $Prints = "", [int] $Exits = 0) {
  $output = cmd /c "$Command 2>&1" | Out-String
  Write-Host "> $Command`n$output"
  if ($LASTEXITCODE -ne $Exits) { throw "$Command ended with $LASTEXITCODE" }
  if ($output -notmatch $Prints) { throw "$Command does not print $Prints" }
}
function Edit([string] $Old, [string] $New) {
  $config = [IO.File]::ReadAllText("$folder\oplead.config.mjs")
  if (-not $config.Contains($Old)) { throw "oplead.config.mjs has no $Old" }
  [IO.File]::WriteAllText("$folder\oplead.config.mjs", $config.Replace($Old, $New))
}

Set-Location $folder
Step "npm install `"$tarball`""
Step "npx oplead-sdk init --from rh.xlsx --language fr" "configuration[\s\S]*3\. ligne \d+"
Edit "PRF_VENDEUR" "PRF_DEALER"
Edit "PRF_CHEF_D_EQUIPE" "PRF_REGION"
Edit "PRF_DIRECTEUR" "PRF_NETWORK"
Edit '["M."]: [' '["M."]: ["Docteur", '
Edit "client: {" "client: { rateLimit: { requests: 5000, perMs: 1000 },"
Step "npx oplead-sdk plan --target fake" "\d{3}"
Start-Process node "node_modules\oplead-sdk\dist\cli\main.js fake --port 4010" -WindowStyle Hidden
Add-Content .env "OPLEAD_TOKEN=fake-token`nOPLEAD_BASE_URL=http://127.0.0.1:4010`nOPLEAD_DATA=donnees"
New-Item -ItemType Directory donnees | Out-Null
Step "npx oplead-sdk doctor" "chec"
Step "npx oplead-sdk sync --test --limit 5" "ode test"
Step "npx oplead-sdk sync --limit 5" "5"
Step "npx oplead-sdk sync" "npx oplead-sdk sync --approve \w+" 3
$hash = (cmd /c "npx oplead-sdk plan --json" | Out-String | ConvertFrom-Json).hash
Step "npx oplead-sdk sync --approve $hash"
Step "npx oplead-sdk status --max-age 26h"

# An administrator has the right to log on as a batch job. register.ps1 asks for the password.
$password = "Aa1!" + [guid]::NewGuid()
$account = "$env:COMPUTERNAME\oplead"
New-LocalUser oplead -Password (ConvertTo-SecureString $password -AsPlainText -Force) | Out-Null
Add-LocalGroupMember Administrators oplead
function global:Get-Credential { [pscredential]::new($account, (ConvertTo-SecureString $password -AsPlainText -Force)) }
Step "icacls .env /inheritance:r /grant:r `"${account}:R`""
& node_modules\oplead-sdk\deploy\windows\register.ps1 -User $account

# 267009: it runs. 267011: it has not run yet.
function Night {
  Start-ScheduledTask "oplead night"
  do { Start-Sleep 5; $result = (Get-ScheduledTaskInfo "oplead night").LastTaskResult } while ($result -in 267009, 267011)
  Get-Content logs\*.log -Encoding UTF8 | Write-Host
  $result
}
if (($code = Night) -ne 0) { throw "The night ended with $code" }
Rename-Item rh.xlsx parti.xlsx
if ((Night) -eq 0) { throw "A night without its workbook ended with 0" }
$event = Get-EventLog Application -Source oplead -Newest 1
if ($event.Message -notmatch "oplead sync s'est termin.* par le code \d+\. Journal : ") { throw "The event says: $($event.Message)" }
