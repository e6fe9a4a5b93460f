// Read by every Node since 12, which tells its user by it: no newer syntax here, and no imports.

/**
 * What to tell who runs Sulcus on a Node that lacks what it stands on; undefined where it has all.
 *
 * @param version as `process.versions.node` has it; `engines` in package.json allows the same ones
 */
export function versionComplaint(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const enough = major === 20 ? minor >= 15 : major === 22 ? minor >= 2 : major > 22;
  if (enough) return undefined;
  return `needs Node >= 20.15 (of Node 22: >= 22.2; not 21), and this is Node ${version}; install a newer one from https://nodejs.org, or choose one with your version manager (nvm install 22)`;
}
