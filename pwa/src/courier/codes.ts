/** Bytes to QR codes and back. A code holds them as they are, in its byte mode. */

import encodeQR from "qr";
import decodeQR from "qr/decode.js";
import type { Bytes } from "../domain/bytes.ts";

// One character for each byte, since the library speaks in texts.
const toText = (bytes: Uint8Array) => Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
const toBytes = (text: string): Bytes => Uint8Array.from(text, (character) => character.charCodeAt(0));

/** Light modules around a code, as readers want them. */
const MARGIN = 4;

/** The modules of a code with its margin, row by row; true is dark. */
export function codeOf(content: Bytes): boolean[][] {
  return encodeQR(toText(content), "raw", {
    ecc: "low",
    encoding: "byte",
    textEncoder: toBytes,
    border: MARGIN,
  });
}

/** What a code in a picture holds, or undefined if there is none to be read. */
export function readCode(picture: Pick<ImageData, "width" | "height" | "data">): Bytes | undefined {
  try {
    return toBytes(decodeQR(picture, { textDecoder: toText }));
  } catch {
    return undefined;
  }
}
