/** Checks what the file holds, by WebCrypto: signatures of site and host, and the hash of each segment. */

const CERTIFICATE_CONTEXT = "footlight-certificate-0";

interface Entry {
  number: number;
  name: string;
  sizeBytes: number;
  sha256: string;
}

interface Inner {
  format: number;
  recordingId: string;
  segments: Entry[];
  certificate: { body: Record<string, string>; siteKey: string; signature: string } | null;
}

export interface Verdict {
  whole: boolean;
  findings: string[];
  /** Numbers of segments that are not as they were sealed. */
  damaged: Set<number>;
}

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function fromHex(text: string): Uint8Array<ArrayBuffer> {
  const pairs = /^([0-9a-f]{2})*$/.test(text) ? (text.match(/../g) ?? []) : [];
  return Uint8Array.from(pairs, (pair) => parseInt(pair, 16));
}

/** JSON as it is signed: keys sorted by code point, no blanks. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(",")}}`;
}

/** Whether the key (hex, Ed25519) signed the text. */
async function signed(key: string, signature: string, text: string): Promise<boolean> {
  try {
    const known = await crypto.subtle.importKey("raw", fromHex(key), "Ed25519", false, ["verify"]);
    return await crypto.subtle.verify("Ed25519", known, fromHex(signature), new TextEncoder().encode(text));
  } catch {
    return false;
  }
}

/** Checks the manifest and all segments that it names. `read` gives a block, and may throw. */
export async function check(
  siteKey: string,
  recordingId: string,
  read: (name: string) => Uint8Array<ArrayBuffer> | null,
): Promise<Verdict> {
  const verdict: Verdict = { whole: true, findings: [], damaged: new Set() };
  const bad = (text: string): void => {
    verdict.whole = false;
    verdict.findings.push(text);
  };
  const raw = read("manifest.json");
  if (raw === null) {
    bad("The manifest is missing.");
    return verdict;
  }
  let outer: { manifest: Inner; signature: string };
  try {
    outer = JSON.parse(new TextDecoder().decode(raw)) as typeof outer;
    if (!Array.isArray(outer.manifest.segments)) throw new Error("no segments");
  } catch {
    bad("The manifest cannot be read.");
    return verdict;
  }
  const { manifest, signature } = outer;
  if (manifest.recordingId !== recordingId) bad("The manifest is of another recording.");
  const certificate = manifest.certificate;
  if (certificate === null) bad("No certificate names the host that signed.");
  else {
    const agent = certificate.body.agentKey;
    const context = `footlight-manifest-${manifest.format}`;
    if (!(await signed(agent, signature, context + canonical(manifest)))) bad("The manifest is not as it was signed.");
    const told = CERTIFICATE_CONTEXT + canonical(certificate.body);
    if (!(await signed(siteKey, certificate.signature, told))) bad("The site's key did not certify the host.");
  }
  for (const entry of manifest.segments) {
    let bytes: Uint8Array<ArrayBuffer> | null = null;
    let why = "is missing";
    try {
      bytes = read(entry.name);
    } catch (error) {
      why = error instanceof Error ? `cannot be read: ${error.message}` : "cannot be read";
    }
    const digest = bytes === null ? "" : hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
    if (digest === entry.sha256) continue;
    if (bytes !== null) why = "is damaged: its hash is not the one that was signed";
    verdict.damaged.add(entry.number);
    bad(`Segment ${entry.number} ${why}.`);
  }
  return verdict;
}
