/**
 * The servers of a run cannot be used now: down, refusing, serving other weights. Nothing of the run is broken, so it pauses
 * where it stands and says what it needs.
 */
import { LabError } from '../lib/errors.js';

export class RolloutsUnavailable extends LabError {
  constructor(message: string, remedy: string) {
    super('network', message, { remedy });
  }
}
