/**
 * A parcel: documents of this phone, signed by it and encrypted to its server, for other hands to carry.
 *
 *     parcel     age( "otkrytka-parcel/1\n" ‖ device (26) ‖ signature (64) ‖ packed )
 *     signature  over everything before and after it: "otkrytka-parcel/1\n" ‖ device ‖ packed
 *     packed     gzip( {"databases": {"chapter-tver": [{"_id", "_rev", "_revisions", …}, …]}} )
 *
 * The server opens it in `server/courier/parcels.py`; docs/decisions/0020-courier.md says why it is so.
 */

import { Encrypter } from "age-encryption";
import { type Bytes, joinBytes } from "../domain/bytes.ts";
import type { Membership } from "../store/phone.ts";
import { sign } from "../sync/keys.ts";

const OPENING = new TextEncoder().encode("otkrytka-parcel/1\n");

export type Contents = Record<string, object[]>;

/** Who can send parcels: a phone with a key, of a server with one. */
export type Sender = Required<Pick<Membership, "device">> & { key: JsonWebKey; courier: string };

export function senderOf({ device, key, keys }: Membership): Sender | undefined {
  return key && keys && { device, key, courier: keys.courier };
}

export async function makeParcel({ device, key, courier }: Sender, databases: Contents): Promise<Bytes> {
  const packed = await gzip(JSON.stringify({ databases }));
  const named = new TextEncoder().encode(device);
  const signature = await sign(key, joinBytes(OPENING, named, packed));
  const encrypter = new Encrypter();
  encrypter.addRecipient(courier);
  return new Uint8Array(await encrypter.encrypt(joinBytes(OPENING, named, signature, packed)));
}

async function gzip(text: string): Promise<Bytes> {
  const packed = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(packed).arrayBuffer());
}
