import { backendSuite } from './suite/suite.js';

await backendSuite('tensorflow', 'npm start');
