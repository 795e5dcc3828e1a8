// Fetches new exports by SFTP into the folder exports/, whole files only. Set SFTP_HOST, SFTP_USER, SFTP_KEY_FILE and SFTP_HOST_SHA256:
// `ssh-keyscan HOST | ssh-keygen -lf -` prints the latter, without `SHA256:` in front. Compare it with what the server's administrator says.
// It needs: npm install ssh2-sftp-client. See docs/sources/files.md of the package.
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, utimes } from "node:fs/promises";
import Sftp from "ssh2-sftp-client";

const { SFTP_HOST, SFTP_PORT = "22", SFTP_USER, SFTP_KEY_FILE, SFTP_HOST_SHA256, SFTP_FOLDER = "/out" } = process.env;
// No slash: a name of the server must not leave the folder.
const EXPORT = /^export-[\w.-]+\.(?:csv|xlsx)$/i;
const oldest = Date.now() - 30 * 24 * 3_600_000;

const sftp = new Sftp();
await sftp.connect({
  host: SFTP_HOST,
  port: Number(SFTP_PORT),
  username: SFTP_USER,
  privateKey: await readFile(SFTP_KEY_FILE),
  // Without it anyone between you and the server could be the server.
  hostVerifier: (key) => createHash("sha256").update(key).digest("base64").replace(/=+$/, "") === SFTP_HOST_SHA256,
});
await mkdir("exports", { recursive: true, mode: 0o700 });
try {
  const known = new Set(await readdir("exports"));
  for (const { name, type, size, modifyTime } of await sftp.list(SFTP_FOLDER)) {
    if (type !== "-" || !EXPORT.test(name) || known.has(name) || modifyTime < oldest) continue;
    const [remote, part] = [`${SFTP_FOLDER}/${name}`, `exports/${name}.part`];
    await sftp.fastGet(remote, part);
    const after = await sftp.stat(remote);
    const isWhole = after.size === size && after.modifyTime === modifyTime && (await stat(part)).size === size;
    if (!isWhole) {
      await rm(part);
      console.error(`${name} is still being written: left for the next time`);
      continue;
    }
    await utimes(part, new Date(), new Date(modifyTime));
    await rename(part, `exports/${name}`);
    console.log(`fetched ${name}`);
  }
} finally {
  await sftp.end();
}
for (const name of await readdir("exports")) {
  if ((await stat(`exports/${name}`)).mtimeMs < oldest) await rm(`exports/${name}`);
}
