/** SHA-256 in hexadecimal, of a text and of a file. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Of a file of any size: it is read in pieces. */
export async function sha256OfFile(path: string): Promise<{ sha256: string; bytes: number }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    hash.update(chunk as Buffer);
    bytes += (chunk as Buffer).length;
  }
  return { sha256: hash.digest('hex'), bytes };
}
