/** Whether a domain reads its own examples as it says: the one fault that its texts alone cannot show. */
import type { DomainDescription } from '../../../preload/contract/domain-file.js';
import { DOMAIN_FILE } from '../../../preload/contract/domain-file.js';
import { type DomainFault, type DomainFiles, faultAt } from '../../coevolution/domain-files.js';
import { domainOf } from '../../domains/index.js';

export function exampleFaults(description: DomainDescription, files: DomainFiles): DomainFault[] {
  const domain = domainOf(description);
  const { well_formed, malformed } = description.examples;
  const fault = (key: string, message: string): DomainFault =>
    faultAt(files[DOMAIN_FILE] ?? '', ['examples', key], message);
  // A block of text in YAML ends with a line break, which is none of the completion.
  const good = domain.parseQuestion(well_formed.trimEnd(), 'stop');
  const bad = domain.parseQuestion(malformed.trimEnd(), 'stop');
  return [
    ...(good.valid ? [] : [fault('well_formed', `holds no question that this domain reads: ${good.reason}`)]),
    ...(bad.valid ? [fault('malformed', 'holds a question that this domain reads')] : []),
  ];
}
