/** How fast bytes come, over the last seconds. */
const WINDOW_MS = 5000;

export class Speed {
  private readonly marks: { at: number; bytes: number }[] = [];

  constructor(private readonly now: () => number = Date.now) {}

  /** @param bytes that have come in all. @returns bytes a second; null until something has come for a while */
  at(bytes: number): number | null {
    const at = this.now();
    this.marks.push({ at, bytes });
    while (this.marks.length > 2 && at - (this.marks[1] as { at: number }).at > WINDOW_MS) this.marks.shift();
    const first = this.marks[0] as { at: number; bytes: number };
    const seconds = (at - first.at) / 1000;
    return seconds < 0.5 || bytes === first.bytes ? null : Math.round((bytes - first.bytes) / seconds);
  }
}
