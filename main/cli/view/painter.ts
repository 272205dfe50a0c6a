/**
 * Repaints a block of rows at the end of a terminal: no full screen, the last frame stays. At most ten frames a second, a
 * new frame on resize; rows that no longer fit the screen are cut from the bottom, for a cursor cannot go above the top.
 */
interface Screen {
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
  on(event: 'resize', listener: () => void): unknown;
  off(event: 'resize', listener: () => void): unknown;
}

const HIDE = '\u001b[?25l';
const SHOW = '\u001b[?25h';
const INTERVAL_MS = 100;

export class Painter {
  private painted = 0;
  private timer: NodeJS.Timeout | undefined;
  private lastAt = 0;
  private open = true;
  private readonly onResize = (): void => {
    // A narrower terminal wraps what stands there already; how many rows that makes is not known, so the screen is cleared.
    this.screen.write('\u001b[2J\u001b[H');
    this.painted = 0;
    this.paint();
  };

  constructor(
    private readonly screen: Screen,
    private readonly draw: (columns: number) => string[],
  ) {
    screen.write(HIDE);
    screen.on('resize', this.onResize);
  }

  /** Asks for a frame soon. */
  update(): void {
    if (!this.open || this.timer) return;
    const wait = Math.max(0, this.lastAt + INTERVAL_MS - Date.now());
    this.timer = setTimeout(() => this.paint(), wait);
  }

  /** The last frame; then the cursor stands below it. */
  close(): void {
    if (!this.open) return;
    this.paint();
    this.open = false;
    this.screen.off('resize', this.onResize);
    this.screen.write(SHOW);
  }

  private paint(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.lastAt = Date.now();
    const rows = this.draw(this.screen.columns ?? 80).slice(0, Math.max(1, (this.screen.rows ?? 24) - 1));
    const up = this.painted > 0 ? `\u001b[${this.painted}A\r` : '';
    const body = rows.map((row) => `${row}\u001b[K\n`).join('');
    this.screen.write(`${up}${body}\u001b[J`);
    this.painted = rows.length;
  }
}
