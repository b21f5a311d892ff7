// What a certificate says of its owner, read from its bytes: the words of a plug-in differ from version to version.
import { Node, fromBase64, toHex } from "./der.js";

const NAMES = {
  "2.5.4.3": "common", "2.5.4.4": "surname", "2.5.4.42": "given", "2.5.4.12": "position", "2.5.4.10": "organisation",
  "1.2.643.3.131.1.1": "inn", "1.2.643.100.4": "innLegal", "1.2.643.100.1": "ogrn", "1.2.643.100.3": "snils",
};
const KEY_USAGE = "2.5.29.15";
const POLICIES = "2.5.29.32";
// The policy of the product's own test authority (signing/people.py).
const TEST_POLICY = "2.25.212390982533022871761157895514898335976";
const GOST = { "1.2.643.7.1.1.1.1": 256, "1.2.643.7.1.1.1.2": 512 };

function names(node) {
  const found = {};
  for (const relative of node.children) {
    for (const attribute of relative.children) {
      const [type, value] = attribute.children;
      const name = NAMES[type.identifier];
      if (name && !(name in found)) found[name] = value.text.trim();
    }
  }
  return found;
}

function extensions(fields) {
  const holder = fields.find((field) => field.tag === 0xa3);
  const found = {};
  for (const extension of holder ? holder.children[0].children : []) {
    const parts = extension.children;
    found[parts[0].identifier] = new Node(parts.at(-1).content);
  }
  return found;
}

// digitalSignature is the first bit, nonRepudiation the second; without the extension nothing is forbidden.
function maySign(usage) {
  return !usage || (usage.content[1] & 0xc0) !== 0;
}

export class Certificate {
  constructor(der) {
    this.der = der;
    const parts = new Node(der).children[0].children;
    const fields = parts[0].tag === 0xa0 ? parts.slice(1) : parts;
    const [serial, , issuer, validity, subject, key] = fields;
    this.serial = serial;
    this.serialHex = toHex(serial.content[0] === 0 ? serial.content.subarray(1) : serial.content).toUpperCase();
    this.issuer = issuer;
    this.issuerNames = names(issuer);
    [this.since, this.until] = validity.children.map((node) => node.date);
    this.names = names(subject);
    this.key = key;
    this.algorithm = key.children[0].children[0].identifier;
    this.gost = GOST[this.algorithm] ?? 0;
    const more = extensions(fields);
    this.maySign = maySign(more[KEY_USAGE]);
    this.isTest = Boolean(more[POLICIES]?.children.some((policy) => policy.children[0].identifier === TEST_POLICY));
    this.#oldStyle();
  }

  static fromBase64(text) {
    return new Certificate(fromBase64(text.replace(/-----[^-]+-----/g, "")));
  }

  // Before September 2021 a company's ИНН stood in the person's attribute, with two zeros in front.
  #oldStyle() {
    const { inn } = this.names;
    if (inn?.length === 12 && inn.startsWith("00")) {
      this.names.innLegal ??= inn.slice(2);
      delete this.names.inn;
    }
  }

  get person() { return [this.names.surname, this.names.given].filter(Boolean).join(" "); }
  get owner() { return this.person || this.names.organisation || this.names.common || "Владелец не указан"; }
  get issuerName() { return this.issuerNames.common || this.issuerNames.organisation || "Издатель не указан"; }

  // Why this certificate does not do here, or an empty text. `expected`: {inn, ogrn, organisation} of who signs.
  unfit(expected, now = new Date()) {
    const day = (date) => date.toLocaleDateString("ru-RU");
    if (this.until < now) return `Срок истёк ${day(this.until)}. Получите новый сертификат в удостоверяющем центре.`;
    if (this.since > now) return `Начнёт действовать ${day(this.since)}.`;
    if (!this.maySign) return "Выдан не для подписания документов.";
    const { innLegal, ogrn, inn } = this.names;
    if (!expected?.inn && !expected?.ogrn) return "";
    if (innLegal ? innLegal === expected.inn : Boolean(ogrn) && ogrn === expected.ogrn) return "";
    if (inn && inn === expected.inn) return ""; // an entrepreneur signs with his own number
    if (!innLegal && !ogrn) return ""; // a person by proxy: the server compares with the powers
    return `Выдан на другую организацию: ${this.names.organisation || innLegal || ogrn}.`;
  }
}
