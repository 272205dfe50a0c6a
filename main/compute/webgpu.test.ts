import { backendSuite } from './suite/suite.js';

// Where there is no graphics card, the tests' configuration points Vulkan at Chromium's software driver.
await backendSuite('webgpu', 'sudo apt-get install chromium libvulkan1');
