/** Runs one Argon2id beside the page, which goes on answering the thumb. */

import { argon2 } from "./argon2.ts";
import type { Answer, Question } from "./stretch.ts";

addEventListener("message", async ({ data }: MessageEvent<Question>) => {
  const started = performance.now();
  let answer: Answer;
  try {
    const stretched = await argon2(data.passphrase, data.salt, data.cost);
    answer = { stretched, milliseconds: performance.now() - started };
  } catch {
    answer = { stretched: null };
  }
  postMessage(answer);
});
