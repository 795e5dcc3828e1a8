import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync, symlinkSync, utimesSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import ssh2 from "ssh2";
import { expect, it, onTestFinished } from "vitest";
import { folderWith } from "../../support/folder.ts";

const { STATUS_CODE } = ssh2.utils.sftp;
// ecdsa: ssh2 writes one ed25519 key in 200 in a form that it cannot read.
const serverKey = ssh2.utils.generateKeyPairSync("ecdsa", { bits: 256 });
const clientKey = ssh2.utils.generateKeyPairSync("ecdsa", { bits: 256 });

async function sftpServer(files: Map<string, { text: string; at: number }>, onRead = (_name: string) => {}) {
  const attributes = (name: string) => {
    const { text, at } = files.get(name) ?? { text: "", at: 0 };
    const seconds = Math.floor(at / 1000);
    return { mode: 0o100644, uid: 0, gid: 0, size: Buffer.byteLength(text), atime: seconds, mtime: seconds };
  };
  const server = new ssh2.Server({ hostKeys: [serverKey.private] }, (client) => {
    client.on("error", () => {});
    client.on("authentication", (context) =>
      context.method === "publickey" ? context.accept() : context.reject(["publickey"]),
    );
    client.on("session", (accept) => {
      accept().on("sftp", (open) => {
        const sftp = open();
        const handles: (string | undefined)[] = [];
        const listed = new Set<number>();
        const idOf = (handle: Buffer) => handle.readUInt32BE(0);
        const handleFor = (name: string | undefined) => {
          const handle = Buffer.alloc(4);
          handle.writeUInt32BE(handles.push(name) - 1);
          return handle;
        };
        const baseOf = (path: string) => path.replace(/^\/out\//, "");
        sftp.on("REALPATH", (id, path) => sftp.name(id, [{ filename: path, longname: path, attrs: attributes("") }]));
        sftp.on("OPENDIR", (id) => sftp.handle(id, handleFor(undefined)));
        sftp.on("READDIR", (id, handle) => {
          if (listed.has(idOf(handle))) return sftp.status(id, STATUS_CODE.EOF);
          listed.add(idOf(handle));
          sftp.name(
            id,
            [...files.keys()].map((filename) => ({
              filename,
              longname: `-rw-r--r-- 1 hr hr 1 Jan 1 00:00 ${filename}`,
              attrs: attributes(filename),
            })),
          );
        });
        sftp.on("STAT", (id, path) => sftp.attrs(id, attributes(baseOf(path))));
        sftp.on("LSTAT", (id, path) => sftp.attrs(id, attributes(baseOf(path))));
        sftp.on("FSTAT", (id, handle) => sftp.attrs(id, attributes(handles[idOf(handle)] ?? "")));
        sftp.on("OPEN", (id, path) => sftp.handle(id, handleFor(baseOf(path))));
        sftp.on("READ", (id, handle, offset, length) => {
          const name = handles[idOf(handle)] ?? "";
          const bytes = Buffer.from(files.get(name)?.text ?? "").subarray(offset, offset + length);
          onRead(name);
          if (bytes.length === 0) return sftp.status(id, STATUS_CODE.EOF);
          sftp.data(id, bytes);
        });
        sftp.on("CLOSE", (id) => sftp.status(id, STATUS_CODE.OK));
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

const publicKey = ssh2.utils.parseKey(serverKey.public) as ssh2.ParsedKey;
const fingerprint = createHash("sha256").update(publicKey.getPublicSSH()).digest("base64").replace(/=+$/, "");

async function fetchExports(folder: string, port: number, sha256 = fingerprint) {
  const env = {
    PATH: process.env.PATH,
    SFTP_HOST: "127.0.0.1",
    SFTP_PORT: String(port),
    SFTP_USER: "hr",
    SFTP_KEY_FILE: "key",
    SFTP_HOST_SHA256: sha256,
  };
  const child = spawn(process.execPath, ["fetch-exports.mjs"], { cwd: folder, env });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => (said += text));
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { code, said };
}

async function readerFolder() {
  const program = readFileSync(new URL("../../../deploy/sftp/fetch-exports.mjs", import.meta.url), "utf8");
  const folder = await folderWith({
    "fetch-exports.mjs": program,
    key: clientKey.private,
    "exports/export-2020-01-01.csv": "old\n",
  });
  utimesSync(join(folder, "exports/export-2020-01-01.csv"), new Date(), new Date("2020-01-01"));
  symlinkSync(fileURLToPath(new URL("../../../node_modules", import.meta.url)), join(folder, "node_modules"));
  return folder;
}

const DAY_MS = 24 * 3_600_000;

it("the SFTP sample fetches each whole export once, with its name and time, and keeps it for 30 days", async () => {
  const folder = await readerFolder();
  const yesterday = Math.floor(Date.now() / 1000) * 1000 - DAY_MS;
  const files = new Map([
    ["export-1.csv", { text: "Ref\nA\n", at: yesterday }],
    ["export-old.csv", { text: "Ref\n", at: Date.now() - 40 * DAY_MS }],
    ["other.txt", { text: "x", at: yesterday }],
    ["../export-2.csv", { text: "x", at: yesterday }],
  ]);
  const port = await sftpServer(files);
  expect(await fetchExports(folder, port)).toEqual({ code: 0, said: "fetched export-1.csv\n" });
  expect(readdirSync(join(folder, "exports"))).toEqual(["export-1.csv"]);
  expect(readFileSync(join(folder, "exports/export-1.csv"), "utf8")).toBe("Ref\nA\n");
  expect(statSync(join(folder, "exports/export-1.csv")).mtimeMs).toBe(yesterday);
  expect(await fetchExports(folder, port)).toEqual({ code: 0, said: "" });
});

it("the SFTP sample does not keep an export that grows while it is read, and fetches it the next time", async () => {
  const folder = await readerFolder();
  const at = Date.now() - 60_000;
  const files = new Map([["export-1.csv", { text: "Ref\nA", at }]]);
  let isWritten = false;
  const port = await sftpServer(files, (name) => {
    if (!isWritten) files.set(name, { text: "Ref\nA\nB\n", at: at + 30_000 });
  });
  const { code, said } = await fetchExports(folder, port);
  expect({ code, said }).toEqual({ code: 0, said: "export-1.csv is still being written: left for the next time\n" });
  expect(readdirSync(join(folder, "exports"))).toEqual([]);
  isWritten = true;
  expect((await fetchExports(folder, port)).said).toBe("fetched export-1.csv\n");
});

it("the SFTP sample refuses a server whose key is not the expected key", async () => {
  const folder = await readerFolder();
  const { code } = await fetchExports(folder, await sftpServer(new Map()), "another");
  expect(code).toBe(1);
});
