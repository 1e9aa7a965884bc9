const HANDSHAKE = 0x16;
const CLIENT_HELLO = 1;
const SERVER_NAME = 0;
const RECORD_HEADER = 5;
/** No client has more to say before it was answered. */
const LONGEST = 32 * 1024;

/** How many bytes there must be before it is worth looking again, or the name; there need not be one. */
export type Hello = { needs: number } | { name: string | undefined };

/**
 * The name that a TLS client asks for, out of the first bytes of its connection: whether it has to show a certificate
 * is decided before the handshake begins. What is broken has no name: TLS itself refuses it.
 * https://www.rfc-editor.org/rfc/rfc6066#section-3
 */
export function readHello(bytes: Buffer): Hello {
  const parts: Buffer[] = [];
  let have = 0;
  let wanted = 4;
  for (let at = 0; have < wanted; ) {
    if (bytes.length < at + RECORD_HEADER) return more(at + RECORD_HEADER);
    if (bytes[at] !== HANDSHAKE) return { name: undefined };
    const end = at + RECORD_HEADER + bytes.readUInt16BE(at + 3);
    if (bytes.length < end) return more(end);
    parts.push(bytes.subarray(at + RECORD_HEADER, end));
    have += end - at - RECORD_HEADER;
    at = end;
    if (have < 4) continue;
    const head = Buffer.concat(parts);
    if (head[0] !== CLIENT_HELLO) return { name: undefined };
    wanted = 4 + head.readUIntBE(1, 3);
  }
  try {
    return { name: serverName(Buffer.concat(parts).subarray(4, wanted)) };
  } catch {
    return { name: undefined };
  }
}

const more = (needs: number): Hello => (needs > LONGEST ? { name: undefined } : { needs });

/** Throws where the hello ends too soon. */
function serverName(hello: Buffer): string | undefined {
  // Version and random, then what has a length of its own: session, ciphers, compression.
  let at = 34;
  at += 1 + hello.readUInt8(at);
  at += 2 + hello.readUInt16BE(at);
  at += 1 + hello.readUInt8(at);
  const end = at + 2 + hello.readUInt16BE(at);
  at += 2;
  while (at < end) {
    const type = hello.readUInt16BE(at);
    const length = hello.readUInt16BE(at + 2);
    if (type === SERVER_NAME) return firstName(hello.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return undefined;
}

/** A list of one: no other kind of name than a host's was ever defined. */
function firstName(list: Buffer): string {
  const length = list.readUInt16BE(3);
  return list.toString('latin1', 5, 5 + length).toLowerCase();
}
