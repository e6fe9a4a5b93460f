#!/usr/bin/env node
// The start of the command, which every Node since 12 can read: what is newer stands in command.ts.

/** Whether this Node has what Sulcus stands on; `engines` in package.json says the same. */
function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major === 20 ? minor >= 15 : major === 22 ? minor >= 2 : major > 22;
}

if (isNewEnough(process.versions.node)) void import("./command.ts");
else {
  process.stderr.write(
    `sulcus: needs Node 20.15 or newer (22.2 of Node 22), and this is Node ${process.versions.node}; install one from https://nodejs.org, or choose one with your version manager\n`,
  );
  process.exitCode = 1;
}
