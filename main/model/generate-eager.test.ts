import { generationSuite } from '../../test/support/generation-suite.js';
import { openCompute } from '../compute/open.js';

// The other form of the cache: steps run eagerly and nothing is written in place.
generationSuite(async () => {
  return openCompute('wasm');
});
