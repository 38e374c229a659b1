/** The bridge to the worker that stretches passphrases. */

import type { Bytes } from "../../domain/bytes.ts";
import { type Cost, costFor, LEAST } from "./cost.ts";

export interface Question {
  passphrase: string;
  salt: Bytes;
  cost: Cost;
}

export type Answer = { stretched: Bytes; milliseconds: number } | { stretched: null };

type Stretched = Exclude<Answer, { stretched: null }>;

/** This phone has not the memory that the passphrase was stretched with. */
export class NoMemory extends Error {
  override name = "NoMemory";
}

/** The same passphrase however a keyboard wrote it. */
function normal(passphrase: string): string {
  return passphrase.normalize("NFKC").trim().replace(/\s+/g, " ");
}

/** Each question has a worker of its own: ended, it gives its memory back. */
function ask(question: Question): Promise<Stretched> {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  return new Promise<Stretched>((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<Answer>) =>
      data.stretched ? resolve(data) : reject(new NoMemory());
    worker.onerror = () => reject(new Error("the worker that stretches passphrases did not start"));
    worker.postMessage(question);
  }).finally(() => worker.terminate());
}

/** The key that a passphrase, a salt and a cost make. */
export async function stretch(
  passphrase: string,
  salt: Question["salt"],
  cost: Cost,
): Promise<Question["salt"]> {
  return (await ask({ passphrase: normal(passphrase), salt, cost })).stretched;
}

/** The same for a new passphrase, at the highest cost this phone bears well. */
export async function stretchAnew(passphrase: string, salt: Question["salt"]) {
  const question = { passphrase: normal(passphrase), salt, cost: LEAST };
  const least = await ask(question);
  const cost = costFor(least.milliseconds);
  if (cost.memory === LEAST.memory) return { stretched: least.stretched, cost };
  try {
    return { stretched: (await ask({ ...question, cost })).stretched, cost };
  } catch {
    return { stretched: least.stretched, cost: LEAST };
  }
}
