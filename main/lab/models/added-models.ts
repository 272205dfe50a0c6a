/**
 * The models a person has added: folders by path, repositories of the hub by commit, in a list of the data directory. What a
 * page gets is an id; a path it never sends again. Folders are read only and never deleted.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { basename, isAbsolute, join, resolve } from 'node:path';
import { z } from 'zod';
import type { AddedFolder, HubModel } from '../../../preload/contract/model-sources.js';
import { cachedCommit, repositoryFolder } from '../../hub/cache.js';
import { hubReference } from '../../hub/model-name.js';
import { hubSettings } from '../../hub/settings.js';
import { freeable, removeSnapshot, snapshotFolder } from '../../hub/store.js';
import { LabError } from '../../lib/errors.js';
import { writeWhole } from '../settings/write-whole.js';
import { aboutFolder } from './about.js';

const hubSchema = z.object({ repository: z.string(), revision: z.string(), commit: z.string() });
const entrySchema = z.union([z.object({ folder: z.string() }), z.object({ hub: hubSchema })]);
type Entry = z.infer<typeof entrySchema>;
type HubEntry = z.infer<typeof hubSchema>;
export type AddedModel = ({ readonly kind: 'folder' } & AddedFolder) | ({ readonly kind: 'hub' } & HubModel);

export class AddedModels {
  private readonly path: string;

  constructor(dataDir: string) {
    this.path = join(dataDir, 'models.json');
  }

  folders(): AddedFolder[] {
    return this.entries().flatMap((entry) => ('folder' in entry ? [describedFolder(entry.folder)] : []));
  }

  hub(): HubModel[] {
    return this.entries().flatMap((entry) => ('hub' in entry ? [describedHub(entry.hub)] : []));
  }

  list(): AddedModel[] {
    return this.entries().map((entry) =>
      'folder' in entry
        ? { kind: 'folder', ...describedFolder(entry.folder) }
        : { kind: 'hub', ...describedHub(entry.hub) },
    );
  }

  /** An absolute path, tidied; relative to what, a page cannot know. */
  static place(folder: string): string {
    if (isAbsolute(folder)) return resolve(folder);
    throw new LabError('usage', `"${folder}" is not a whole path.`, {
      remedy: 'Give it from the root on: the lab may run elsewhere than this page.',
    });
  }

  addFolder(folder: string): AddedFolder {
    const entries = this.entries();
    if (!entries.some((entry) => 'folder' in entry && entry.folder === folder)) this.write([...entries, { folder }]);
    return describedFolder(folder);
  }

  /** A commit stands on the list once; what its branch was before stays there by its commit. */
  addHub(added: HubEntry): HubModel {
    const others = this.entries()
      .filter((entry) => !('hub' in entry && sameCommit(entry.hub, added)))
      .map((entry): Entry => {
        const moved =
          'hub' in entry && entry.hub.repository === added.repository && entry.hub.revision === added.revision;
        return moved ? { hub: { ...entry.hub, revision: entry.hub.commit } } : entry;
      });
    this.write([...others, { hub: added }]);
    return describedHub(added);
  }

  /** Takes it off the list. @returns bytes freed. @throws LabError('usage') where the files are not this program's to delete */
  remove(id: string, deleteFiles: boolean): number {
    const found = this.find(id);
    if (found.kind === 'folder' && deleteFiles) {
      throw new LabError('usage', `${found.folder} is a folder of yours; its files are not deleted from here.`, {
        remedy: 'Take it off the list without deleting files, and delete the folder yourself.',
      });
    }
    const freed =
      found.kind === 'hub' && deleteFiles
        ? removeSnapshot(hubSettings().cache, { kind: 'model', id: found.repository, commit: found.commit })
        : 0;
    this.write(this.entries().filter((entry) => idOf(entry) !== id));
    return freed;
  }

  find(id: string): AddedModel {
    const found = this.list().find((entry) => entry.id === id);
    if (found) return found;
    throw new LabError('not-found', 'This model is not on the list any more.', { remedy: 'Add it again.' });
  }

  private entries(): Entry[] {
    if (!existsSync(this.path)) return [];
    try {
      return z.array(entrySchema).parse(JSON.parse(readFileSync(this.path, 'utf8')));
    } catch (cause) {
      throw new LabError('disk', `The list of models ${this.path} cannot be read.`, {
        cause,
        remedy: 'Correct it, or delete it and add the models again; their files are not touched.',
      });
    }
  }

  private write(entries: readonly Entry[]): void {
    writeWhole(this.path, 'The list of models', entries);
  }
}

function sameCommit(a: HubEntry, b: HubEntry): boolean {
  return a.repository === b.repository && a.commit === b.commit;
}

function idOf(entry: Entry): string {
  const name = 'folder' in entry ? entry.folder : `${entry.hub.repository}@${entry.hub.commit}`;
  return createHash('sha256').update(name).digest('hex').slice(0, 16);
}

function describedFolder(folder: string): AddedFolder {
  const there = existsSync(join(folder, 'config.json'));
  const about = there ? aboutFolder(folder) : null;
  return { id: idOf({ folder }), name: basename(folder), folder, reference: folder, there, about };
}

function describedHub(hub: HubEntry): HubModel {
  const { repository: id, revision, commit } = hub;
  const { cache } = hubSettings();
  const place = { kind: 'model', id, commit } as const;
  const folder = snapshotFolder(cache, place);
  const there = existsSync(join(folder, 'config.json'));
  const still = cachedCommit(repositoryFolder(cache, place), revision) === commit;
  return {
    ...{ id: idOf({ hub }), ...hub, folder, there },
    reference: hubReference({ id, revision: still ? revision : commit }),
    about: there ? aboutFolder(folder) : null,
    freeable: freeable(cache, place)?.bytes ?? 0,
  };
}
