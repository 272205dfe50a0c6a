/** The lab of a command: the record in the data folder, and engines as forked Node processes. */
import { Lab } from '../lab/lab.js';
import { NodeEngineLauncher } from '../lab/node-engine.js';
import { openRecords } from '../lab/store-records.js';
import { defaultDataDir } from '../lib/paths.js';

export function openLab(dataDir: string = defaultDataDir()): Lab {
  return new Lab({
    dataDir,
    records: openRecords(dataDir),
    launcher: new NodeEngineLauncher(process.env.RZERO_ENGINE),
  });
}
