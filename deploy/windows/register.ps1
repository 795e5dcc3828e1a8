# Registers the run of every night. Run once in the folder of oplead.config.*, as an administrator:
#   powershell -ExecutionPolicy Bypass -File node_modules\oplead-sdk\deploy\windows\register.ps1 -User DOMAIN\svc-oplead
# The account needs "Log on as a batch job" and may write in the folder. The token is in .env, which only that account may read:
#   icacls .env /inheritance:r /grant:r "DOMAIN\svc-oplead:R"
param([Parameter(Mandatory)] [string] $User, [string] $Name = "oplead night")
$ErrorActionPreference = "Stop"
$folder = (Get-Location).Path
$xml = (Get-Content -Raw -Encoding UTF8 (Join-Path $PSScriptRoot "oplead-night.xml")).Replace("FOLDER", [Security.SecurityElement]::Escape($folder))
if (-not [Diagnostics.EventLog]::SourceExists("oplead")) { New-EventLog -LogName Application -Source oplead }
$credential = Get-Credential -UserName $User -Message "The account that runs oplead"
Register-ScheduledTask -TaskName $Name -Xml $xml -User $User -Password $credential.GetNetworkCredential().Password -Force
Write-Output "Registered. To run it now: Start-ScheduledTask '$Name'"
