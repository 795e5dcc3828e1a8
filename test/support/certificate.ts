// Made when needed: no key lies in the repository.
import { generateKeyPairSync, randomBytes, sign } from "node:crypto";

function der(type: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([type, ...size]), content]);
}

const hex = (text: string): Buffer => Buffer.from(text, "hex");
const sequence = (...parts: Buffer[]): Buffer => der(0x30, ...parts);
const bits = (content: Buffer): Buffer => der(0x03, hex("00"), content);
const octets = (content: Buffer): Buffer => der(0x04, content);
const time = (date: string): Buffer => der(0x18, Buffer.from(date));

const ECDSA_WITH_SHA256 = sequence(der(0x06, hex("2a8648ce3d040302")));
const COMMON_NAME = der(0x06, hex("550403"));
const ALTERNATIVE_NAME = der(0x06, hex("551d11"));
const BASIC_CONSTRAINTS = der(0x06, hex("551d13"));

export interface Identity {
  readonly key: string;
  readonly cert: string;
}

export interface Authority extends Identity {
  issue(host: string): Identity;
}

export function selfSigned(options: { readonly until?: string } = {}): Identity {
  return identity("test", { isAuthority: true, ...options });
}

export function authority(): Authority {
  const own = identity("authority", { isAuthority: true });
  return { ...own, issue: (host) => identity(host, { issuer: { name: "authority", key: own.key } }) };
}

interface IdentityOptions {
  readonly until?: string;
  readonly isAuthority?: boolean;
  readonly issuer?: { readonly name: string; readonly key: string };
}

function identity(name: string, { until, isAuthority = false, issuer }: IdentityOptions): Identity {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const named = (text: string): Buffer => sequence(der(0x31, sequence(COMMON_NAME, der(0x0c, Buffer.from(text)))));
  const addresses = sequence(der(0x82, Buffer.from(name)), der(0x87, Buffer.from([127, 0, 0, 1])));
  const constraints = isAuthority ? sequence(der(0x01, hex("ff"))) : sequence();
  const body = sequence(
    der(0xa0, der(0x02, hex("02"))),
    der(0x02, Buffer.concat([hex("01"), randomBytes(8)])),
    ECDSA_WITH_SHA256,
    named(issuer?.name ?? name),
    sequence(time("20200101000000Z"), time(until ?? "21200101000000Z")),
    named(name),
    publicKey.export({ type: "spki", format: "der" }),
    der(
      0xa3,
      sequence(sequence(ALTERNATIVE_NAME, octets(addresses)), sequence(BASIC_CONSTRAINTS, octets(constraints))),
    ),
  );
  const signature = sign("sha256", body, issuer?.key ?? privateKey);
  const certificate = sequence(body, ECDSA_WITH_SHA256, bits(signature));
  // After a last line of 64 characters no empty line may follow.
  const lines = (certificate.toString("base64").match(/.{1,64}/g) ?? []).join("\n");
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
  };
}
