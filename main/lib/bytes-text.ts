/** Amounts of memory in words. */

export function bytesText(bytes: number): string {
  return bytes < 2 ** 29 ? `${(bytes / 2 ** 20).toFixed(1)} MiB` : `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}
