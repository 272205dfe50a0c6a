/** Names under which a processor poses as a graphics card. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|software|basic render/i;

export function isSoftwareGpu(adapter: string): boolean {
  return SOFTWARE.test(adapter);
}
