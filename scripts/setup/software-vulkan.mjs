/**
 * A graphics card for tests on machines that have none: SwiftShader, which Debian's chromium brings along, computes
 * WebGPU correctly and slowly. Never used by the product, and not where there is a real card.
 */
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';

const SWIFTSHADER = [
  '/usr/lib/chromium/vk_swiftshader_icd.json',
  '/usr/lib64/chromium-browser/vk_swiftshader_icd.json',
];

/** @returns {Record<string, string>} variables for a test process, empty where none are needed or nothing is there */
export function softwareVulkan() {
  const { VK_ICD_FILENAMES: chosen, VK_DRIVER_FILES: drivers, XDG_RUNTIME_DIR: runtime } = process.env;
  const driver = SWIFTSHADER.find((path) => existsSync(path));
  if (chosen || drivers || driver === undefined || existsSync('/dev/dri') || existsSync('/dev/nvidia0')) return {};
  return { VK_ICD_FILENAMES: driver, XDG_RUNTIME_DIR: runtime ?? tmpdir() };
}
