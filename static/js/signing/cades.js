// CAdES-BES, detached (RFC 5652, RFC 5126): one signer, ECDSA on P-256 with SHA-256, by the browser's own cryptography.
import { bits, concat, identifier, integer, octets, sequence, set, tagged, time, utf8 } from "./der.js";

const DATA = "1.2.840.113549.1.7.1";
const SIGNED_DATA = "1.2.840.113549.1.7.2";
const CONTENT_TYPE = "1.2.840.113549.1.9.3";
const MESSAGE_DIGEST = "1.2.840.113549.1.9.4";
const SIGNING_TIME = "1.2.840.113549.1.9.5";
const SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47";
const SHA256 = "2.16.840.1.101.3.4.2.1";
const ECDSA_SHA256 = "1.2.840.10045.4.3.2";

export const CURVE = { name: "ECDSA", namedCurve: "P-256" };
const SIGNING = { name: "ECDSA", hash: "SHA-256" };

const digestAlgorithm = () => sequence(identifier(SHA256));

async function sha256(bytes) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

// The browser gives r and s one after the other; CMS and certificates want a SEQUENCE of two numbers (RFC 3279).
async function signature(key, bytes) {
  const pair = new Uint8Array(await crypto.subtle.sign(SIGNING, key, bytes));
  return sequence(integer(pair.subarray(0, 32)), integer(pair.subarray(32)));
}

function attribute(type, value) {
  return sequence(identifier(type), set(value));
}

// ESSCertIDv2: SHA-256 is the default algorithm and is left out in DER (RFC 5035).
async function signingCertificate(certificate) {
  const issuer = sequence(tagged(0xa4, certificate.issuer.raw));
  return sequence(sequence(sequence(octets(await sha256(certificate.der)), sequence(issuer, certificate.serial.raw))));
}

// `chain`: DER of further certificates to be put in. Gives the DER of the whole ContentInfo.
export async function sign({ content, key, certificate, chain = [], at = new Date() }) {
  const attributes = set(
    attribute(CONTENT_TYPE, identifier(DATA)),
    attribute(SIGNING_TIME, time(at)),
    attribute(MESSAGE_DIGEST, octets(await sha256(content))),
    attribute(SIGNING_CERTIFICATE_V2, await signingCertificate(certificate)),
  );
  const signer = sequence(
    integer(Uint8Array.of(1)),
    sequence(certificate.issuer.raw, certificate.serial.raw),
    digestAlgorithm(),
    concat(Uint8Array.of(0xa0), attributes.subarray(1)), // signed as a SET, carried as [0]
    sequence(identifier(ECDSA_SHA256)),
    octets(await signature(key, attributes)),
  );
  const data = sequence(
    integer(Uint8Array.of(1)),
    set(digestAlgorithm()),
    sequence(identifier(DATA)),
    tagged(0xa0, certificate.der, ...chain),
    set(signer),
  );
  return sequence(identifier(SIGNED_DATA), tagged(0xa0, data));
}

// A request for a certificate (PKCS#10, RFC 2986): proves that its sender holds the key; names are given by the server.
export async function request(pair) {
  const key = new Uint8Array(await crypto.subtle.exportKey("spki", pair.publicKey));
  const name = sequence(set(sequence(identifier("2.5.4.3"), utf8("Тестовая подпись"))));
  const body = sequence(integer(Uint8Array.of(0)), name, key, tagged(0xa0));
  return sequence(body, sequence(identifier(ECDSA_SHA256)), bits(await signature(pair.privateKey, body)));
}
