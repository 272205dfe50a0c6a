import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { backendSuite } from './suite/suite.js';

// Chromium brings a software Vulkan: slow, and correct. The Vulkan loader reads the environment when it starts.
const SWIFTSHADER = '/usr/lib/chromium/vk_swiftshader_icd.json';
if (existsSync(SWIFTSHADER)) process.env['VK_ICD_FILENAMES'] ??= SWIFTSHADER;
process.env['XDG_RUNTIME_DIR'] ??= tmpdir();

await backendSuite('webgpu', 'sudo apt-get install chromium libvulkan1');
