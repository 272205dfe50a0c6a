/**
 * The files of checkpoints: `<run>/checkpoints/<seq>/`, one file per role and a manifest that names them with their
 * sizes and SHA-256. A role that has not changed is named where an earlier checkpoint put it. A checkpoint exists once
 * its row does: files first, then the manifest, then the row, and for deletion the other way round. Whatever is on the
 * disk without a row is an orphan and is swept.
 */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { mkdir, readdir, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import type { Cursor } from '../../preload/contract/runs.js';
import { LabError } from '../lib/errors.js';
import { readCheckpoints, type CheckpointRow } from './checkpoints.js';
import type { Database } from './database.js';
import { diskFullError, freeBytes, isDiskFull, syncDirectory, writeDurably } from './durable.js';
import { runDirectory } from './runs.js';
import { sha256, sha256OfFile } from '../lib/sha256.js';

export interface FileSource {
  /** Changes exactly when the contents do, for example the unit of work that made them. */
  readonly version: string;
  /** Called with a path to fill. Not called where the previous checkpoint holds the same version. */
  write(path: string): Promise<number | void>;
  /** Lets a disk that is too small be refused before anything is written. */
  readonly expectedBytes?: number;
  /** Defaults to `safetensors`. */
  readonly extension?: string;
}

export interface CheckpointRequest {
  readonly seq: number;
  readonly cursor: Cursor;
  /** Anything JSON: random state, guards, counters. */
  readonly state: unknown;
  readonly files: Readonly<Record<string, FileSource>>;
}

interface StoredFile {
  readonly path: string; // within the run's directory
  readonly version: string;
  readonly bytes: number;
  readonly sha256: string;
}

interface Manifest {
  readonly version: 1;
  readonly seq: number;
  readonly cursor: Cursor;
  readonly files: Readonly<Record<string, StoredFile>>;
  readonly state: unknown;
}

/** Durable on disk, not yet recorded. */
export type PreparedCheckpoint = Omit<CheckpointRow, 'endsIteration' | 'best'>;

export interface LoadedCheckpoint extends CheckpointRow {
  readonly state: unknown;
  /** Role to absolute path. */
  readonly files: Readonly<Record<string, string>>;
  /** Role to the version given when it was written. */
  readonly versions: Readonly<Record<string, string>>;
  /** Newer checkpoints that could not be used, and why. */
  readonly skipped: readonly { readonly seq: number; readonly reason: string }[];
}

export class CheckpointFiles {
  private readonly root: string;

  constructor(
    private readonly db: Database,
    private readonly run: { readonly number: number; readonly id: string },
  ) {
    this.root = runDirectory(db, run.id);
  }

  /** Writes what is new and returns when all of it is on the disk. `recordCheckpoint` of the recorder makes it count. */
  async prepare(request: CheckpointRequest): Promise<PreparedCheckpoint> {
    const folder = posix.join('checkpoints', String(request.seq).padStart(8, '0'));
    const previous = this.newestManifest();
    const reused = new Map<string, StoredFile>();
    for (const [role, source] of Object.entries(request.files)) {
      const old = previous?.files[role];
      if (old?.version === source.version && sizeOf(join(this.root, old.path)) === old.bytes) reused.set(role, old);
    }
    const fresh = Object.entries(request.files).filter(([role]) => !reused.has(role));
    const needed = sum(fresh.map(([role, source]) => source.expectedBytes ?? previous?.files[role]?.bytes ?? 0));
    const free = freeBytes(this.root);
    if (free !== null && needed > free) throw diskFullError(join(this.root, folder), needed);

    const files: Record<string, StoredFile> = Object.fromEntries(reused);
    let path = join(this.root, folder);
    try {
      await mkdir(path, { recursive: true });
      await syncDirectory(dirname(path));
      for (const [role, source] of fresh) {
        const relative = posix.join(folder, `${role}.${source.extension ?? 'safetensors'}`);
        path = join(this.root, relative);
        await writeDurably(path, (partial) => source.write(partial));
        files[role] = { path: relative, version: source.version, ...(await sha256OfFile(path)) };
      }
      const ordered = Object.fromEntries(Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1)));
      const { seq, cursor, state } = request;
      const text = JSON.stringify({ version: 1, seq, cursor, files: ordered, state } satisfies Manifest, null, 1);
      path = join(this.root, folder, 'manifest.json');
      await writeDurably(path, (partial) => writeFile(partial, text));
      const bytes = sum(Object.values(files).map((f) => f.bytes));
      return { seq, cursor, manifest: posix.join(folder, 'manifest.json'), sha256: sha256(text), bytes };
    } catch (error) {
      await rm(join(this.root, folder), { recursive: true, force: true }).catch(() => undefined);
      throw isDiskFull(error) ? diskFullError(path, needed || null, error) : error;
    }
  }

  /** The newest checkpoint whose files are all there and whole; null where the run has none. */
  async latestValid(): Promise<LoadedCheckpoint | null> {
    return this.firstValid(readCheckpoints(this.db, this.run.number));
  }

  /** The newest checkpoint marked best, for a return to it. */
  async bestValid(): Promise<LoadedCheckpoint | null> {
    return this.firstValid(readCheckpoints(this.db, this.run.number).filter((row) => row.best));
  }

  /** The checkpoint of one unit. Throws `not-found` where there is none, `disk` where it is not whole. */
  async validAt(seq: number): Promise<LoadedCheckpoint> {
    const rows = readCheckpoints(this.db, this.run.number);
    const found = await this.firstValid(rows.filter((row) => row.seq === seq));
    if (found) return found;
    throw new LabError('not-found', `Run ${this.run.id} has no checkpoint ${seq}.`, {
      remedy: `It has: ${rows.map((row) => row.seq).join(', ') || 'none yet'}.`,
    });
  }

  /** A file of the newest checkpoint that has one, as it was recorded; whether it is whole is for its reader to check. */
  recorded(
    role: string,
    { best }: { readonly best: boolean },
  ): { readonly path: string; readonly cursor: Cursor; readonly sha256: string; readonly bytes: number } | null {
    for (const row of readCheckpoints(this.db, this.run.number)) {
      const manifest = best && !row.best ? null : this.readManifest(row);
      const file = manifest === null || typeof manifest === 'string' ? undefined : manifest.files[role];
      if (file) return { path: join(this.root, file.path), cursor: row.cursor, sha256: file.sha256, bytes: file.bytes };
    }
    return null;
  }

  /** Every file a checkpoint needs, as paths within the run's directory; null where its manifest is damaged. */
  needs(row: CheckpointRow): string[] | null {
    const manifest = this.readManifest(row);
    if (typeof manifest === 'string') return null;
    return [...Object.values(manifest.files).map((file) => file.path), row.manifest];
  }

  private async firstValid(rows: readonly CheckpointRow[]): Promise<LoadedCheckpoint | null> {
    const skipped: { seq: number; reason: string }[] = [];
    for (const row of rows) {
      const found = await this.verify(row);
      if (typeof found === 'string') skipped.push({ seq: row.seq, reason: found });
      else {
        const entries = Object.entries(found.files);
        return {
          ...row,
          state: found.state,
          files: Object.fromEntries(entries.map(([role, file]) => [role, join(this.root, file.path)])),
          versions: Object.fromEntries(entries.map(([role, file]) => [role, file.version])),
          skipped,
        };
      }
    }
    if (skipped.length === 0) return null;
    throw new LabError(
      'disk',
      `No checkpoint of run ${this.run.id} is whole: ${skipped.map((s) => s.reason).join('; ')}.`,
      {
        remedy: `Put the files back under ${join(this.root, 'checkpoints')}, or start a new run with the same recipe and seed.`,
      },
    );
  }

  /** The manifest, or what is wrong with the checkpoint. */
  private async verify(row: CheckpointRow): Promise<Manifest | string> {
    const manifest = this.readManifest(row);
    if (typeof manifest === 'string') return manifest;
    for (const file of Object.values(manifest.files)) {
      const path = join(this.root, file.path);
      const found = await stat(path).catch(() => null);
      if (!found) return `${path} is missing`;
      if (found.size !== file.bytes) return `${path} has ${found.size} bytes instead of ${file.bytes}`;
      if ((await sha256OfFile(path)).sha256 !== file.sha256) return `${path} is damaged (its SHA-256 differs)`;
    }
    return manifest;
  }

  private readManifest(row: CheckpointRow): Manifest | string {
    const path = join(this.root, row.manifest);
    try {
      const text = readFileSync(path, 'utf8');
      return sha256(text) === row.sha256 ? (JSON.parse(text) as Manifest) : `${path} is damaged (its SHA-256 differs)`;
    } catch (error) {
      return `${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)})`;
    }
  }

  private newestManifest(): Manifest | null {
    const row = readCheckpoints(this.db, this.run.number)[0];
    const manifest = row && this.readManifest(row);
    return manifest && typeof manifest !== 'string' ? manifest : null;
  }

  /** Deletes files no recorded checkpoint names; returns their bytes. Only the holder of the run may call it. */
  async sweep(): Promise<number> {
    let freed = 0;
    for (const { folder, files, left } of await this.orphans(readCheckpoints(this.db, this.run.number))) {
      for (const name of files) {
        freed += sizeOf(join(folder, name)) ?? 0;
        await rm(join(folder, name), { recursive: true, force: true });
      }
      if (left === 0) await rmdir(folder).catch(() => undefined);
    }
    return freed;
  }

  /** Bytes that a sweep would free if only these checkpoints were recorded. */
  async sweepable(rows: readonly CheckpointRow[]): Promise<number> {
    const folders = await this.orphans(rows);
    return sum(folders.flatMap(({ folder, files }) => files.map((name) => sizeOf(join(folder, name)) ?? 0)));
  }

  /** By folder, what none of `rows` names, and how many files would be left. */
  private async orphans(rows: readonly CheckpointRow[]): Promise<{ folder: string; files: string[]; left: number }[]> {
    const wanted = new Set<string>();
    for (const row of rows) {
      wanted.add(row.manifest);
      const manifest = this.readManifest(row);
      if (typeof manifest !== 'string') for (const file of Object.values(manifest.files)) wanted.add(file.path);
    }
    const base = join(this.root, 'checkpoints');
    const found: { folder: string; files: string[]; left: number }[] = [];
    for (const folder of existsSync(base) ? await readdir(base) : []) {
      const names = await readdir(join(base, folder)).catch(() => []);
      const files = names.filter((name) => !wanted.has(posix.join('checkpoints', folder, name)));
      found.push({ folder: join(base, folder), files, left: names.length - files.length });
    }
    return found;
  }
}

function sizeOf(path: string): number | null {
  return statSync(path, { throwIfNoEntry: false })?.size ?? null;
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}
